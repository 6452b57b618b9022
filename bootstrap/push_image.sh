#!/usr/bin/env bash
# Builds the image of the collectors and pushes it to ECR, under the version and the commit.
#
#   push_image.sh ACCOUNT REGION [REPOSITORY]
#
# Needs docker and the AWS command line, and a commit without changes beside it: what runs can be
# traced to what was reviewed. A tag that is there is never overwritten.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf 'push: %s\n' "$@" >&2
  exit 1
}

account=${1:?usage: push_image.sh ACCOUNT REGION [REPOSITORY]}
region=${2:?usage: push_image.sh ACCOUNT REGION [REPOSITORY]}
repository=${3:-antipode}
readonly registry=$account.dkr.ecr.$region.amazonaws.com

[[ $account =~ ^[0-9]{12}$ ]] || fail "$account is no number of an AWS account (12 digits)"
[[ -z $(git status --porcelain) ]] || fail "there are changes that are not committed; commit them first"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
commit=$(git rev-parse HEAD)
readonly tag=$version-${commit:0:12}

if aws ecr describe-images --region "$region" --repository-name "$repository" \
  --image-ids "imageTag=$tag" >/dev/null 2>&1; then
  echo "$registry/$repository:$tag is there already"
  exit 0
fi
docker build --pull --tag "$registry/$repository:$tag" \
  --label "org.opencontainers.image.version=$version" \
  --label "org.opencontainers.image.revision=$commit" .
aws ecr get-login-password --region "$region" |
  docker login --username AWS --password-stdin "$registry"
docker push "$registry/$repository:$tag"
echo "$registry/$repository:$tag"

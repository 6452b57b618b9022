#!/usr/bin/env bash
# Lints what is not Python: shell scripts, the Dockerfile, YAML, the Ansible role; each with its own
# linter, from .venv-lint, which is made from requirements/lint.txt when that has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly venv=$PWD/.venv-lint
readonly lock=requirements/lint.txt
wanted=$(sha256sum <"$lock")
readonly wanted

if [[ ! -f $venv/stamp || $(<"$venv/stamp") != "$wanted" ]]; then
  echo "lint: installing $lock"
  .venv/bin/python -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
  printf '%s\n' "$wanted" >"$venv/stamp"
fi
export PATH=$venv/bin:$PATH

mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
echo "lint: shellcheck (${#scripts[@]} scripts)" && shellcheck "${scripts[@]}"
echo "lint: hadolint" && hadolint Dockerfile
echo "lint: yamllint" && yamllint --strict compose.yaml .pre-commit-config.yaml conf/ansible
echo "lint: ansible-lint" && ansible-lint --config-file .ansible-lint.yaml --offline -q conf/ansible/workers.yml conf/ansible/roles

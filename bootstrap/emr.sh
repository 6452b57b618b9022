#!/usr/bin/env bash
# Bootstrap action of an EMR cluster; runs on each node before anything else.
#
#   emr.sh --python 3.11 --glibc 2.34 [--file S3-ADDRESS SHA256 NAME]... [--folder S3-ADDRESS/]...
#
# It installs nothing: the libraries come with each run (`--archives`). It checks that the node has
# what the package was made for, so that a wrong release ends the cluster with a sentence and not
# each task with a stack trace; and brings files (databases of places, say) from the bucket to
# FOLDER/NAME, each pinned by its SHA-256; and makes folders in the bucket, because Spark does not
# start when the one for its event logs has nothing in it. The second time it finds all and does nothing.
set -euo pipefail
umask 022

folder=${ANTIPODE_FOLDER:-/opt/antipode}
python='' glibc='' files=() folders=()

say() { printf 'antipode: %s\n' "$*"; }

fail() {
  printf 'antipode: %s\n' "$@" >&2
  exit 1
}

usage() { fail "usage: emr.sh --python VERSION --glibc VERSION [--file S3-ADDRESS SHA256 NAME]... [--folder S3-ADDRESS/]..." "$@"; }

read_arguments() {
  while (($#)); do
    case $1 in
      --python) python=${2:?--python needs a version} && shift 2 ;;
      --glibc) glibc=${2:?--glibc needs a version} && shift 2 ;;
      --file)
        (($# >= 4)) || usage "--file needs three words"
        [[ $2 == s3://* ]] || usage "--file $2: not an address of S3"
        [[ $3 =~ ^[0-9a-f]{64}$ ]] || usage "--file $2: $3 is no SHA-256"
        [[ $4 =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || usage "--file $2: $4 is no name of a file"
        files+=("$2" "$3" "$4") && shift 4
        ;;
      --folder)
        [[ ${2-} =~ ^s3://[^/]+/.+/$ ]] || usage "--folder ${2-}: not an address of S3 that ends with /"
        folders+=("$2") && shift 2
        ;;
      *) usage "not known: $1" ;;
    esac
  done
  [[ -n $python && -n $glibc ]] || usage "--python and --glibc are both needed"
}

check_python() {
  local program=python$python
  command -v "$program" >/dev/null ||
    fail "no $program on this node; package for a Python that the release has, or take another release"
  "$program" -c 'import ctypes, ssl, sqlite3, zlib' ||
    fail "$program lacks modules of the standard library"
}

check_glibc() {
  local there
  there=$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)
  [[ $(printf '%s\n%s\n' "$glibc" "$there" | sort -V | head -n 1) == "$glibc" ]] ||
    fail "glibc $there is older than $glibc, for which the wheels of the package are made"
}

# The folder belongs to root on a node, where bootstrap actions run as hadoop with sudo.
as_owner() {
  if [[ -w $(dirname "$folder") || -w $folder ]]; then "$@"; else sudo -n "$@"; fi
}

is_right() {
  local path=$1 digest=$2
  [[ -f $path ]] && printf '%s  %s\n' "$digest" "$path" | sha256sum --check --status
}

bring() {
  local from=$1 digest=$2 name=$3 scratch
  if is_right "$folder/$name" "$digest"; then
    say "$name: is there"
    return
  fi
  scratch=$(mktemp)
  # shellcheck disable=SC2064  # the name as it is now
  trap "rm -f '$scratch'" EXIT
  aws s3 cp --only-show-errors "$from" "$scratch" || fail "$from: could not be fetched"
  is_right "$scratch" "$digest" || fail "$from: its SHA-256 is not $digest; nothing was changed"
  as_owner mkdir -p "$folder"
  as_owner install -m 0644 "$scratch" "$folder/.$name.new"
  as_owner mv "$folder/.$name.new" "$folder/$name" # whole or not at all
  rm -f "$scratch"
  say "$name: brought from $from"
}

# An empty object of the folder's name, which S3A takes for a directory as all tools do.
make_folder() {
  local bucket=${1#s3://} key
  key=${bucket#*/} bucket=${bucket%%/*}
  if aws s3api head-object --bucket "$bucket" --key "$key" >/dev/null 2>&1; then
    say "$1: is there"
    return
  fi
  aws s3api put-object --bucket "$bucket" --key "$key" >/dev/null || fail "$1: could not be made"
  say "$1: made"
}

main() {
  read_arguments "$@"
  check_python
  check_glibc
  local number
  for ((number = 0; number < ${#files[@]}; number += 3)); do
    bring "${files[@]:number:3}"
  done
  local each
  for each in "${folders[@]}"; do
    make_folder "$each"
  done
  say "this node has Python $python and glibc $glibc or newer"
}

main "$@"

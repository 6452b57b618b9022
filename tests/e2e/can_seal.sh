#!/usr/bin/env bash
# Whether this machine lets its user run a cluster that cannot see the checkout, as `make e2e` does:
# everything of sealed.sh but for the processes. If not, what the system said, and exit status 1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch"/{checkout,jars,logs,shown}
touch "$scratch/checkout/hidden"
ln -s "$scratch/jars" "$scratch/shown/jars"
printf 'look ls -A %q\n' "$scratch/checkout" >"$scratch/processes"

if ! said=$(bash "$here/sealed.sh" "$scratch" "$scratch/checkout" "$scratch/disk" 64k 2>&1); then
  printf 'no name spaces for a cluster of its own: %s\n' "${said:-no word of why}"
  exit 1
fi
if [[ -s $scratch/logs/look ]]; then
  printf 'a cluster would see the checkout: an empty file system does not cover it\n'
  exit 1
fi

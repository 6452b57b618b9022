#!/usr/bin/env bash
# Runs the processes of a cluster where the checkout and its virtual environment cannot be seen.
#
#     sealed.sh FOLDER CHECKOUT [DISK SIZE]...
#
# It goes into name spaces of its own. FOLDER/node/NAME becomes what the link FOLDER/shown/NAME leads
# to, also where that is in the checkout; then an empty file system covers the checkout. Each DISK is a
# small file system of its own. Each line of FOLDER/processes is a name and a command. When this ends,
# whatever they started ends with it.
set -euo pipefail

if [[ $1 != --inside ]]; then
  user=()
  # Root does without another user's name space, unless a container took the right from it.
  unshare --mount true 2>/dev/null || user=(--user --map-root-user)
  exec unshare "${user[@]}" --mount --uts --pid --fork --kill-child --mount-proc bash "$0" --inside "$@"
fi
readonly folder=$2 checkout=$3
shift 3

hostname localhost # all that a cluster opens ports for is this machine's loopback
for link in "$folder"/shown/*; do
  mkdir -p "$folder/node/${link##*/}"
  mount --bind "$(readlink -f "$link")" "$folder/node/${link##*/}"
done
while (($#)); do
  mkdir -p "$1"
  mount -t tmpfs -o "size=$2" tmpfs "$1"
  shift 2
done
cd "$folder"
mount -t tmpfs -o size=64k,mode=555 tmpfs "$checkout"

while read -r name command; do
  bash -c "exec $command" >"$folder/logs/$name" 2>&1 </dev/null &
done <"$folder/processes"
wait

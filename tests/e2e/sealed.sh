#!/usr/bin/env bash
# Runs the processes of a cluster where the checkout and its virtual environment cannot be seen.
#
#     sealed.sh FOLDER CHECKOUT [DISK SIZE]...
#
# To be started by `unshare` in name spaces of its own. FOLDER/node/NAME becomes what the link
# FOLDER/shown/NAME leads to, also where that is in the checkout; then an empty file system covers the
# checkout. Each DISK is a small file system of its own. Each line of FOLDER/processes is a name and a
# command. When this ends, whatever they started ends with it.
set -euo pipefail
readonly folder=$1 checkout=$2
shift 2

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

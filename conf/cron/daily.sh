#!/usr/bin/env bash
# What cron runs each day: detection for yesterday and for each date that was missed, then upkeep.
#
#   ANTIPODE_LAKE=s3://bucket/lake daily.sh [more options of `antipode backfill`, such as --serverless]
#
# A run that still goes on is left alone. Dates that were done are skipped, so a machine that was
# off for some days catches up by itself, as far back as ANTIPODE_CATCH_UP days (7).
set -euo pipefail

lake=${ANTIPODE_LAKE:?say where the lake is: ANTIPODE_LAKE=s3://bucket/lake}
readonly lock=${ANTIPODE_LOCK:-/run/lock/antipode-daily.lock}
readonly catch_up=${ANTIPODE_CATCH_UP:-7}
readonly antipode=${ANTIPODE_PROGRAM:-antipode}
[[ $catch_up =~ ^[1-9][0-9]*$ ]] || {
  echo "antipode: ANTIPODE_CATCH_UP=$catch_up is no number of days" >&2
  exit 2
}

# The lock goes with the process, however it ends.
exec 9>"$lock"
if ! flock --nonblock 9; then
  echo "antipode: the run before still goes on; leaving it alone"
  exit 0
fi

first=$(date -u -d "$catch_up days ago" +%F)
last=$(date -u -d yesterday +%F)
# Upkeep does not wait for a date that cannot be done; whatever failed is the result.
status=0
"$antipode" backfill detect --lake "$lake" --from "$first" --to "$last" "$@" 9>&- || status=$?
"$antipode" maintain --lake "$lake" 9>&- || status=$?
exit "$status"

#!/usr/bin/env bash
# Makes .venv-spark35: the libraries of .venv, but Spark 3.5, that of EMR 7. For `make test-spark35`.
#
# It holds Spark alone, and looks for everything else in .venv, so that the tests differ in nothing but
# Spark. The stamp names what it was made from; a second run finds it and installs nothing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root
readonly python=$root/.venv/bin/python
readonly venv=$root/.venv-spark35
readonly stamp=$venv/antipode-setup
readonly lock=$root/requirements/spark35.txt

wanted=$({
  printf '%s\n' "$root"
  "$python" -VV
  cat "$lock" "${BASH_SOURCE[0]}"
} | sha256sum | cut -d ' ' -f 1)
[[ ! -f $stamp || $(<"$stamp") != "$wanted" ]] || exit 0

echo "spark35: making $venv"
rm -rf "$venv"
"$python" -m venv --without-pip "$venv"
own=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
shared=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
"$python" -m pip --python "$venv/bin/python" --disable-pip-version-check --no-input \
  install --quiet --require-hashes --requirement "$lock"
# After its own, so that its own Spark is found first.
printf 'import site; site.addsitedir(%s)\n' "'$shared'" >"$own/of-the-other-environment.pth"
printf '%s\n' "$wanted" >"$stamp.new"
mv "$stamp.new" "$stamp"

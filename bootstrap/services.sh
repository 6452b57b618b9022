#!/usr/bin/env bash
# Installs the servers that `make test-services` runs against, into .services/ (no root needed).
#
# S3: versitygw, built from source through the Go module proxy. It keeps objects as files, and its
# conditional writes hold: of eight racing writers exactly one wins.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v1.8.0
bin=$PWD/.services/bin

if [[ -x $bin/versitygw && $(cat "$bin/versitygw.version" 2>/dev/null) == "$version" ]]; then
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "The S3 server for tests is built with Go, which is not here." >&2
  echo "Install Go 1.21 or newer (package golang-go, or from go.dev) and run this again." >&2
  exit 1
fi
echo "Building the S3 server versitygw $version; this takes some minutes, once."
mkdir -p "$bin"
GOBIN=$bin go install "github.com/versity/versitygw/cmd/versitygw@$version"
echo "$version" > "$bin/versitygw.version"

#!/usr/bin/env bash
# Sets up a checkout: Python, Java, the virtual environment and what it holds; with `--broker` also
# RabbitMQ, with `--cluster` Maven, which only tests need.
#
# From a Debian or Ubuntu with git, make and Python 3.11 to 3.13. The second time it finds the stamp
# that the first one left, and installs nothing. The stamp names everything the environment was
# made from; when any of that changes, it is brought up to date.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root
readonly venv=$root/.venv
readonly stamp=$venv/antipode-setup
readonly lock=$root/requirements/dev.txt
readonly oldest_java=17
# Tests start a node of their own with it; on other systems say where it is.
readonly rabbitmq=${ANTIPODE_TEST_RABBITMQ:-/usr/lib/rabbitmq/bin/rabbitmq-server}
broker=no cluster=no
[[ " $* " == *" --broker "* ]] && broker=yes
[[ " $* " == *" --cluster "* ]] && cluster=yes
readonly broker cluster
readonly suitable_python='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

say() { printf 'setup: %s\n' "$*"; }

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# What the environment depends on, as one line. The path is part of it: an editable install names it.
key() {
  {
    printf '%s\n' "$root"
    cat "$lock" "$root/pyproject.toml" "${BASH_SOURCE[0]}"
  } | sha256sum | cut -d ' ' -f 1
}

find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c "$suitable_python" 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "no Python 3.11, 3.12 or 3.13 found (looked for python3, python3.13, python3.12, python3.11)" \
    "install one, such as: apt-get install python3.11 python3.11-venv"
}

java_program() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    printf '%s\n' "$JAVA_HOME/bin/java"
  else
    command -v java || true
  fi
}

# Java names itself `openjdk version "17.0.15"`, and before 9 `java version "1.8.0"`.
has_java() {
  local program version
  program=$(java_program)
  [[ -n $program && -x $program ]] || return 1
  version=$("$program" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [[ -n $version ]] && ((version >= oldest_java))
}

# Debian ships venv without ensurepip until the package of that very Python is there.
venv_package() {
  local python=$1 version
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if [[ $(command -v python3 || true) == "$python" ]]; then
    printf 'python3-venv\n'
  else
    printf 'python%s-venv\n' "$version"
  fi
}

has_rabbitmq() { [[ $broker == no || -x $rabbitmq ]]; }

has_maven() { [[ $cluster == no ]] || command -v mvn >/dev/null; }

# Spark is tested with 17 and 21; `default-jre-headless` is older than 17 on some releases.
java_package() {
  local package
  for package in openjdk-17-jre-headless openjdk-21-jre-headless; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      printf '%s\n' "$package"
      return
    fi
  done
  printf 'default-jre-headless\n'
}

# The command that runs apt, one word a line; nothing where it is not allowed.
apt_command() {
  command -v apt-get >/dev/null || return 0
  if [[ $(id -u) == 0 ]]; then
    printf 'env\nDEBIAN_FRONTEND=noninteractive\napt-get\n'
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    printf 'sudo\n-n\nenv\nDEBIAN_FRONTEND=noninteractive\napt-get\n'
  fi
}

# Debian starts the broker that it installs, on well-known ports and at each boot; nobody asked for it.
keep_broker_quiet() {
  local as_root=("$@")
  if [[ -d /run/systemd/system ]]; then
    "${as_root[@]}" systemctl disable --now rabbitmq-server >/dev/null 2>&1 || true
  else
    "${as_root[@]}" invoke-rc.d rabbitmq-server stop >/dev/null 2>&1 || true
    "${as_root[@]}" update-rc.d rabbitmq-server disable >/dev/null 2>&1 || true
  fi
}

install_packages() {
  local python=$1 packages=() apt=()
  "$python" -c 'import ensurepip, venv' 2>/dev/null || packages+=("$(venv_package "$python")")
  has_java || packages+=(java)
  has_rabbitmq || packages+=(rabbitmq-server)
  has_maven || packages+=(maven)
  ((${#packages[@]})) || return 0

  mapfile -t apt < <(apt_command)
  if ! ((${#apt[@]})); then
    fail "missing: ${packages[*]/#java/Java $oldest_java or newer (openjdk-17-jre-headless or default-jre-headless)}" \
      "it may not be installed from here (neither root nor sudo without a password, or no apt-get)" \
      "have it installed: sudo apt-get update && sudo apt-get install ${packages[*]/#java/openjdk-17-jre-headless}" \
      "then run this again"
  fi
  say "apt-get update"
  "${apt[@]}" update -qq </dev/null
  packages=("${packages[@]/#java/$(java_package)}")
  say "apt-get install ${packages[*]}"
  "${apt[@]}" install -qq -y --no-install-recommends "${packages[@]}" </dev/null
  if [[ " ${packages[*]} " == *" rabbitmq-server "* ]]; then
    keep_broker_quiet "${apt[@]:0:${#apt[@]}-1}"
  fi
}

check_packages() {
  local python=$1
  "$python" -c 'import ensurepip, venv' ||
    fail "$python has no venv or no ensurepip: install $(venv_package "$python")"
  has_java || fail "no Java $oldest_java or newer: install openjdk-17-jre-headless, or set JAVA_HOME to one" \
    "found: $(java_program)"
  has_rabbitmq || fail "no RabbitMQ at $rabbitmq: install rabbitmq-server," \
    "or set ANTIPODE_TEST_RABBITMQ to its program of that name"
  has_maven || fail "no mvn, which brings the cluster of the tests: install maven"
}

make_environment() {
  local python=$1 quiet=()
  [[ -t 1 ]] || quiet=(--quiet)
  if ! { [[ -x $venv/bin/python ]] && "$venv/bin/python" -c "$suitable_python" 2>/dev/null; }; then
    say "making $venv with $python"
    "$python" -m venv --clear "$venv"
  fi
  local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input)
  say "installing requirements/dev.txt (some minutes the first time)"
  "${pip[@]}" install "${quiet[@]}" --require-hashes --requirement "$lock"
  say "installing antipode itself"
  "${pip[@]}" install "${quiet[@]}" --no-deps --no-build-isolation --editable "$root"
}

# Spark starts in half the time with it, and starts without it as well.
archive_classes() {
  local python=$venv/bin/python archive
  say "archiving Spark's classes for Java (half a minute)"
  archive=$(cd "$root" && "$python" -m jobs.class_archive)
  mkdir -p "$(dirname "$archive")" && rm -f "$archive.new"
  # Java writes it after Python has ended, and has closed the pipe when it is there.
  (cd "$root" && ANTIPODE_MAKE_CLASS_ARCHIVE=$archive.new "$python" -m jobs.class_archive 2>&1) |
    cat >/dev/null
  if [[ -f $archive.new ]]; then
    mv "$archive.new" "$archive"
  else
    say "Java made no archive of Spark's classes; Spark will start more slowly"
  fi
}

main() {
  local wanted python
  wanted=$(key)
  if [[ -x $venv/bin/python && -f $stamp && $(<"$stamp") == "$wanted" && -x $(java_program) ]] &&
    has_rabbitmq && has_maven; then
    return 0
  fi
  python=$(find_python)
  install_packages "$python"
  check_packages "$python"
  rm -f "$stamp"
  make_environment "$python"
  archive_classes
  # Last, and by rename: whoever is killed before this starts again.
  printf '%s\n' "$wanted" >"$stamp.new"
  mv "$stamp.new" "$stamp"
  say "done"
}

main "$@"

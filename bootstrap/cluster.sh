#!/usr/bin/env bash
# Installs what `make e2e` runs on, into .services/ (no root needed): YARN and HDFS of the Hadoop that
# the locked pyspark brings, its file system for S3, and the wheels for the cluster's environment.
#
# Some 700 MB of jars through Maven and 180 MB of wheels through pip, once. The stamps name what was
# installed; with the same lock and versions a second run finds them and does nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly services=$PWD/.services
readonly python=$PWD/.venv/bin/python
readonly pom=bootstrap/cluster/pom.xml

fail() {
  printf 'cluster: %s\n' "$@" >&2
  exit 1
}

hadoop_version() { sed -n 's:.*<hadoop\.version>\(.*\)</hadoop\.version>.*:\1:p' "$pom"; }

check_hadoop() {
  local version=$1 jars
  jars=$("$python" -c 'import pyspark; print(pyspark.__path__[0])')/jars
  compgen -G "$jars/hadoop-client-api-$version.jar" >/dev/null ||
    fail "$pom says Hadoop $version, but pyspark brings $(cd "$jars" && echo hadoop-client-api-*.jar)" \
      "change hadoop.version, and the versions beside it that Hadoop's own POM names"
}

# Each set of jars in a folder of its own, put in place by rename: whole or not at all.
install_jars() {
  local version=$1 name=$2 folder=$services/hadoop-$1/$2 log
  [[ ! -d $folder ]] || return 0
  command -v mvn >/dev/null ||
    fail "Hadoop comes through Maven, which is not here: install it (package maven) and run this again"
  echo "cluster: Hadoop $version, $name, through Maven; this takes some minutes, once"
  rm -rf "$folder.new"
  log=$(mvn --quiet --batch-mode --strict-checksums --file "$pom" --activate-profiles "$name" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$folder.new" </dev/null 2>&1) || fail "Maven failed:" "$log"
  mv "$folder.new" "$folder"
}

# As `antipode package` fetches them: for the cluster's C library, every hash checked.
fetch_wheels() {
  local folder=$services/cluster-wheels wanted
  wanted=$(cat requirements/run.txt conf/emr/releases.toml bootstrap/cluster_wheels.py | sha256sum)
  [[ $(cat "$folder/stamp" 2>/dev/null) == "$wanted" ]] && return 0
  echo "cluster: wheels of requirements/run.txt for the cluster's environment"
  rm -rf "$folder"
  mkdir -p "$folder"
  "$python" bootstrap/cluster_wheels.py "$folder"
  printf '%s\n' "$wanted" >"$folder/stamp"
}

version=$(hadoop_version)
check_hadoop "$version"
install_jars "$version" cluster
install_jars "$version" s3a
fetch_wheels

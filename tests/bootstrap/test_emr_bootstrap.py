"""The bootstrap action of EMR's nodes: what it checks, what it brings, the second time nothing."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "bootstrap" / "emr.sh"
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
CONTENT = b"places"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FROM = "s3://bucket/geo/city.mmdb"
FILE = ("--file", FROM, DIGEST, "city.mmdb")


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A node's programs: Python, the AWS command line with one object, an old C library's name."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (tmp_path / "object").write_bytes(CONTENT)
    aws = f"""
    if [ "$1" = s3api ]; then
      [ "$2 $3 $4 $5" = "$2 --bucket bucket --key" ] || exit 1
      case $2 in
        head-object) [ -e {tmp_path}/bucket/"$6"empty ] ;;
        put-object) mkdir -p {tmp_path}/bucket/"$6" && echo "$6" >> {tmp_path}/bucket/"$6"empty ;;
      esac
      exit
    fi
    [ "$4" = {FROM} ] || exit 1
    echo fetched >> {tmp_path}/log
    cp {tmp_path}/object "$5"
    """
    for name, text in {"aws": aws, f"python{THIS}": f'exec {sys.executable} "$@"'}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    return tmp_path


def bootstrap(node: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    path = f"{node / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        [SCRIPT, *arguments],
        env={"PATH": path, "ANTIPODE_FOLDER": str(node / "antipode"), "TMPDIR": str(node)},
        capture_output=True,
        text=True,
    )


def fetched(node: Path) -> int:
    log = node / "log"
    return len(log.read_text().splitlines()) if log.exists() else 0


FITS = ("--python", THIS, "--glibc", "2.17")


def test_a_node_that_fits_is_left_as_it_is(node: Path) -> None:
    done = bootstrap(node, *FITS)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (node / "antipode").exists()


def test_files_are_brought_once(node: Path) -> None:
    assert bootstrap(node, *FITS, *FILE).returncode == 0
    assert (node / "antipode" / "city.mmdb").read_bytes() == CONTENT
    again = bootstrap(node, *FITS, *FILE)
    assert "city.mmdb: is there" in again.stdout
    assert fetched(node) == 1
    assert [path.name for path in (node / "antipode").iterdir()] == ["city.mmdb"]


def test_folders_of_the_bucket_are_made_once(node: Path) -> None:
    folder = ("--folder", "s3://bucket/logs/spark-events/")
    assert f"{folder[1]}: made" in bootstrap(node, *FITS, *folder).stdout
    assert f"{folder[1]}: is there" in bootstrap(node, *FITS, *folder).stdout
    assert (node / "bucket/logs/spark-events/empty").read_text() == "logs/spark-events/\n"


def test_a_file_that_was_changed_is_brought_again(node: Path) -> None:
    bootstrap(node, *FITS, *FILE)
    (node / "antipode" / "city.mmdb").write_bytes(b"half")
    assert bootstrap(node, *FITS, *FILE).returncode == 0
    assert (node / "antipode" / "city.mmdb").read_bytes() == CONTENT


def test_a_file_of_another_content_than_pinned_changes_nothing(node: Path) -> None:
    (node / "object").write_bytes(b"something else")
    done = bootstrap(node, *FITS, *FILE)
    assert done.returncode == 1
    assert f"{FROM}: its SHA-256 is not {DIGEST}" in done.stderr
    assert not (node / "antipode").exists()
    assert sorted(path.name for path in node.iterdir()) == ["bin", "log", "object"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--python", "3.99", "--glibc", "2.17"), "no python3.99 on this node"),
        (("--python", THIS, "--glibc", "9.9"), "is older than 9.9"),
        (("--python", THIS), "--python and --glibc are both needed"),
        ((*FITS, "--file", FROM, "abc", "city.mmdb"), "abc is no SHA-256"),
        ((*FITS, "--file", "http://host/city", DIGEST, "city.mmdb"), "not an address of S3"),
        ((*FITS, "--file", FROM, DIGEST, "../city.mmdb"), "no name of a file"),
        ((*FITS, "--file", "s3://bucket/none", DIGEST, "none"), "could not be fetched"),
        ((*FITS, "--folder", "s3://bucket/logs"), "not an address of S3 that ends with /"),
        ((*FITS, "--folder", "s3://other/logs/"), "could not be made"),
        ((*FITS, "--install"), "not known: --install"),
    ],
)
def test_what_does_not_fit_ends_with_a_sentence(
    node: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = bootstrap(node, *arguments)
    assert done.returncode == 1
    assert says in done.stderr

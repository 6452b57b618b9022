"""The archive of Spark's classes: used where it is there and fits, never missed where it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conf.errors import MissingDependency
from jobs import class_archive

START = """
from jobs.runner import session
with session() as spark:
    print("counted", spark.range(7).count())
"""
JAVA = Path("bin") / "java"


def counted(prefix: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Start Spark in a process of its own, in the environment `prefix` where one is given."""
    code = START if prefix is None else f"import sys\nsys.prefix = {str(prefix)!r}\n{START}"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False
    )


def archive_in(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "prefix", str(prefix))
    found = class_archive.path()
    assert found is not None
    found.parent.mkdir(parents=True)
    return found


def test_spark_is_told_of_the_archive_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archive_in(tmp_path, monkeypatch)
    assert class_archive.java_options() == ""
    archive.write_bytes(b"")
    assert f"-XX:SharedArchiveFile={archive} " in class_archive.java_options()


def test_another_java_has_another_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = class_archive.path()
    (tmp_path / "bin").mkdir()
    (tmp_path / JAVA).write_text("#!/bin/sh\n")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    after = class_archive.path()
    assert before is not None
    assert after is not None
    assert after.name != before.name
    os.utime(tmp_path / JAVA, (1, 1))
    assert class_archive.path() not in (before, after)


def test_without_java_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert class_archive.path() is None
    assert class_archive.java_options() == ""
    with pytest.raises(MissingDependency, match="Java was not found"):
        class_archive.main()


def test_spark_starts_with_an_archive_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_in(tmp_path, monkeypatch).write_bytes(b"no archive at all" * 1000)
    ran = counted(tmp_path)
    assert ran.stdout.endswith("counted 7\n"), ran.stderr


def test_the_set_up_has_made_one_that_java_uses() -> None:
    found = class_archive.path()
    assert found is not None
    assert found.exists(), "make setup makes it"
    shared = subprocess.run(
        ["java", f"-XX:SharedArchiveFile={found}", "-Xshare:auto", "-version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sharing" in shared.stderr
    assert counted().stdout.endswith("counted 7\n")

"""Collectors run on gevent: what they use of the lake must not start another library's threads."""

import subprocess
import sys
from pathlib import Path

import pytest

THREADED = ("pyarrow", "duckdb", "deltalake", "pyspark", "numpy")


@pytest.mark.parametrize(
    "module",
    ["lake.objects", "lake.folder", "lake.s3", "lake.raw", "lake.message", "lake.kms_keys"],
)
def test_objects_and_raw_objects_are_had_without_the_tables(module: str) -> None:
    loaded = "import sys; print(*(name for name in sys.modules if '.' not in name))"
    script = f"import {module}; {loaded}"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(THREADED) & set(run.stdout.split())


def test_what_encrypts_is_loaded_only_when_something_is_encrypted(tmp_path: Path) -> None:
    script = """
import sys
from datetime import UTC, datetime
from conf.settings import Settings
from lake.encryption import Encryption
from lake.objects import open_objects
from lake.raw import Raw, compress
from lake.streams import Stream
objects = open_objects(sys.argv[1], Settings())
stream = Stream("acme", "okta", "log")
raw = Raw(objects, Encryption(objects, Settings()))
raw.append(stream, compress(b"x"), "json", datetime.now(UTC))
print(*sys.modules)
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {"boto3", "aws_encryption_sdk"} & set(run.stdout.split())

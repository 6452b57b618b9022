"""Collectors run on gevent: what they use of the lake must not start another library's threads."""

import subprocess
import sys

import pytest

THREADED = ("pyarrow", "duckdb", "deltalake", "pyspark", "numpy")


@pytest.mark.parametrize("module", ["lake.objects", "lake.folder", "lake.s3", "lake.raw"])
def test_objects_and_raw_objects_are_had_without_the_tables(module: str) -> None:
    loaded = "import sys; print(*(name for name in sys.modules if '.' not in name))"
    script = f"import {module}; {loaded}"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(THREADED) & set(run.stdout.split())

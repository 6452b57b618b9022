"""One runner: what `spark-submit` and the cluster say wins, what results depend on does not."""

import json
import subprocess
import sys
from pathlib import Path

import pyspark
import pytest

from conf.errors import MissingDependency
from conf.settings import Settings
from jobs import s3a

ROOT = Path(__file__).parents[2]
SUBMIT = Path(pyspark.__file__).parent / "bin" / "spark-submit"
ASKED = (
    *("spark.master", "spark.sql.session.timeZone", "spark.sql.adaptive.enabled"),
    *("spark.serializer", "spark.driver.memory", "spark.hadoop.fs.s3a.endpoint"),
)
PROGRAM = f"""
import json
from conf.settings import Settings
from jobs import runner, s3a
options = s3a.options("s3://bucket/lake", Settings(s3_endpoint_url="http://127.0.0.1:9"))
with runner.session(options=options) as spark:
    conf = spark.sparkContext.getConf()
    print("SETTINGS", json.dumps({{key: conf.get(key) for key in {ASKED!r}}}))
"""


@pytest.mark.xdist_group("spark")
def test_under_spark_submit_what_was_submitted_wins_but_for_the_time_zone(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    conf = {
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.driver.memory": "700m",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    given = [part for key, value in conf.items() for part in ("--conf", f"{key}={value}")]
    done = subprocess.run(
        [SUBMIT, "--master", "local[1]", *given, program],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SETTINGS ")]
    assert json.loads(line.removeprefix("SETTINGS ")) == {
        "spark.master": "local[1]",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.adaptive.enabled": "false",
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.driver.memory": "700m",
        "spark.hadoop.fs.s3a.endpoint": "http://127.0.0.1:9",
    }


class TestWayToS3:
    def test_a_lake_in_a_folder_needs_none(self) -> None:
        assert s3a.options("/lake", Settings(s3_endpoint_url="http://127.0.0.1:9")) == {}

    def test_amazons_own_needs_the_name_of_the_file_system_and_the_region(self) -> None:
        found = s3a.options("s3://bucket/lake", Settings(s3_region="eu-central-1"))
        assert found["spark.hadoop.fs.s3.impl"] == s3a.FILE_SYSTEM
        assert found["spark.hadoop.fs.s3a.endpoint.region"] == "eu-central-1"
        assert "spark.hadoop.fs.s3a.endpoint" not in found

    @pytest.mark.parametrize(("scheme", "encrypted"), [("http", "false"), ("https", "true")])
    def test_another_server_is_addressed_by_paths(self, scheme: str, encrypted: str) -> None:
        found = s3a.options("s3://bucket/lake", Settings(s3_endpoint_url=f"{scheme}://host:9"))
        assert found["spark.hadoop.fs.s3a.endpoint"] == f"{scheme}://host:9"
        assert found["spark.hadoop.fs.s3a.path.style.access"] == "true"
        assert found["spark.hadoop.fs.s3a.connection.ssl.enabled"] == encrypted

    def test_no_credential_is_among_the_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
        found = s3a.options("s3://bucket/lake", Settings(s3_endpoint_url="http://host:9"))
        assert "very-secret" not in str(found)
        assert not [key for key in found if "key" in key or "secret" in key]

    @pytest.mark.usefixtures("spark")
    def test_a_spark_that_cannot_read_s3_is_told_so_with_the_remedy(self, spark: object) -> None:
        with pytest.raises(MissingDependency, match="hadoop-aws:3"):
            s3a.require(spark, "s3://bucket/lake")
        s3a.require(spark, "/lake")


@pytest.mark.xdist_group("spark")
def test_on_this_machine_workers_run_the_python_that_started_them(tmp_path: Path) -> None:
    other = tmp_path / "python3"
    other.write_text("#!/bin/sh\necho another Python; exit 1\n")
    other.chmod(0o755)
    program = """
from jobs import runner
with runner.session() as spark:
    print("EVEN", spark.sparkContext.range(10).filter(lambda number: number % 2 == 0).count())
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "EVEN 5" in ran.stdout, ran.stderr

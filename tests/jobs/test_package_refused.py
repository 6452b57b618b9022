"""What does not fit an EMR release is refused by name, before anything is made of it."""

from pathlib import Path

import made_wheels
import pytest
from made_packages import build, furnish

from conf.errors import AntipodeError, UsageError
from jobs.cluster import lock
from jobs.cluster.release import check_spark, known, target
from jobs.cluster.wheels import Origin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("house"))


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        ("label", "python", "says"),
        [
            ("emr-7.13.0", "3.9", "emr-7.13.0 has 3.9, 3.11"),
            ("emr-7.13.0", "3.12", "choose 3.11"),
            ("emr-spark-8.0.0", "3.10", "choose 3.11 or 3.12 or 3.13"),
            ("emr-6.5.0", None, "none of emr-spark-8.0.0, emr-7.13.0"),
        ],
    )
    def test_a_python_or_release_is_refused_by_name(
        self, label: str, python: str | None, says: str
    ) -> None:
        with pytest.raises(UsageError, match=says):
            target(label, python, "x86_64")

    def test_the_last_numbers_of_a_release_may_be_left_out(self) -> None:
        assert target("emr-7.13", None, "aarch64").release.spark == "3.5.6"

    def test_a_lock_for_another_spark_is_refused_before_anything_is_fetched(
        self, house: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(UsageError, match=r"pyspark 4.0.5 .*emr-7.13.0 runs Spark 3.5.6"):
            build(house, tmp_path, wanted=target("emr-7.13.0", None, "x86_64"))
        assert list(tmp_path.iterdir()) == []

    def test_a_wheel_for_a_newer_c_library_is_refused(self, house: Path, tmp_path: Path) -> None:
        with pytest.raises(AntipodeError, match=r"glibc 2.34.*native==3.0"):
            build(house, tmp_path, "too-new.txt")

    def test_a_wheel_of_another_hash_is_refused(self, house: Path, tmp_path: Path) -> None:
        (house / "other-hash.txt").write_text(
            f"plain==1.0 --hash=sha256:{'5' * 64}\n{made_wheels.SPARK_4}"
        )
        with pytest.raises(AntipodeError, match="DO NOT MATCH"):
            build(house, tmp_path, "other-hash.txt")

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("plain==1.0\n", "plain is not locked to one version with hashes"),
            ("plain>=1.0 --hash=sha256:00\n", "plain is not locked"),
            ("not a requirement\n", "is no requirement"),
            (f"plain==1.0 --hash=sha256:{'0' * 64}\n", "locks no pyspark"),
        ],
    )
    def test_a_file_that_is_no_lock_is_refused(self, tmp_path: Path, text: str, says: str) -> None:
        (tmp_path / "lock.txt").write_text(text)
        with pytest.raises(UsageError, match=says):
            build(tmp_path, tmp_path / "out")

    def test_two_origins_are_refused(self) -> None:
        with pytest.raises(UsageError, match="give one of them"):
            Origin("https://index", "wheels")


def test_the_locks_of_a_checkout_fit_the_releases() -> None:
    locks = {"emr-spark-8.0.0": "run.txt", "emr-7.13.0": "run-spark35.txt"}
    assert set(locks) == set(known())
    for label, name in locks.items():
        wanted = target(label, None, "x86_64")
        pinned = lock.read(ROOT / "requirements" / name, wanted)
        check_spark(wanted.release, lock.spark_version(ROOT / name, pinned))
        carried = {each.name for each in lock.to_carry(pinned)}
        assert {"duckdb", "pyarrow", "deltalake", "numpy"} <= carried
        assert not {"pyspark", "py4j", "colorama"} & carried

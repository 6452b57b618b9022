"""A package is the same from a folder of wheels, from one on S3, and from a private index."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import wheel_index
from made_packages import SPARK_4, build, furnish
from moto import mock_aws

from antipode import cli
from conf.errors import AntipodeError
from conf.settings import Settings
from jobs.cluster import lock, package
from jobs.cluster.wheels import Origin, fetch

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("house"))


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3 with a bucket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("ANTIPODE_S3_REGION", REGION)
    with mock_aws():
        client: Any = boto3.client("s3", REGION)
        client.create_bucket(
            Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield client


def pack(house: Path, capsys: pytest.CaptureFixture[str], *origin: str) -> dict[str, Any]:
    """Run `antipode package`; return what it says."""
    given = ["--requirements", str(house / "lock.txt"), "--python", "3.11", "--json"]
    assert cli.run(["package", *given, *origin]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def put_wheels(house: Path, s3: Any) -> None:
    for path in house.glob("*.whl"):
        s3.upload_file(str(path), "bucket", f"wheels/2026/{path.name}")
    s3.put_object(Bucket="bucket", Key="wheels/README.txt", Body=b"no wheel")


def test_from_a_wheelhouse_on_s3_it_is_the_same_as_from_a_folder(
    house: Path, s3: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_wheels(house, s3)
    found = pack(house, capsys, "--wheelhouse", "s3://bucket/wheels", "--to", str(tmp_path / "a"))
    wanted = build(house, tmp_path / "b")
    for name in (package.CODE, package.ENVIRONMENT, package.CONTENT):
        assert (Path(found["place"]) / name).read_bytes() == (
            Path(wanted.place) / name
        ).read_bytes()


def test_onto_s3_it_is_put_whole_with_its_list_last(
    house: Path, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--wheelhouse", str(house), "--to", "s3://bucket/packages"]
    found = pack(house, capsys, *where)
    name = found["place"].removeprefix("s3://bucket/")
    listed = s3.list_objects_v2(Bucket="bucket", Prefix=name)["Contents"]
    assert {each["Key"].rsplit("/", 1)[1]: each["Size"] for each in listed} == {
        package.CONTENT: s3.head_object(Bucket="bucket", Key=f"{name}/{package.CONTENT}")[
            "ContentLength"
        ],
        **{file: about["bytes"] for file, about in found["files"].items()},
    }
    assert pack(house, capsys, *where)["new"] is False


def test_a_wheel_that_the_wheelhouse_on_s3_lacks_is_named(
    house: Path, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_wheels(house, s3)
    (native,) = house.glob("native-2.0*.whl")
    s3.delete_object(Bucket="bucket", Key=f"wheels/2026/{native.name}")
    given = ["--requirements", str(house / "lock.txt"), "--wheelhouse", "s3://bucket/wheels"]
    assert cli.run(["package", *given, "--to", "s3://bucket/packages"]) == 1
    assert "native==2.0" in capsys.readouterr().err
    assert "Contents" not in s3.list_objects_v2(Bucket="bucket", Prefix="packages/")


class TestPrivateIndex:
    @pytest.fixture(autouse=True)
    def only_this_index(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
        for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)

    def test_it_is_the_same_as_from_a_folder(
        self, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked: list[str] = []
        with wheel_index.serving(house, asked) as address:
            found = pack(house, capsys, "--index-url", address, "--to", str(tmp_path / "a"))
        wanted = build(house, tmp_path / "b")
        assert Path(found["place"]).name == Path(wanted.place).name
        assert {"/simple/plain/", "/simple/native/"} <= set(asked)
        assert not [path for path in asked if "spark" in path]  # the cluster's own

    def test_an_index_from_the_environment_is_asked_too(
        self,
        house: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        asked: list[str] = []
        with wheel_index.serving(house, asked) as address:
            monkeypatch.setenv("PIP_INDEX_URL", address)
            pack(house, capsys, "--to", str(tmp_path))
        assert "/simple/plain/" in asked

    def test_a_wheel_that_is_not_the_locked_one_is_refused(
        self, house: Path, tmp_path: Path
    ) -> None:
        pinned = lock.to_carry(lock.read(house / "lock.txt", SPARK_4))
        other = tmp_path / "other"
        other.mkdir()
        for path in house.glob("*.whl"):
            (other / path.name).write_bytes(path.read_bytes() + b"changed")
        with (
            wheel_index.serving(other, []) as address,
            pytest.raises(AntipodeError, match="DO NOT MATCH"),
        ):
            fetch(pinned, SPARK_4, Origin(address), Settings(), tmp_path)

    def test_neither_a_refusal_nor_the_command_line_tells_the_password(
        self, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with wheel_index.serving(house, []) as address:
            given = ["--requirements", str(house / "too-new.txt"), "--index-url", address]
            assert cli.run(["package", *given, "--to", str(tmp_path)]) == 1
        said = capsys.readouterr()
        assert "native==3.0" in said.err
        assert wheel_index.PASSWORD not in said.err + said.out

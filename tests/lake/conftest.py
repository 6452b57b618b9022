"""Lakes to test on: a folder, and a bucket of a real S3 server (marked `services`)."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server, running

from conf.settings import Settings
from lake.lake import Lake
from lake.objects import Objects


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.services)])
def lake_uri(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A place for a lake; the environment holds what it takes to open it."""
    if request.param == "folder":
        return str(tmp_path / "a lake")
    server: S3Server = request.getfixturevalue("s3_server")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"lake-{secrets.token_hex(6)}"
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    client.create_bucket(Bucket=bucket)
    return f"s3://{bucket}/some/prefix"


@pytest.fixture
def lake(lake_uri: str) -> Lake:
    return Lake(lake_uri, Settings())


@pytest.fixture
def objects(lake: Lake) -> Objects:
    return lake.objects


@pytest.fixture
def folder_lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "a lake"), Settings())

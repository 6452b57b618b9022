"""A bucket of a real S3 server as input: the counts of a folder, few calls, many at a time."""

import gzip
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from lake_tables import events
from okta_records import lines
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server, running

from antipode import cli
from conf.settings import Settings
from jobs.normalize import Target, normalize, normalize_bucket
from lake import s3_input
from lake.lake import Lake
from lake.s3_input import S3Bucket

pytestmark = pytest.mark.services
CLOUDTRAIL = "cloudtrail/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/%02d/%04d.json.gz"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def uri(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"logs-{secrets.token_hex(6)}"
    _client(server).create_bucket(Bucket=bucket)
    return f"s3://{bucket}/some/prefix"


def _client(server: S3Server) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def _put(server: S3Server, uri: str, files: dict[str, bytes]) -> None:
    bucket, prefix = uri.removeprefix("s3://").split("/", 1)
    client = _client(server)
    for key, data in files.items():
        client.put_object(Bucket=bucket, Key=f"{prefix}/{key}", Body=data)


def _target(tmp_path: Path, name: str, now: Any) -> Target:
    return Target(str(tmp_path / name), "acme", now, Settings(data_dir=tmp_path / "data"))


class Watched:
    """Counts the calls of a client, and how many get calls are under way at most."""

    def __init__(self, client: Any) -> None:
        self.calls: Counter[str] = Counter()
        self.most = self._now = 0
        self._lock = threading.Lock()
        client.meta.events.register("before-call.s3.*", self._before)
        client.meta.events.register("after-call.s3.*", self._after)

    def _before(self, model: Any, **_: Any) -> None:
        with self._lock:
            self.calls[model.name] += 1
            self._now += model.name == "GetObject"
            self.most = max(self.most, self._now)

    def _after(self, model: Any, **_: Any) -> None:
        with self._lock:
            self._now -= model.name == "GetObject"


def test_counts_are_those_of_a_folder(
    server: S3Server, uri: str, raw: Path, tmp_path: Path, target: Target
) -> None:
    files = {
        "okta/2026/01/01/a.ndjson.gz": gzip.compress(lines(0, 300)),
        "okta/2026/01/02/b.ndjson": lines(200, 200) + b"not json\n",
        "okta/2026/01/02/c.ndjson.gz": gzip.compress(lines(600, 200))[:-20],
        "zeek/2026-01-02/conn.log": b"#fields\tts\n1767312000.0\n",
    }
    for key, data in files.items():
        (raw / key).parent.mkdir(parents=True, exist_ok=True)
        (raw / key).write_bytes(data)
    _put(server, uri, files)
    other = _target(tmp_path, "other lake", target.now)
    assert normalize(uri, other, workers=2) == normalize(raw, target, workers=2)
    assert normalize(uri, other, workers=1).read == 0
    assert len(events(other)) == len(events(target))


def test_a_thousand_files_take_a_list_call_and_a_get_each_side_by_side(
    server: S3Server, uri: str, tmp_path: Path, target: Target
) -> None:
    days, each = 25, 44
    _put(
        server,
        uri,
        {
            CLOUDTRAIL % (day, number): gzip.compress(b'{"Records":[]}')
            for day in range(1, days + 1)
            for number in range(each)
        },
    )
    settings = Settings()
    client = s3_input.connect(settings, s3_input.SIDE_BY_SIDE)
    watched = Watched(client)
    bucket = S3Bucket(uri, settings, client)
    assert normalize_bucket(bucket, target, workers=1).read == 0
    assert watched.calls == {"ListObjectsV2": 2, "GetObject": days * each}
    assert watched.most > s3_input.SIDE_BY_SIDE / 2
    # Later: one call to find the last week, one to list it.
    watched.calls.clear()
    _put(server, uri, {CLOUDTRAIL % (26, 0): gzip.compress(b'{"Records":[]}')})
    normalize_bucket(bucket, target, workers=1)
    assert watched.calls == {"ListObjectsV2": 2, "GetObject": 1}


def test_a_large_file_is_read_part_by_part_by_who_takes_it_in(
    server: S3Server, uri: str, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("enrichment.bucket_input.LARGE", 1000)
    _put(server, uri, {"okta/a.ndjson.gz": gzip.compress(lines(0, 2000))})
    assert normalize(uri, target, workers=1).mapped == 2000


def test_a_bucket_goes_into_an_encrypted_lake_in_another_by_the_command(
    server: S3Server,
    uri: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ANTIPODE_ENCRYPTION", "local")
    monkeypatch.setenv("ANTIPODE_ENCRYPTION_KEYS", str(tmp_path / "keys"))
    _put(server, uri, {f"okta/{n}.ndjson.gz": gzip.compress(lines(9 * n, 9)) for n in range(7)})
    lake = uri.replace("some/prefix", "lake")
    command = ["normalize", "--raw", uri, "--lake", lake, "--tenant", "acme", "--workers", "1"]
    assert cli.run(command) == 0
    assert "63 mapped" in capsys.readouterr().out
    raw = Lake(lake, Settings()).raw
    assert all(key.endswith(".enc") for key in raw.all_objects("acme"))


def test_a_bucket_that_is_not_there_is_named(
    server: S3Server, uri: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["normalize", "--raw", "s3://no-such-bucket/x", "--lake", str(tmp_path / "lake")]
    assert cli.run([*command, "--tenant", "acme"]) == 1
    assert "s3://no-such-bucket/x" in capsys.readouterr().err

"""The role of upkeep may do all that upkeep does, and write no raw object."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from iam_decision import allowed

from jobs.cluster import deployment
from lake.folder import FolderObjects
from lake.lake import SPECS
from lake.objects import Object
from lake.raw import Raw
from lake.raw_names import new_key
from lake.streams import Stream

VALUES = deployment.read(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")
ORPHAN = new_key(Stream("acme", "okta", "log"), "ndjson", "20261031000000000000")


def can(action: str, key: str) -> bool:
    """`key`: of an object in the lake."""
    policy = deployment.filled("emr/iam/maintainer.json", VALUES)
    return allowed([policy], action, f"arn:aws:s3:::{VALUES['bucket']}/lake/{key}", request={})


class Asking(FolderObjects):
    """A folder in which nothing is done that the role may not do."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.done: set[str] = set()

    def _ask(self, action: str, key: str) -> None:
        assert can(action, key), (action, key)
        self.done.add(action)

    def get(self, key: str) -> Object:
        self._ask("s3:GetObject", key)
        return super().get(key)

    def put(self, key: str, data: bytes) -> None:
        self._ask("s3:PutObject", key)
        super().put(key, data)

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        self._ask("s3:PutObject", key)
        return super().put_if(key, data, etag)

    def delete(self, key: str) -> None:
        self._ask("s3:DeleteObject", key)
        super().delete(key)


@pytest.mark.parametrize("table", sorted(SPECS))
def test_it_merges_and_sweeps_every_table(table: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert can(action, f"{table}/tenant=acme/1.parquet")


def test_a_sweep_of_raw_objects_does_nothing_that_it_may_not(tmp_path: Path) -> None:
    asking = Asking(tmp_path)
    FolderObjects(tmp_path).put(ORPHAN, b"of a writer that died")
    assert Raw(asking).sweep(datetime(2026, 11, 22, tzinfo=UTC), timedelta(days=1)) == 1
    assert asking.done == {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}
    assert list(asking.list("raw/")) == []


def test_it_writes_no_raw_object_and_removes_no_cursor() -> None:
    assert not can("s3:PutObject", ORPHAN)
    assert not can("s3:DeleteObject", "cursors/acme/okta/log.json")

"""Rows for tests: events that differ in id and time, everything else as small as it may be."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from schemas.event import ANOMALY, EVENT

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def event(uid: str, time: datetime = DAY, **columns: Any) -> dict[str, Any]:
    return {
        "time": time,
        "class_uid": 3002,
        "class_name": "Authentication",
        "category_uid": 3,
        "activity_id": 1,
        "type_uid": 300201,
        "severity_id": 1,
        "metadata": {"uid": uid, "version": "1.3.0", "product": {"name": "Okta System Log"}},
        "tenant": "acme",
        "date": time.date(),
        "source": "okta",
        "mapper": "okta_v1",
        "raw_object": "raw/one",
        **columns,
    }


def events(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=EVENT)


def hourly(count: int, first: datetime = DAY, name: str = "e", **columns: Any) -> pa.Table:
    """Events an hour apart, newest first, with ids `e0`, `e1`, ..."""
    times = [first + timedelta(hours=number) for number in range(count)]
    return events([event(f"{name}{n}", time, **columns) for n, time in enumerate(times)][::-1])


def uids(table: pa.Table) -> list[str]:
    return [row["uid"] for row in table["metadata"].to_pylist()]


def anomaly(id_: str, day: date = date(2026, 1, 1), **columns: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "tenant": "acme",
        "date": day,
        "user": "a@example.com",
        "score": 0.5,
        "severity": "high",
        "run_id": "run",
        "votes": {"kmeans": 0.5},
        **columns,
    }


def anomalies(rows: Sequence[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=ANOMALY)

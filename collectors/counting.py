"""Counts what each hour delivered, from `events/` itself: exact, without duplicates.

Whole days are counted anew, those into which events came: were the process killed before it notes
the counts, the next one that touches the day puts them right. Not for a process on gevent.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from collectors.completeness import Received
from lake.lake import Lake
from lake.raw_names import named_at

_STAMP = "%Y%m%d%H%M%S%f"


def days_of(lake: Lake, keys: Iterable[str]) -> set[date]:
    """Return the days of the events that came of some raw objects of one tenant and source."""
    wanted = sorted(keys)
    if not wanted:
        return set()
    table = lake.table("events")
    live = [file for file in table.files() if file.may_hold("raw_object", wanted[0], wanted[-1])]
    rows = table.arrow(("date",), live=live, where=ds.field("raw_object").isin(wanted))
    return set(pc.unique(rows["date"]).to_pylist())


def received(
    lake: Lake, tenant: str, source: str, days: Iterable[date]
) -> dict[datetime, Received]:
    """Return for each hour of some days what it delivered: events, and their median lag."""
    days = sorted(days)
    if not days:
        return {}
    table = lake.table("events")
    live = table.files(tenant, days[0], days[-1], source=source)
    where = (
        (ds.field("tenant") == tenant)
        & (ds.field("source") == source)
        & ds.field("date").isin(days)
    )
    rows = table.arrow(("time", "raw_object"), live=live, where=where)
    hours = pa.table(
        {"hour": pc.floor_temporal(rows["time"], unit="hour"), "lag": _lags(rows)}
    ).group_by("hour")
    counted = hours.aggregate([("lag", "count"), ("lag", "approximate_median")]).to_pylist()
    return {
        one["hour"].replace(tzinfo=UTC): Received(
            one["lag_count"], round(one["lag_approximate_median"], 1)
        )
        for one in counted
    }


def _lags(rows: pa.Table) -> Any:
    """Return the seconds from each event to the storing of the raw object that brought it."""
    objects = rows["raw_object"].combine_chunks().dictionary_encode()
    stored = pa.array(
        [
            datetime.strptime(named_at(key), _STAMP).replace(tzinfo=UTC).timestamp()
            for key in objects.dictionary.to_pylist()
        ],
        pa.float64(),
    )
    happened = pc.divide(pc.cast(pc.cast(rows["time"], pa.int64()), pa.float64()), 1e6)
    return pc.subtract(stored.take(objects.indices), happened)

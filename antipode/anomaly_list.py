"""The rows of `anomalies` as users read them: the newest of each id, the columns they rely on."""

from datetime import UTC, datetime
from typing import Any

from conf.errors import UsageError
from conf.settings import Settings
from lake.lake import Lake
from schemas.event import ANOMALY

# In the order in which users have them; `date` is a partition and `withdrawn` comes last.
COLUMNS = tuple(name for name in ANOMALY.names if name != "date")
Row = dict[str, Any]


def rows(uri: str, settings: Settings, tenant: str | None, history: bool) -> list[Row]:
    """Return the flagged places, the surest first; with `history` every run's row."""
    table = Lake(uri, settings).table("anomalies")
    live = table.files(tenant)
    found: list[Row] = table.arrow(live=live).to_pylist() if live else []
    for row in found:
        row["votes"] = dict(row["votes"] or [])
    found.sort(key=lambda row: (row["date"], row["score"]), reverse=True)
    if history:
        return found
    newest: dict[str, Row] = {}
    for row in found:
        newest.setdefault(row["id"], row)
    return sorted(newest.values(), key=lambda row: (bool(row["withdrawn"]), -row["score"]))


def one(uri: str, settings: Settings, wanted: str) -> Row:
    """Return the newest row of an id, or of the only id that begins so; UsageError otherwise."""
    found = [row for row in rows(uri, settings, None, False) if row["id"].startswith(wanted)]
    if len(found) != 1:
        reason = "begins more than one id" if found else "is the id of no anomaly"
        raise UsageError(f"{wanted!r} {reason} in {uri}; see `antipode anomalies --lake {uri}`")
    return found[0]


def as_json(row: Row) -> Row:
    """Return a row with values that JSON has, under the names and in the order of COLUMNS."""
    return {name: _plain(row[name]) for name in COLUMNS}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value


def place(row: Row) -> str:
    """Return what a reader calls the place."""
    return ", ".join(part for part in (row["city"], row["region"], row["country"]) if part)

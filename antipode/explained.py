"""One flagged place, told in full, down to its events."""

from typing import Any

import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table

from antipode.anomaly_list import Row, place
from conf.settings import Settings
from lake.lake import Lake

MOST_EVENTS = 20


def events(uri: str, settings: Settings, row: Row) -> list[Row]:
    """Return the events whose ids the row bears, in the order of time."""
    table = Lake(uri, settings).table("events")
    live = table.files(row["tenant"], row["first_time"].date(), row["last_time"].date())
    uid = ds.field("metadata", "uid")
    found = table.arrow(
        ["time", "source", "class_name", "api", "status", "src_endpoint", "network", "sensitive"],
        live,
        where=uid.isin(row["event_uids"]) & (ds.field("person") == row["user"]),
    )
    return sorted(found.to_pylist(), key=lambda event: event["time"])


def show(row: Row, found: list[Row], console: Console) -> None:
    """Print the row, how the members voted, and its first events."""
    console.print(f"{row['user']} from {place(row)}", style="bold", markup=False)
    facts: list[tuple[str, Any]] = [
        ("score", f"{row['score']:.3f} ({row['severity']})"),
        ("usual place", row["usual_place"]),
        ("distance", _number(row["distance_km"], "km")),
        ("speed", _number(row["speed_kmh"], "km/h")),
        ("radius of the place", _number(row["radius_km"], "km")),
        ("addresses", ", ".join(row["ips"])),
        ("networks", ", ".join(f"AS{number}" for number in row["asns"])),
        ("run", row["run_id"]),
    ]
    for name, value in facts:
        console.print(f"  {name}: {'unknown' if value in (None, '') else value}", markup=False)
    console.print("Reasons", style="bold")
    for reason in row["reasons"]:
        console.print(f"  - {reason}", markup=False)
    console.print("Votes", style="bold")
    for member, score in sorted(row["votes"].items(), key=lambda vote: -vote[1]):
        console.print(f"  {score:5.2f}  {member}", markup=False)
    console.print(f"Events ({min(len(found), MOST_EVENTS)} of {row['event_count']})", style="bold")
    drawn = Table("time (UTC)", "source", "what", "status", "address", "network", "sensitive")
    for event in found[:MOST_EVENTS]:
        drawn.add_row(*(str(cell) for cell in _cells(event)))
    console.print(drawn)


def _cells(event: Row) -> list[Any]:
    operation = (event["api"] or {}).get("operation") or event["class_name"]
    address = (event["src_endpoint"] or {}).get("ip") or ""
    kind = (event["network"] or {}).get("kind") or ""
    moment = f"{event['time']:%Y-%m-%d %H:%M:%S}"
    sensitive = ", ".join(event["sensitive"] or [])
    return [moment, event["source"], operation, event["status"] or "", address, kind, sensitive]


def _number(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{value:,.0f} {unit}"

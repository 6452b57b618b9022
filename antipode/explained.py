"""One flagged place, told in full, down to its events."""

from itertools import groupby
from typing import Any

import pyarrow.dataset as ds
from rich.console import Console

from antipode import printed
from antipode.anomaly_list import Row, place
from conf.settings import Settings
from lake.lake import Lake

MOST_LINES, MOST_AGENTS = 20, 10
FASTEST_KMH = 10_000  # beyond this a speed says only that the two uses were at about the same time
AT_ONCE = f"over {FASTEST_KMH:,} km/h: in use elsewhere at about the same time"
COLUMNS = (
    *("from (UTC)", "events", "source", "what", "status", "address", "network"),
    *("agent", "sensitive"),
)
SENSITIVE = len(COLUMNS) - 1
READ = (
    *("time", "source", "class_name", "api", "status", "src_endpoint", "network"),
    *("http_request", "sensitive"),
)


def events(uri: str, settings: Settings, row: Row) -> list[Row]:
    """Return the events whose ids the row bears, in the order of time."""
    table = Lake(uri, settings).table("events")
    live = table.files(row["tenant"], row["first_time"].date(), row["last_time"].date())
    uid = ds.field("metadata", "uid")
    theirs = uid.isin(row["event_uids"]) & (ds.field("person") == row["user"])
    found = table.arrow(list(READ), live, where=theirs)
    return sorted(found.to_pylist(), key=lambda event: event["time"])


def show(row: Row, found: list[Row], console: Console) -> None:
    """Print the row, how the members voted, and its events."""
    withdrawn = "  (withdrawn)" if row["withdrawn"] else ""
    console.print(f"{row['user']} from {place(row)}{withdrawn}", style="bold", markup=False)
    agents = _agents(found)
    named = [(f"user agent {number}", name) for name, number in agents.items()]
    for name, value in [*_facts(row, found), *named[:MOST_AGENTS]]:
        console.print(f"  {name}: {'unknown' if value in (None, '') else value}", markup=False)
    console.print("Reasons", style="bold")
    for reason in row["reasons"]:
        console.print(f"  - {reason}", markup=False)
    console.print(
        "Votes: the share of visits as suspect as this that are less strange", style="bold"
    )
    for member, score in sorted(row["votes"].items(), key=lambda vote: -vote[1]):
        console.print(f"  {score:5.2f}  {member}", markup=False)
    lines = shown(lines_of(found, agents))
    told = sum(line[1] for line in lines)
    console.print(f"Events ({told:,} of {row['event_count']:,})", style="bold")
    printed.table(COLUMNS, lines, console)
    console.print(
        f"To decide: antipode verdict {row['id'][:8]} benign (or malicious) --lake URI",
        markup=False,
    )


def lines_of(found: list[Row], agents: dict[str, int]) -> list[list[Any]]:
    """Return a line for each run of events that differ in nothing but their time."""
    cells = [_cells(event, agents) for event in found]
    runs = [list(run) for _, run in groupby(cells, key=lambda line: line[1:])]
    return [[run[0][0], len(run), *run[0][1:]] for run in runs]


def shown(lines: list[list[Any]]) -> list[list[Any]]:
    """Return as many lines as fit, in the order of time: what is sensitive, then the first."""
    order = sorted(range(len(lines)), key=lambda at: (not lines[at][SENSITIVE], at))
    return [lines[at] for at in sorted(order[:MOST_LINES])]


def _facts(row: Row, found: list[Row]) -> list[tuple[str, Any]]:
    first, last = (f"{row[edge]:%Y-%m-%d %H:%M}" for edge in ("first_time", "last_time"))
    speed, sources = row["speed_kmh"], ", ".join(row["sources"])
    return [
        ("id", row["id"]),
        ("score", f"{row['score']:.3f} ({row['severity']})"),
        ("when", f"{first} to {last} UTC, {row['event_count']:,} events at {sources}"),
        ("usual place", row["usual_place"]),
        ("distance to it", _number(row["distance_km"], "km")),
        ("greatest speed", _number(speed, "km/h") if (speed or 0) < FASTEST_KMH else AT_ONCE),
        ("radius of the place", _number(row["radius_km"], "km")),
        ("addresses", ", ".join(row["ips"])),
        ("networks", ", ".join(_networks(row, found))),
        ("run", row["run_id"]),
    ]


def _networks(row: Row, found: list[Row]) -> list[str]:
    systems = [(event["src_endpoint"] or {}).get("autonomous_system") or {} for event in found]
    names = {system.get("number"): system.get("name") for system in systems}
    return [f"AS{number} {names.get(number) or ''}".rstrip() for number in row["asns"]]


def _agents(found: list[Row]) -> dict[str, int]:
    """Number the user agents, in the order in which they come."""
    agents = dict.fromkeys(agent for event in found if (agent := _agent(event)))
    return {agent: number for number, agent in enumerate(agents, 1)}


def _agent(event: Row) -> str | None:
    agent: str | None = (event["http_request"] or {}).get("user_agent")
    return agent


def _cells(event: Row, agents: dict[str, int]) -> list[Any]:
    operation = (event["api"] or {}).get("operation") or event["class_name"]
    address = (event["src_endpoint"] or {}).get("ip") or ""
    kind = (event["network"] or {}).get("kind") or ""
    agent = agents.get(_agent(event) or "", "")
    moment = f"{event['time']:%Y-%m-%d %H:%M:%S}"
    sensitive = ", ".join(event["sensitive"] or [])
    status = event["status"] or ""
    return [moment, event["source"], operation, status, address, kind, agent, sensitive]


def _number(value: float | None, unit: str) -> str | None:
    return None if value is None else f"{value:,.0f} {unit}"

"""Rows on standard output: as JSON, CSV, or a table for the eye."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from antipode.anomaly_list import Row, place

COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
NARROWEST = 8  # characters of a column in a table that can still be read


def json_list(rows: Iterable[Any]) -> None:
    """Print a JSON list, one element a line."""
    lines = ",\n".join(json.dumps(row, default=str) for row in rows)
    print(f"[{lines}]")


def csv_table(rows: Iterable[Row], columns: Sequence[str]) -> None:
    """Print CSV with a header; lists and maps as JSON."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in columns])


def _cell(value: Any) -> Any:
    return json.dumps(value, default=str) if isinstance(value, list | dict) else value


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], console: Console) -> None:
    """Print rows as a table; each as a list of its values where the columns are too many."""
    if len(columns) * NARROWEST > console.width:
        _lists(columns, rows, console)
        return
    # What does not fit is folded: cut off, it would be lost to the reader.
    drawn = Table(*(Column(name, overflow="fold") for name in columns))
    for row in rows:
        drawn.add_row(*("" if value is None else str(_cell(value)) for value in row))
    console.print(drawn)


def _lists(columns: Sequence[str], rows: Iterable[Sequence[Any]], console: Console) -> None:
    width = max(map(len, columns))
    count = 0
    for count, row in enumerate(rows, start=1):
        console.print(f"row {count}", style="bold")
        for column, value in zip(columns, row, strict=True):
            if value is not None:
                console.print(f"  {column:{width}}  {_cell(value)}", markup=False, highlight=False)
    if count == 0:
        console.print("No rows.")


def anomalies(rows: Sequence[Row], console: Console) -> None:
    """Print flagged places with their reasons; those of one account one after the other."""
    if not rows:
        console.print("Nothing is flagged.")
        return
    for row in by_account(rows):
        head = Text(f"{row['severity']:8} ", style=COLOURS.get(row["severity"], ""))
        head.append(f"{row['user']} from {place(row)}", style="bold")
        head.append("  (withdrawn)" if row["withdrawn"] else "")
        console.print(head)
        console.print(
            f"  {row['first_time']:%Y-%m-%d %H:%M} to {row['last_time']:%Y-%m-%d %H:%M} UTC, "
            f"{row['event_count']:,} events at {', '.join(row['sources'])}; "
            f"score {row['score']:.2f}, id {row['id']}",
            markup=False,
        )
        for reason in row["reasons"]:
            console.print(f"  - {reason}", markup=False)
        console.print()
    back = sum(bool(row["withdrawn"]) for row in rows)
    accounts = len({(row["tenant"], row["user"]) for row in rows if not row["withdrawn"]})
    console.print(
        f"{len(rows) - back:,} flagged, of {accounts:,} account{'s' * (accounts != 1)}"
        f"{f'; {back:,} withdrawn' if back else ''}. Down to the events: "
        "antipode explain ID --lake URI",
        markup=False,
    )


def by_account(rows: Sequence[Row]) -> list[Row]:
    """Return rows with those of an account together, where the first of them stands.

    What is withdrawn stays where it is, after the others.
    """
    first: dict[Any, int] = {}
    for number, row in enumerate(rows):
        first.setdefault((bool(row["withdrawn"]), row["tenant"], row["user"]), number)
    return sorted(rows, key=lambda row: first[bool(row["withdrawn"]), row["tenant"], row["user"]])

"""What the commands say: to a person on a terminal, to a log otherwise; results as JSON if asked.

Results go to standard output, everything else to standard error.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

UNBOUNDED = 10_000  # columns: more than any table has
LOG_EVERY = 5.0  # seconds between two lines of progress in a log
log = logging.getLogger("antipode")
Advance = Callable[[int, int], None]  # done, in all


def console() -> Console:
    """Return the console for results. Into a file or a pipe, tables are as wide as they are."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else UNBOUNDED
    return Console(highlight=False, soft_wrap=True, width=width)


class JsonLines(logging.Formatter):
    """A log record as one JSON object: time, level, logger, message and what was passed beside."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["where"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def start_logging(level: str) -> None:
    """Log to standard error: plain lines on a terminal, JSON lines otherwise."""
    handler = logging.StreamHandler(sys.stderr)
    terminal = sys.stderr.isatty()
    handler.setFormatter(logging.Formatter("%(message)s") if terminal else JsonLines())
    root = logging.getLogger("antipode")
    root.handlers[:] = [handler]
    root.propagate = False
    known = logging.getLevelNamesMapping()
    root.setLevel(known.get(level.upper(), logging.INFO))


def error(message: str) -> None:
    """Say what failed and what to do about it."""
    if sys.stderr.isatty():
        Console(stderr=True, highlight=False).print(f"error: {message}", style="red", markup=False)
    else:
        log.error(message)


@contextmanager
def progress(doing: str, unit: str = "") -> Iterator[Advance]:
    """Show how far a long piece of work is: a bar on a terminal, a line now and then in a log."""
    if not sys.stderr.isatty():
        yield _logged(doing, unit)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def downloads() -> Iterator[Callable[[str, int, int | None], None]]:
    """Show downloads: a bar each on a terminal, a line each in a log. Told of bytes."""
    if not sys.stderr.isatty():
        told: set[str] = set()

        def line(name: str, received: int, expected: int | None) -> None:
            if name not in told:
                told.add(name)
                log.info("downloading", extra={"fields": {"name": name, "bytes": expected}})

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(name: str, received: int, expected: int | None) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=expected)
            bar.update(tasks[name], completed=received, total=expected)

        yield advance


def _logged(doing: str, unit: str) -> Advance:
    last = time.monotonic()
    log.info(doing)

    def advance(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= LOG_EVERY:
            last = time.monotonic()
            log.info(doing, extra={"fields": {"done": done, "total": total, "unit": unit}})

    return advance


def result(found: Mapping[str, Any], as_json: bool, *lines: str) -> None:
    """End a command: print what it counted as one JSON object, or as lines for a person."""
    if as_json:
        print(json.dumps(found, default=str), flush=True)
    else:
        for line in lines:
            console().print(line, markup=False)

"""How fast raw logs become events, against the bare parse of the same bytes.

    python -m bench.ingest [--events 200000] [--rounds 3]

The bare parse: DuckDB, one thread, `CREATE TABLE … AS SELECT *` of the columns of the Okta model
by `read_json` from the uncompressed file. The ingest does all that a run does: raw object, parse,
validity, mapping, enrichment, de-duplication, Parquet, commits. Both on one processor, in turn;
then two ingests of two files side by side on two processors.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench import okta_events
from conf.settings import Settings
from jobs.normalize import Target, normalize
from schemas import shape, versions
from schemas.shape import Shape

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, metavar=("RAW", "LAKE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(f"{_ingest(*map(Path, asked.one)):.3f}")
        return
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), asked.events, asked.rounds)


def _measure(folder: Path, events: int, rounds: int) -> None:
    files = []
    for number in range(2):
        (folder / f"raw{number}" / "okta").mkdir(parents=True)
        files.append(folder / f"raw{number}" / "okta" / "events.ndjson")
        okta_events.write(files[-1], events, seed=number)
    size = files[0].stat().st_size
    print(f"{events:,} events of {size / events:,.0f} bytes, ten for each address")
    bare, one, two = [], [], []
    for _ in range(rounds):
        bare.append(_on_one_processor(lambda: _bare_parse(files[0])))
        one.append(_processes(folder, 1))
        two.append(_processes(folder, 2))
    for name, seconds, count in (
        ("bare parse, one core", bare, 1),
        ("ingest, one core", one, 1),
        ("two ingests, two cores", two, 2),
    ):
        middle = statistics.median(seconds)
        print(f"{name:24} {middle:7.2f} s {count * events / middle:9,.0f} events/s")
    ratios = [b / i for b, i in zip(bare, one, strict=True)]
    print(f"ingest / bare parse (rate)    {statistics.median(ratios):.2f}   wanted: 0.25, then 0.4")
    pairs = [2 * i / t for i, t in zip(one, two, strict=True)]
    print(f"two processes / one (rate)    {statistics.median(pairs):.2f}   wanted: 1.6")


def _processes(folder: Path, count: int) -> float:
    """Run ingests side by side, each on a processor of its own; return the slowest's seconds."""
    running = []
    for number in range(count):
        lake = folder / f"lake{number}"
        shutil.rmtree(lake, ignore_errors=True)
        command = [sys.executable, "-m", "bench.ingest", "--one"]
        command += [str(folder / f"raw{number}"), str(lake)]
        running.append(
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=lambda cpu=number: os.sched_setaffinity(0, {cpu}),
            )
        )
    return max(float(process.communicate()[0]) for process in running)


def _ingest(raw: Path, lake: Path) -> float:
    """Take a folder in; the databases are open and the statements planned, as in a worker."""
    warm = raw.parent / f"{lake.name}-warm"
    (warm / "okta").mkdir(parents=True, exist_ok=True)
    with (raw / "okta" / "events.ndjson").open("rb") as file:
        (warm / "okta" / "events.ndjson").write_bytes(b"".join(file.readline() for _ in range(50)))
    settings = Settings()
    normalize(warm, Target(str(lake) + "-warm", "acme", NOW, settings), workers=1)
    began = time.perf_counter()
    normalize(raw, Target(str(lake), "acme", NOW, settings), workers=1)
    seconds = time.perf_counter() - began
    shutil.rmtree(str(lake) + "-warm")
    return seconds


def _bare_parse(file: Path) -> float:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    model = shape.of_model(versions.load(versions.of("okta")[0]).model)
    columns = ", ".join(f"'{name}': '{_type(field)}'" for name, field in model.fields)
    began = time.perf_counter()
    connection.execute(
        "CREATE TABLE parsed AS SELECT * FROM "
        f"read_json('{file}', format = 'newline_delimited', columns = {{{columns}}})"
    )
    return time.perf_counter() - began


def _type(field: Shape) -> str:
    if field.fields:
        inner = ", ".join(f'"{name}" {_type(child)}' for name, child in field.fields)
        return f"STRUCT({inner})"
    return f"{_type(field.item)}[]" if field.item else field.sql


def _on_one_processor(measured: "object") -> float:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {0})
    try:
        return float(measured())  # type: ignore[operator]
    finally:
        os.sched_setaffinity(0, before)


if __name__ == "__main__":
    main()

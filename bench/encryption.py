"""What encryption costs: processor time of storing and of taking in raw objects, on and off.

    python -m bench.encryption [--pages 150] [--events 1000] [--together 5] [--rounds 5]

Collecting: pages of Okta events are fetched from a server on this machine, and several together,
as collectors store them, are compressed, encrypted, stored, and named by their stream's cursor;
nothing is parsed, which costs the same either way and would only make the share smaller.
Normalising: the same objects are read, decrypted, mapped, enriched and committed. Object by object,
with encryption and without in turn, in one process. Then processes encrypt and decrypt, one alone
and two side by side, each on a processor of its own.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import urllib3

from bench import okta_events
from conf.settings import Settings
from enrichment.drain import drain
from enrichment.ingest import Ingest
from lake.lake import Lake
from lake.raw import compress
from lake.streams import Stream

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SCALED = 32  # objects of 8 MiB that each of the two processes encrypts and decrypts
KINDS = ("off", "local")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--events", type=int, default=1000, help="events of a page")
    parser.add_argument("--together", type=int, default=5, help="pages of a raw object")
    parser.add_argument("--rounds", type=int, default=5, help="of one process against two")
    parser.add_argument("--one", nargs=2, metavar=("FOLDER", "PROCESSOR"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        os.sched_setaffinity(0, {int(asked.one[1])})
        print(_encrypt(Path(asked.one[0])))
        return
    with tempfile.TemporaryDirectory() as folder:
        _print_cost(Path(folder), asked.pages, asked.events, asked.together)
        _print_scaling(Path(folder), asked.rounds)


def _print_cost(folder: Path, pages: int, events: int, together: int) -> None:
    okta_events.write(folder / "events.ndjson", pages * events, seed=0)
    print(f"{pages} pages of {events} events, {together} an object; processor seconds")
    found = _cost(folder, events, together)
    for stage, seconds in found.items():
        for kind in KINDS:
            print(f"{stage}, encryption {kind:8} {seconds[kind]:7.2f} s")
    for stage, seconds in found.items():
        share = seconds["local"] / seconds["off"]
        print(f"{stage}, on / off (processor time)   {share:.3f}   wanted: at most 1.10")


def _print_scaling(folder: Path, rounds: int) -> None:
    one, two = [], []
    for _ in range(rounds):
        one.append(_processes(folder, 1))
        two.append(_processes(folder, 2))
    rate = SCALED * 8 * 1.048576 / statistics.median(one)
    print(f"encrypt and decrypt, one process    {rate:,.0f} MB/s")
    pairs = [2 * alone / both for alone, both in zip(one, two, strict=True)]
    print(f"two processes / one (rate)    {statistics.median(pairs):.2f}   wanted: 1.6")


def _processes(folder: Path, count: int) -> float:
    """Run processes side by side, each on a processor of its own; return the slowest's seconds."""
    running = []
    for number in range(count):
        command = [sys.executable, "-m", "bench.encryption", "--one", str(folder), str(number)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    return max(float(process.communicate()[0]) for process in running)


def _cost(folder: Path, events: int, together: int) -> dict[str, dict[str, float]]:
    """Return the processor seconds of collecting and of normalising, by kind."""
    lines = (folder / "events.ndjson").read_bytes().splitlines(keepends=True)
    starts = range(0, len(lines), events)
    for start in starts:
        (folder / f"{start}.ndjson").write_bytes(b"".join(lines[start : start + events]))
    stream = Stream("acme", "okta", "log")
    ways: dict[str, tuple[Lake, Ingest]] = {}
    for kind in KINDS:
        settings = Settings(encryption=kind, encryption_keys=folder / "keys")
        lake = Lake(str(folder / f"lake-{kind}"), settings)
        ways[kind] = lake, Ingest(lake, settings, NOW)
    found = {stage: dict.fromkeys(KINDS, 0.0) for stage in ("collect", "normalize")}
    with _served(folder) as pages:
        for number in range(0, len(starts), together):
            # In turn, so that what the machine does beside favours neither.
            for kind in KINDS if number // together % 2 else KINDS[::-1]:
                lake, ingest = ways[kind]
                began = time.process_time()
                fetched = [
                    pages.request("GET", f"/{start}.ndjson").data
                    for start in starts[number : number + together]
                ]
                lake.raw.append(stream, compress(*fetched), "ndjson", NOW)
                stored = time.process_time()
                drain(lake.raw, stream, ingest, lambda entry, counts: None)
                if number >= 2 * together:  # the first load libraries and databases
                    found["collect"][kind] += stored - began
                    found["normalize"][kind] += time.process_time() - stored
    return found


@contextmanager
def _served(folder: Path) -> Iterator[urllib3.HTTPConnectionPool]:
    """Serve a folder's files from another process."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "--directory", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().split(" port ")[1].split()[0])
        with urllib3.HTTPConnectionPool("127.0.0.1", port) as pool:
            yield pool
    finally:
        server.terminate()
        server.wait()


def _encrypt(folder: Path) -> float:
    """Return the seconds that it takes to encrypt and decrypt objects of 8 MiB."""
    place = folder / f"lake-{os.getpid()}"
    lake = Lake(str(place), Settings(encryption="local", encryption_keys=place / "keys"))
    key = lake.raw.append(Stream("acme", "okta", "log"), compress(b""), "ndjson", NOW).key
    body = os.urandom(8 * 1024 * 1024)
    lake.raw.read(key)
    began = time.perf_counter()
    for _ in range(SCALED):
        with lake.encryption.decrypt(key, lake.encryption.encrypt(key, body, NOW)) as stream:
            while stream.read(1 << 20):
                pass
    seconds = time.perf_counter() - began
    shutil.rmtree(place)
    return seconds


if __name__ == "__main__":
    main()

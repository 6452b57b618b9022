"""Runs the simulator until it is told to end: `python -m provider_simulator --port 0 --seed 7`.

The first line on standard output is its address. SIGTERM or SIGINT ends it.
"""

import argparse
import asyncio
import contextlib
import resource
import signal

from provider_simulator.clock import parsed
from provider_simulator.server import serve
from provider_simulator.world import World


def main() -> None:
    parser = argparse.ArgumentParser(prog="provider_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--origin", type=parsed, help="moment of the first event, ISO 8601")
    parser.add_argument("--history-days", type=float, default=7.0, help="unless --origin is given")
    parser.add_argument("--events-per-day", type=int, default=1_000, help="of each account")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds each answer takes")
    parser.add_argument("--limits", type=float, default=1.0, help="times the real ones; 0: none")
    given = parser.parse_args()
    world = World(given.seed, given.origin, given.history_days)
    for name in ("events_per_day", "latency", "limits"):
        setattr(world.initial, name, getattr(given, name))
    world.reset()
    _allow_connections(4_096)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(world, given.port))


def _allow_connections(count: int) -> None:
    """Each connection is an open file; the usual limit is a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < count:
        most = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


async def _run(world: World, port: int) -> None:
    runner, port = await serve(world, port)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    print(f"http://127.0.0.1:{port}", flush=True)
    await ended.wait()
    await runner.cleanup()


if __name__ == "__main__":
    main()

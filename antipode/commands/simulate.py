"""`antipode simulate`"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from antipode import clock, output
from antipode.options import Json
from conf.settings import Settings

EXAMPLES = """Example:

    antipode simulate --out month --users 500 --events 200000 --days 30 --seed 1

    antipode run --raw month --lake lake --tenant acme

    antipode evaluate --lake lake --truth month.truth.ndjson
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def simulate(
        out: Annotated[
            Path,
            typer.Option(
                "--out",
                metavar="DIR",
                help="Becomes a folder of raw logs; the truth goes beside it, to DIR.truth.ndjson.",
            ),
        ],
        users: Annotated[int, typer.Option("--users", min=1, help="How many people.")] = 500,
        events: Annotated[int, typer.Option("--events", min=1, help="How many records.")] = 200_000,
        days: Annotated[int, typer.Option("--days", min=1, help="How many days.")] = 30,
        seed: Annotated[int, typer.Option("--seed", help="The same seed, the same company.")] = 1,
        plan: Annotated[
            str, typer.Option("--plan", help="What is planted: mix, demo, or none.")
        ] = "mix",
        last_day: Annotated[
            str | None,
            typer.Option("--last-day", metavar="DATE", help="The last day. Default: yesterday."),
        ] = None,
        json: Json = False,
    ) -> None:
        """Write a company's month of raw logs, with planted attacks and the truth about them."""
        last = clock.day(last_day, "--last-day") or clock.now().date() - timedelta(days=1)
        from jobs.simulate import simulate as write

        stages = clock.Stages()
        with stages.stage("simulate"), output.progress("Simulating", "records") as advance:
            found = write(
                out,
                users,
                events,
                days,
                seed,
                last,
                Settings(),
                plan=plan,
                progress=lambda written: advance(written, events),
            )
        lines = [f"{name}: {value}" for name, value in found.items()]
        output.result(dict(found) | {"seconds": stages.seconds}, json, *lines)

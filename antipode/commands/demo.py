"""`antipode demo`"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from antipode import clock, output
from antipode.options import Json
from conf.settings import Settings

EXAMPLES = """Example:

    antipode demo --folder demo
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def demo(
        folder: Annotated[
            Path, typer.Option("--folder", metavar="DIR", help="Where its files go.")
        ] = Path("demo"),
        seed: Annotated[int, typer.Option("--seed", help="Another seed, another company.")] = 1,
        json: Json = False,
    ) -> None:
        """Run the whole on a simulated company: 500 people, 200,000 events, two planted places."""
        from rich.console import Console

        from jobs import demo as job

        last_day = clock.now().date() - timedelta(days=1)
        console = Console(stderr=True) if json else output.console()
        found = job.demo(folder, last_day, Settings(), console, seed)
        if json:
            output.result(found, as_json=True)

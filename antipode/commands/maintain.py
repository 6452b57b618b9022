"""`antipode maintain`"""

from dataclasses import asdict

import typer

from antipode import clock, output
from antipode.options import Json, Lake
from conf.settings import Settings

EXAMPLES = """Example (nightly, from cron):

    antipode maintain --lake s3://bucket/lake
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def maintain(lake: Lake, json: Json = False) -> None:
        """Merge small files, and remove what nobody needs any more; readers never notice."""
        from lake.lake import Lake as Opened
        from lake.maintain import maintain as tidy

        stages = clock.Stages()
        with stages.stage("maintain"):
            done = asdict(tidy(Opened(lake, Settings()), clock.now()))
        lines = [f"{name.replace('_', ' ')}: {count:,}" for name, count in done.items()]
        output.result(done | {"seconds": stages.seconds}, json, *lines)

"""`antipode evaluate`"""

from pathlib import Path
from typing import Annotated

import typer

from antipode import output
from antipode.options import AnyTenant, Json, Lake
from conf.settings import Settings

EXAMPLES = """Example:

    antipode evaluate --lake lake --truth month.truth.ndjson
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def evaluate(
        lake: Lake,
        truth: Annotated[
            Path, typer.Option("--truth", metavar="FILE", help="The attacks there were (NDJSON).")
        ],
        tenant: AnyTenant = None,
        json: Json = False,
    ) -> None:
        """Hold what was flagged against the truth: precision, recall, false alarms."""
        from jobs.evaluate import evaluate as job

        found = job(lake, truth, Settings(), tenant)
        output.result(found, json, *(f"{name}: {value}" for name, value in found.items()))

"""`antipode evaluate`"""

from pathlib import Path
from typing import Annotated

import typer

from antipode import output
from antipode.options import AnyTenant, Json
from conf.errors import UsageError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode evaluate --lake lake --truth month.truth.ndjson

    antipode evaluate --lake lake1 --truth 1.truth.ndjson --lake lake2 --truth 2.truth.ndjson
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def evaluate(
        lake: Annotated[
            list[str] | None,
            typer.Option(
                "--lake", metavar="URI", help="The lake; again for each of several companies."
            ),
        ] = None,
        truth: Annotated[
            list[Path] | None,
            typer.Option("--truth", metavar="FILE", help="The attacks there were; one a lake."),
        ] = None,
        tenant: AnyTenant = None,
        json: Json = False,
    ) -> None:
        """Hold what was flagged against the truth: precision, recall, false alarms, time to flag.

        Several lakes, each with its truth, are pooled: counts are summed, rows ranked together.
        """
        from antipode import evaluation_printed
        from jobs.evaluate import evaluate_all

        found = evaluate_all(pairs(lake or [], truth or []), Settings(), tenant)
        if json:
            output.result(found, as_json=True)
        else:
            evaluation_printed.show(found, output.console())


def pairs(lakes: list[str], truths: list[Path]) -> list[tuple[str, Path]]:
    """Return each lake with its truth, in the order given."""
    if not lakes:
        raise UsageError("--lake is missing: name the lake whose anomalies are evaluated")
    if len(lakes) != len(truths):
        raise UsageError(
            f"{len(lakes)} --lake and {len(truths)} --truth: give one --truth for each --lake"
        )
    return list(zip(lakes, truths, strict=True))

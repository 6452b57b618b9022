"""`antipode evaluate`"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from antipode import output
from antipode.options import AnyTenant, Days, Json, Master
from conf.errors import UsageError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode evaluate --lake lake --truth month.truth.ndjson

    antipode evaluate --lake lake1 --truth 1.truth.ndjson --lake lake2 --truth 2.truth.ndjson

    antipode evaluate --format rba rba-dataset.csv
"""


class Format(StrEnum):
    """What is evaluated: lakes as they are, or a public data set that brings its own truth."""

    lake = "lake"
    rba = "rba"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def evaluate(
        file: Annotated[
            Path | None, typer.Argument(help="The data set's CSV, with --format rba.")
        ] = None,
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
        form: Annotated[
            Format, typer.Option("--format", help="rba: detect in that data set's logins first.")
        ] = Format.lake,
        days: Days = 30,
        master: Master = None,
        tenant: AnyTenant = None,
        json: Json = False,
    ) -> None:
        """Hold what was flagged against the truth: precision, recall, false alarms, time to flag.

        Several lakes, each with its truth, are pooled: counts are summed, rows ranked together.
        With --format rba, --lake says where the data set's logins are kept (default: nowhere).
        """
        from antipode import evaluation_printed

        match form:
            case Format.lake:
                from jobs.evaluate import evaluate_all

                if file is not None:
                    raise UsageError(f"{str(file)!r}: a file is read with --format rba only")
                found = evaluate_all(pairs(lake or [], truth or []), Settings(), tenant)
            case Format.rba:
                from jobs.evaluate_rba import evaluate_rba

                if file is None or truth or len(lake or []) > 1:
                    raise UsageError("--format rba: name the CSV, at most one --lake, no --truth")
                kept = lake[0] if lake else None
                say = output.log.info
                found = evaluate_rba(file, Settings(), kept, days, master, say)
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

"""`antipode verdict`"""

import getpass
from enum import StrEnum
from typing import Annotated

import typer

from antipode import clock, output
from antipode.options import Json, Lake
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode verdict 3f9a1c benign --lake lake --note "on holiday, asked her"

    antipode verdict 3f9a1c benign --lake lake --for company --until 2026-12-31

    antipode verdict 3f9a1c malicious --lake lake
"""


class Verdict(StrEnum):
    """What an analyst says of an anomaly."""

    benign = "benign"
    malicious = "malicious"
    undecided = "undecided"


class Scope(StrEnum):
    """For whom it holds."""

    person = "person"
    company = "company"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def verdict(
        id: Annotated[str, typer.Argument(help="The anomaly's id, or how it begins.")],
        said: Annotated[Verdict, typer.Argument(help="undecided takes back what was said.")],
        lake: Lake,
        note: Annotated[str, typer.Option("--note", help="Why.")] = "",
        scope: Annotated[
            Scope, typer.Option("--for", help="This person only, or everybody of the company.")
        ] = Scope.person,
        until: Annotated[
            str | None,
            typer.Option("--until", metavar="DATE", help="Default: benign ones last 90 days."),
        ] = None,
        json: Json = False,
    ) -> None:
        """Say whether an anomaly is benign or malicious; the next run heeds it.

        A benign pattern (person or company, place, network) stays quiet until the verdict expires,
        unless something graver is found there. What is malicious is flagged as critical, whatever
        its score: the person's use of the place, or with --for company anybody's use of the same
        blocks of addresses.
        """
        from antipode import anomaly_list
        from jobs import verdict as job
        from lake.lake import Lake as OpenLake
        from models.feedback import meaning, sentence

        settings = Settings()
        row = anomaly_list.one(lake, settings, id)
        words = job.Said(
            said.value, scope.value, note, clock.day(until, "--until"), getpass.getuser()
        )
        written = job.give(OpenLake(lake, settings), row, words, clock.now())
        output.result(
            written,
            json,
            f"{row['user']} from {anomaly_list.place(row)}: {sentence(written)}",
            meaning(written),
        )

"""`antipode normalize`"""

from typing import Annotated

import typer

from antipode import clock, counted, output
from antipode.options import Json, Lake, Source, Tenant, Workers
from conf.errors import UsageError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode normalize --raw logs --lake lake --tenant acme

    antipode normalize --raw s3://logs/today --lake s3://bucket/lake --tenant acme

    antipode normalize --replay --lake lake --tenant acme --source okta
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def normalize(
        lake: Lake,
        tenant: Tenant,
        raw: Annotated[
            str | None,
            typer.Option(
                "--raw",
                metavar="DIR",
                help="Raw logs: DIR/<source>/*.ndjson, .json or .csv (plain, .gz, .zst); DIR is a "
                "folder or s3://bucket/prefix, of which only what is new is taken.",
            ),
        ] = None,
        replay: Annotated[
            bool,
            typer.Option("--replay", help="Map what the lake holds anew, under today's mappers."),
        ] = False,
        source: Source = None,
        workers: Workers = 2,
        json: Json = False,
    ) -> None:
        """Turn raw logs into standard events, each once; what cannot be is quarantined."""
        if replay == (raw is not None):
            raise UsageError("normalize: give either --raw DIR or --replay")
        if source is not None and not replay:
            raise UsageError("--source: goes with --replay only; --raw takes every folder in it")
        from antipode import there
        from jobs import normalize as folder
        from jobs import replay as again

        target = folder.Target(lake, tenant, clock.now(), Settings())
        stages = clock.Stages()
        with stages.stage("normalize"):
            if raw is None:
                there.require_raw(lake, target.settings, tenant, source)
                with output.progress("Mapping anew", "raw objects") as advance:
                    counts = again.replay(target, source, advance)
            else:
                with output.progress("Normalising and enriching", "bytes") as advance:
                    counts = folder.normalize(raw, target, workers, advance)
        found = counted.as_json(counts) | {"seconds": stages.seconds}
        output.result(found, json, *counted.lines(counts), counted.seconds(stages.seconds))

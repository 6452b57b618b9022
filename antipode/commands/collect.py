"""`antipode collect`"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from antipode import clock, counted, output
from antipode.options import Accounts, AnyTenant, Json, Lake, Source, Workers
from conf.errors import AntipodeError, UsageError
from conf.settings import Settings

if TYPE_CHECKING:
    from collectors.rounds import Round

EXAMPLES = """Examples:

    antipode collect --once --accounts accounts.toml --lake lake

    antipode collect --every 60 --accounts accounts.toml --lake lake --metrics-port 9100
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def collect(
        accounts: Accounts,
        lake: Lake,
        tenant: AnyTenant = None,
        source: Source = None,
        once: Annotated[bool, typer.Option("--once", help="Collect what is new, and end.")] = False,
        every: Annotated[
            int | None,
            typer.Option("--every", metavar="SECONDS", min=1, help="Begin a round this often."),
        ] = None,
        since: Annotated[
            str | None,
            typer.Option(
                "--since",
                metavar="DATE",
                help="How far back logs are read that never were. Default: a day.",
            ),
        ] = None,
        width: Annotated[
            int, typer.Option("--side-by-side", min=1, help="Accounts read at the same time.")
        ] = 16,
        workers: Workers = 1,
        only_raw: Annotated[
            bool, typer.Option("--only-raw", help="Do not turn what was collected into events.")
        ] = False,
        metrics_port: Annotated[
            int | None,
            typer.Option("--metrics-port", help="Serve Prometheus metrics on this port."),
        ] = None,
        json: Json = False,
    ) -> None:
        """Bring the logs of every account into the lake, without a broker or workers."""
        if once == (every is not None):
            raise UsageError("collect: give either --once or --every SECONDS")
        from collectors import configuration, metrics, rounds
        from collectors.account_run import Asked
        from collectors.collecting import Collecting
        from collectors.once import Target
        from collectors.store import open_store

        settings = Settings()
        configured = configuration.load(accounts)
        chosen = configured.chosen(tenant, source)
        collecting = Collecting(configured, open_store(lake, settings))
        metrics.serve(metrics_port)
        widths = rounds.Widths(width, workers)
        while True:
            began = clock.now()
            asked = Asked(first=_moment(since), always=once, insist=once)
            target = Target(lake, settings, began)
            done = rounds.one_round(
                collecting, target, chosen, asked, widths, output.progress, not only_raw
            )
            _report(done, json)
            if once:
                break
            clock.wait_until(began, every or 0)
        if done.failures:
            raise AntipodeError(f"{len(done.failures)} logs were not collected; see above")


def _report(done: "Round", json: bool) -> None:
    found = done.as_json()
    lines = [f"{found['collected']:,} records collected from {len(done.outcomes)} accounts"]
    if done.counts is not None:
        found |= counted.as_json(done.counts)
        lines += counted.lines(done.counts)
    output.result(found, json, *lines, counted.seconds(done.seconds))
    for failure in done.failures:
        output.error(failure)


def _moment(since: str | None) -> datetime | None:
    return clock.midnight(clock.day(since))

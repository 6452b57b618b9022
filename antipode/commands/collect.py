"""`antipode collect`"""

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
Once = Annotated[bool, typer.Option("--once", help="Collect what is new, and end.")]
Every = Annotated[
    int | None, typer.Option("--every", metavar="SECONDS", min=1, help="Begin a round this often.")
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="How far back logs are read that never were. Default: a day.",
    ),
]
Width = Annotated[
    int, typer.Option("--side-by-side", min=1, help="Accounts read at the same time.")
]
OnlyRaw = Annotated[
    bool, typer.Option("--only-raw", help="Do not turn what was collected into events.")
]
MetricsPort = Annotated[
    int | None, typer.Option("--metrics-port", help="Serve Prometheus metrics on this port.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def collect(
        accounts: Accounts,
        lake: Lake,
        tenant: AnyTenant = None,
        source: Source = None,
        once: Once = False,
        every: Every = None,
        since: Since = None,
        width: Width = 16,
        workers: Workers = 1,
        only_raw: OnlyRaw = False,
        metrics_port: MetricsPort = None,
        json: Json = False,
    ) -> None:
        """Bring the logs of every account into the lake, without a broker or workers."""
        if once == (every is not None):
            raise UsageError("collect: give either --once or --every SECONDS")
        from collectors import metrics_server, rounds
        from collectors.account_run import Asked
        from collectors.once import Target

        asked = Asked(first=clock.midnight(clock.day(since, "--since")), always=once, insist=once)
        settings = Settings()
        work = rounds.prepare(accounts, Target(lake, settings, clock.now()), tenant, source)
        metrics_server.serve(metrics_port, processes=False)
        while True:
            began = clock.now()
            widths = rounds.Widths(width, 0 if only_raw else workers)
            try:
                done = rounds.one_round(work, asked, widths, output.progress, began)
                _report(done, json)
            except AntipodeError as error:
                if every is None:
                    raise
                output.error(f"{error} The next round tries again.")
            if every is None:
                break
            clock.wait_until(began, every)
        if done.failures:
            raise AntipodeError(
                f"{len(done.failures)} logs were not collected or not normalised; see above"
            )


def _report(done: "Round", json: bool) -> None:
    found = done.as_json()
    lines = [f"{found['collected']:,} records collected from {len(done.outcomes)} accounts"]
    if done.counts is not None:
        found |= counted.as_json(done.counts)
        lines += counted.lines(done.counts)
    for failure in done.failures:
        output.error(failure)
    output.result(found, json, *lines, counted.seconds(done.seconds))

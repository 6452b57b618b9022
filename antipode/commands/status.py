"""`antipode status`"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from antipode import clock, output, printed
from antipode.options import Accounts, AnyTenant, Json, Lake, Source
from conf.settings import Settings

if TYPE_CHECKING:
    from collectors.status import Status

EXAMPLES = """Example:

    antipode status --accounts accounts.toml --lake lake
"""
_HEAD = ("account", "state", "read until (UTC)", "events", "lag", "waiting", "gaps")


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def status(
        accounts: Accounts,
        lake: Lake,
        tenant: AnyTenant = None,
        source: Source = None,
        hours: Annotated[int, typer.Option("--hours", min=1, help="How many hours back.")] = 24,
        json: Json = False,
    ) -> None:
        """Say how each account stands: read until when, complete or with gaps, what failed."""
        from collectors import configuration
        from collectors import status as standing
        from lake.objects import open_objects

        now = clock.now()
        chosen = configuration.load(accounts).chosen(tenant, source)
        objects = open_objects(lake, Settings())
        found = standing.status(objects, chosen, now - timedelta(hours=hours), now)
        if json:
            output.result({"accounts": [standing.as_json(one, now) for one in found]}, True)
            return
        printed.table(_HEAD, [_row(one, now) for one in found], output.console())
        lines = [line for one in found for line in details(one)]
        output.result({}, False, *lines)


def _row(one: "Status", now: datetime) -> tuple[str, ...]:
    return (
        str(one.key),
        one.state(now),
        f"{one.until:%Y-%m-%d %H:%M}" if one.until else "-",
        f"{one.received:,}",
        f"{one.lag:,.0f} s" if one.lag is not None else "-",
        f"{one.waiting:,}",
        str(len(one.gaps)),
    )


def details(one: "Status") -> list[str]:
    """Return a line for each error, and for each hour that holds too little."""
    lines = [f"{one.key} {error}" for error in one.errors]
    for gap in one.gaps:
        expected = f"{gap.band.low:,} to {gap.band.high:,}" if gap.band else "more"
        again = one.reread[gap.hour].times if gap.hour in one.reread else 0
        times = "once" if again == 1 else f"{again} times"
        lines.append(
            f"{one.key} {gap.hour:%Y-%m-%d %H}:00 UTC: {gap.received:,} events, {expected} "
            f"expected; {f'read again {times}' if again else 'not read again yet'}"
        )
    return lines

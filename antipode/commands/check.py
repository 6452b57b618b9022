"""`antipode check`"""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from antipode import output
from antipode.options import Accounts, AnyTenant, Json, Source
from conf.errors import AntipodeError

if TYPE_CHECKING:
    from collectors.checking import Checked

EXAMPLES = """Example:

    antipode check --accounts accounts.toml
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def check(
        accounts: Accounts,
        tenant: AnyTenant = None,
        source: Source = None,
        json: Json = False,
    ) -> None:
        """Sign in to every account, fetch one page of each log, and say what is missing."""
        from collectors import checking, configuration
        from collectors.clock import SystemClock
        from collectors.transport import Connections

        chosen = configuration.load(accounts).chosen(tenant, source)
        found = checking.check(chosen, Connections(), SystemClock())
        lines = [f"{one.key} {one.stream}: {_said(one)}" for one in found]
        output.result({"checked": [asdict(one) for one in found]}, json, *lines)
        failed = sum(one.error is not None for one in found)
        if failed:
            raise AntipodeError(f"{failed} of {len(found)} logs cannot be collected; see above")


def _said(one: "Checked") -> str:
    if one.error is not None:
        return one.detail
    return f"ok, {one.records} records" + (f"; {one.note}" if one.note else "")

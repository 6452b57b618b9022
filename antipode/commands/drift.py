"""`antipode drift`"""

from dataclasses import asdict

import typer

from antipode import output, printed
from antipode.options import Json, Lake, Source, Tenant
from conf.settings import Settings

EXAMPLES = """Example:

    antipode drift --lake lake --tenant acme --source okta
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def drift(lake: Lake, tenant: Tenant, source: Source = None, json: Json = False) -> None:
        """Count the fields that providers send and no mapper or sample knows."""
        from antipode import there
        from jobs import drift as job

        there.require_raw(lake, Settings(), tenant, source)
        with output.progress("Looking through raw objects", "raw objects") as advance:
            found = job.drift(lake, Settings(), tenant, source, advance)
        if json:
            output.result({"fields": [asdict(one) for one in found]}, as_json=True)
        elif found:
            columns = ("source", "field", "records", "first_day", "last_day")
            printed.table(columns, [tuple(asdict(one).values()) for one in found], output.console())
        else:
            output.result({}, False, "Every field is known.")

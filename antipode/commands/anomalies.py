"""`antipode anomalies`"""

from enum import StrEnum
from typing import Annotated

import typer

from antipode import output
from antipode.options import AnyTenant, Lake
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode anomalies --lake lake

    antipode anomalies --lake lake --tenant acme --format json

    antipode anomalies --lake lake --history --format csv > anomalies.csv
"""


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    json = "json"
    csv = "csv"
    ocsf = "ocsf"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def anomalies(
        lake: Lake,
        tenant: AnyTenant = None,
        form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
        history: Annotated[
            bool, typer.Option("--history", help="Every run's row, not only the newest of each id.")
        ] = False,
    ) -> None:
        """Print what was flagged: who, where, why; as json, csv or ocsf with the events' ids."""
        from antipode import anomaly_list, printed, there

        rows = anomaly_list.rows(lake, Settings(), tenant, history)
        if not rows:
            there.require_events(lake, Settings(), tenant)
        match form:
            case Format.table:
                printed.anomalies(rows, output.console())
            case Format.json:
                printed.json_list([anomaly_list.as_json(row) for row in rows])
            case Format.csv:
                printed.csv_table([anomaly_list.as_json(row) for row in rows], anomaly_list.COLUMNS)
            case Format.ocsf:
                from antipode import detection_finding

                printed.json_list([detection_finding.finding(row) for row in rows])

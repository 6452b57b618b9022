"""`antipode sql`"""

from enum import StrEnum
from typing import Annotated

import typer

from antipode import output
from antipode.options import Lake

EXAMPLES = """Examples:

    antipode sql "SELECT source, count(*) FROM events GROUP BY ALL" --lake lake

    antipode sql "SELECT DISTINCT person FROM events" --lake lake --format csv
"""


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    json = "json"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def sql(
        query: Annotated[
            str,
            typer.Argument(
                help="SQL (DuckDB) over events, anomalies, quarantine, verdicts, health, daily_use."
            ),
        ],
        lake: Lake,
        form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    ) -> None:
        """Query the lake; nothing can be changed."""
        import duckdb

        import antipode
        from antipode import printed, there
        from antipode.lakehouse import TABLES
        from conf.errors import UsageError
        from conf.settings import Settings

        try:
            found = antipode.open(lake).sql(query)
            columns = found.columns if found is not None else []
            rows = found.fetchall() if found is not None else []
        except duckdb.CatalogException as failure:
            known = ", ".join(TABLES)
            raise UsageError(f"sql: {failure}\nThe lake's tables are {known}.") from None
        except duckdb.Error as failure:
            raise UsageError(f"sql: {failure}") from None
        there.require_any(lake, Settings(), TABLES)
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        match form:
            case Format.table:
                printed.table(columns, rows, output.console())
            case Format.json:
                printed.json_list(named)
            case Format.csv:
                printed.csv_table(named, columns)

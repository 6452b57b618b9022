"""Replaces what a run wrote before: the rows of whole days, in one commit."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pyarrow as pa

from conf.errors import Conflict
from lake.tables import Table

ATTEMPTS = 5


def publish(table: Table, rows: pa.Table, tenant: str, days: Collection[date]) -> None:
    """Put `rows` in place of a tenant's rows of `days`; try again when others commit meanwhile."""
    where: dict[str, Collection[Any]] = {"tenant": [tenant], "date": days}
    for attempt in range(ATTEMPTS):
        at_version = table.version()
        written = table.write_files(rows) if rows.num_rows else []
        try:
            table.replace(written, where, None, 0, at_version)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return

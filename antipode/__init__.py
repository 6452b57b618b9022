"""Antipode finds accounts that are used from places where they do not belong.

import antipode

lake = antipode.open("lake")
lake.anomalies().pandas()
lake.events(tenant="acme", first=date(2026, 10, 1)).duckdb().aggregate("person, count(*)")
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antipode.lakehouse import Lakehouse

__all__ = ["open"]


def open(uri: str) -> "Lakehouse":
    """Open the lake at a path or `s3://` address for reading.

    Settings come from the environment, as for the command line. Nothing is read before asked for.
    """
    from antipode.lakehouse import Lakehouse

    return Lakehouse(uri)

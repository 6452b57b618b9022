"""DuckDB connections of a process: all on one database in memory, for to open one takes 50 ms."""

from functools import cache

import duckdb

from schemas import macros


def connection() -> duckdb.DuckDBPyConnection:
    """Return a connection of its own: views, prepared statements and settings are nobody else's.

    Its session is in UTC, and knows the macros of `schemas.macros`.
    """
    own = _database().cursor()
    own.execute("SET enable_progress_bar = false")
    own.execute("SET TimeZone = 'UTC'")
    return own


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Open the database; one thread, for batches run side by side in processes, in order."""
    opened = duckdb.connect()
    opened.execute("SET threads = 1")
    macros.install(opened)
    return opened

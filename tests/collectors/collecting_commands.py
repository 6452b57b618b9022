"""Runs `antipode collect`, and looks at what came of it."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from antipode import cli

Write = Callable[..., Path]


def uids(lake: Path) -> list[str]:
    found = duckdb.sql(
        f"SELECT metadata.uid FROM read_parquet('{lake}/events/tenant=acme/**/*.parquet')"
    )
    return [uid for (uid,) in found.fetchall()]


def collect(accounts: Path, lake: Path, *more: str) -> int:
    return cli.run(["collect", "--once", "--accounts", str(accounts), "--lake", str(lake), *more])

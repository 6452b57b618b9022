"""The options that several commands share, so that they read alike everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from conf.errors import UsageError


def _named(tenant: str | None) -> str | None:
    if tenant is not None and not tenant.strip():
        raise UsageError(f"--tenant {tenant!r}: empty; give the customer's name")
    return tenant


Lake = Annotated[
    str, typer.Option("--lake", help="The lake: a folder or s3://bucket/prefix.", metavar="URI")
]
Tenant = Annotated[
    str, typer.Option("--tenant", help="The customer whose logs these are.", callback=_named)
]
AnyTenant = Annotated[
    str | None, typer.Option("--tenant", help="Only this customer. Default: all.", callback=_named)
]
Raw = Annotated[
    str,
    typer.Option(
        "--raw",
        help="Raw logs: DIR/<source>/*.ndjson, .json or .csv (plain, .gz, .zst); DIR is a folder "
        "or s3://bucket/prefix.",
        metavar="DIR",
    ),
]
Days = Annotated[int, typer.Option("--days", min=1, help="How many days to look at.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Look at the days before this one, which is not included. "
        "Default: the day after the newest event.",
    ),
]
Master = Annotated[
    str | None,
    typer.Option("--master", help="Spark's master, such as yarn. Default: this machine's cores."),
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes that work side by side.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print what was counted as one JSON object, last.")
]
Source = Annotated[str | None, typer.Option("--source", help="Only this source. Default: all.")]
Accounts = Annotated[
    Path,
    typer.Option(
        "--accounts",
        metavar="FILE",
        help="Which accounts to collect: a TOML file, or a folder of them.",
    ),
]

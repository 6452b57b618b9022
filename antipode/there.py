"""Tells of a lake that holds nothing to look at, rather than that nothing was found."""

from collections.abc import Iterable

from conf.errors import UsageError
from conf.settings import Settings
from lake.lake import Lake

FIRST = "run `antipode normalize` first, or mend the name"


def require_events(uri: str, settings: Settings, tenant: str | None) -> None:
    """Raise UsageError where the lake holds no events (of the tenant)."""
    if not Lake(uri, settings).table("events").files(tenant):
        raise UsageError(f"--lake {uri}: holds no events{_of(tenant)}; {FIRST}")


def require_any(uri: str, settings: Settings, tables: Iterable[str]) -> None:
    """Raise UsageError where the lake holds no rows of any of the tables."""
    lake = Lake(uri, settings)
    if not any(lake.table(name).files() for name in tables):
        raise UsageError(f"--lake {uri}: holds no rows in any table; {FIRST}")


def require_raw(uri: str, settings: Settings, tenant: str, source: str | None) -> None:
    """Raise UsageError where the lake holds no raw logs of the tenant and source."""
    raw = Lake(uri, settings).raw
    if raw.streams(tenant, source):
        return
    sources = sorted({stream.source for stream in raw.streams(tenant)})
    if source is not None and sources:
        raise UsageError(
            f"--source {source!r}: {uri} holds no raw logs of it for {tenant!r}; there are "
            f"{', '.join(sources)}"
        )
    raise UsageError(f"--lake {uri}: holds no raw logs{_of(tenant)}; {FIRST}")


def _of(tenant: str | None) -> str:
    return f" of {tenant!r}" if tenant is not None else ""

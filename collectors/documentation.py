"""The tables in `docs/providers.md`, made from the providers' files."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import cast

from collectors import contract, registry
from collectors.contract import Limits, Stream


def providers_tables() -> str:
    """Return the table of logs and that of the fields of accounts, Markdown."""
    logs = (
        (f"`{source}`", f"`{stream.name}`", *_of_stream(stream), _calls(collector.limits))
        for source, collector in ((one, _collector(one)) for one in registry.sources())
        for stream in collector.streams
    )
    heads = ("source", "log", "read again", "reaches back", "asked for at once", "calls at most")
    fields = ("source", "field", "meaning")
    return (
        _table(heads, logs) + "\nWhat an account's section holds, beside the fields that all have:"
        "\n\n" + _table(fields, (row for one in registry.sources() for row in _fields(one)))
    )


PAGES: dict[str, Callable[[], str]] = {"providers.md": providers_tables}


def _collector(source: str) -> type[contract.Collector]:
    """Return a provider's class, which bears what all of its accounts share."""
    return cast("type[contract.Collector]", registry.load(source).collector)


def _of_stream(stream: Stream) -> tuple[str, str, str]:
    return (
        _span(stream.lag) if stream.lag else "– (by position)",
        _span(stream.look_back) if stream.look_back else "no limit",
        _span(stream.window) if stream.window else "all",
    )


def _fields(source: str) -> Iterable[tuple[str, str, str]]:
    account = registry.load(source).account
    for name, field in account.model_fields.items():
        known = contract.Account.model_fields.get(name)
        if known is not None and not (name == "base_url" and field.is_required()):
            continue
        need = " (needed)" if field.is_required() else ""
        meaning = field.description or f"default `{field.default}`"
        yield f"`{source}`", f"`{name}`{need}", meaning


def _calls(limits: Limits) -> str:
    told = ", and as its headers say" if limits.quota else ""
    documented = " and ".join(
        f"{one.requests:,} in {_span(one.per)}" for one in (limits, *limits.also)
    )
    return documented + told


def _span(span: timedelta) -> str:
    for unit, name in (
        (timedelta(days=1), "d"),
        (timedelta(hours=1), "h"),
        (timedelta(minutes=1), "min"),
    ):
        if span >= unit and span % unit == timedelta(0):
            return f"{span // unit} {name}"
    return f"{span.total_seconds():g} s"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

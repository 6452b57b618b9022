"""Finds the providers by file name: `providers/<source>.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from collectors import providers
from collectors.contract import Account, Collector
from conf import plugins
from conf.errors import UsageError


@dataclass(frozen=True)
class Provider:
    """The two classes of a provider's file."""

    source: str
    account: type[Account]
    collector: Callable[[Account], Collector]


def sources() -> list[str]:
    """Return the sources that can be collected."""
    return plugins.names(providers)


@cache
def load(source: str) -> Provider:
    """Return the provider of a source. Raises UsageError when there is none."""
    if source not in sources():
        raise UsageError(f"unknown source {source!r}; known: {', '.join(sources())}")
    module = plugins.load(providers, source)
    try:
        return Provider(source, module.Account, module.Collector)
    except AttributeError as error:
        raise TypeError(f"collectors/providers/{source}.py: {error}") from None

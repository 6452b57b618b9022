"""Finds the sources and their versions by file name: `sources/<source>_v<N>.py`."""

import re
from functools import cache

from conf import plugins
from conf.errors import UsageError
from schemas import exported, sources
from schemas.source import Source

NAME = re.compile(r"(?P<source>[a-z][a-z0-9_]*)_v(?P<version>[1-9][0-9]*)")


@cache
def mappers() -> dict[str, tuple[str, ...]]:
    """Return for each source the names of its mappers, newest version first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for name in plugins.names(sources):
        match = NAME.fullmatch(name)
        if match:
            found.setdefault(match["source"], []).append((int(match["version"]), name))
    return {
        source: tuple(name for _, name in sorted(versions, reverse=True))
        for source, versions in sorted(found.items())
    }


def load(mapper: str) -> Source:
    """Return the source that the mapper's file declares."""
    source = plugins.load(sources, mapper).SOURCE
    if not isinstance(source, Source):
        raise TypeError(f"schemas/sources/{mapper}.py: SOURCE is no schemas.source.Source")
    return source


def of(source: str) -> tuple[str, ...]:
    """Return the mappers of a source, newest first. UsageError when it has none."""
    try:
        return mappers()[source]
    except KeyError:
        known = ", ".join(mappers())
        raise UsageError(f"unknown source {source!r}; known: {known}") from None


def current(source: str) -> tuple[str, ...]:
    """Return those mappers of a source that no other replaces, newest first. As `of` otherwise."""
    every = of(source)
    replaced = {load(mapper).replaces for mapper in every}
    return tuple(mapper for mapper in every if mapper not in replaced)


def envelope(source: str) -> tuple[str, ...]:
    """Return the top-level keys under which a source's answers may hold records."""
    known = (key for mapper in of(source) for key in load(mapper).envelope)
    return tuple(dict.fromkeys((*known, *exported.envelope(source))))

"""Records that lie several in a line: found among the lines that no mapper takes.

Files hold one record a line, or one document; but some pipelines write a provider's whole answer,
or a whole file, on one line; and consoles hand out rows that hold the record as a text, or under
labels (schemas/exports). Only refused lines are looked at, so all others cost nothing. The
records of such a line count instead of it; their ordinals come after those of all lines.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from enrichment.quarantine import Refused
from lake import envelopes
from lake.pieces import Chunk
from schemas import exported, shape, versions
from schemas.refusal import TYPE_NAMES

USUAL = ("Records", "items", "value")  # where many providers' answers hold records
CHUNK_BYTES = 24 * 1024 * 1024


@dataclass(frozen=True)
class Inner:
    """A record found in a line: the line's ordinal, the record's in it from 1, and its text."""

    line: int
    number: int
    text: bytes


@cache
def names(source: str) -> tuple[str, ...]:
    """Return the keys under which a line of a source may hold records, in either letter case.

    What its models know as a field of a record is none of them.
    """
    fields = {
        name.lower()
        for mapper in versions.of(source)
        for name, _ in shape.of_model(versions.load(mapper).model).fields
    }
    known = [name for name in (*versions.envelope(source), *USUAL) if name.lower() not in fields]
    cases = [form for name in known for form in (name, name.lower(), name.capitalize())]
    return tuple(dict.fromkeys(cases))


def parted(refused: Iterable[Refused], source: str) -> tuple[list[Refused], list[list[Inner]]]:
    """Part refused lines from those that are envelopes; return of each of these its records."""
    left: list[Refused] = []
    found: list[list[Inner]] = []
    for one in refused:
        records = opened(one.record, source)
        if records is None:
            left.append(_explained(one, source))
        else:
            found.append(
                [Inner(one.ordinal, number, text) for number, text in enumerate(records, start=1)]
            )
    return left, found


def opened(line: bytes, source: str) -> list[bytes] | None:
    """Return the records that lie in a line; None when it is a record itself, or none."""
    records = envelopes.opened(line, names(source))
    if records is None:
        record = exported.record(line.strip(), source)
        return None if record is None else [record]
    return [exported.record(record, source) or record for record in records]


def unwrapped(chunk: Chunk, source: str) -> Chunk:
    """Return the chunk with the records of its envelopes in their place."""
    known = names(source)
    if not exported.may_be(chunk.data, source) and not any(
        envelopes.may_be(line, known) for line in chunk.data.split(b"\n")
    ):
        return chunk
    found: list[bytes] = []
    for line in chunk.data.split(b"\n")[:-1]:
        records = opened(line, source)
        found += [line] if records is None else records
    return Chunk(b"".join(record + b"\n" for record in found), len(found), chunk.first)


def chunks(found: Sequence[Inner], first: int) -> Iterator[Chunk]:
    """Yield the records as chunks, numbered from `first`."""
    waiting: list[bytes] = []
    size = 0
    for inner in found:
        waiting.append(inner.text + b"\n")
        size += len(inner.text)
        if size >= CHUNK_BYTES:
            yield Chunk(b"".join(waiting), len(waiting), first)
            first += len(waiting)
            waiting, size = [], 0
    if waiting:
        yield Chunk(b"".join(waiting), len(waiting), first)


def placed(one: Refused, found: Sequence[Inner], first: int) -> Refused:
    """Say in the detail of a refused record in which line it lies."""
    if one.ordinal < first:
        return one
    inner = found[one.ordinal - first]
    return replace(one, detail=f"{one.detail} (record {inner.number} of line {inner.line})")


def _explained(one: Refused, source: str) -> Refused:
    """Say of an envelope that holds no array what it holds."""
    if not envelopes.may_be(one.record, names(source)):
        return one
    try:
        record = json.loads(one.record)
    except (ValueError, RecursionError):
        return one
    if not isinstance(record, dict):
        return one
    own = {name.lower() for name in versions.envelope(source)} & set(names(source))
    wrong = [key for key in record if key.lower() in own and not isinstance(record[key], list)]
    if not wrong:
        return one
    held = TYPE_NAMES.get(type(record[wrong[0]]), "a value")
    detail = f"{wrong[0]}: {held} where an array of records is promised"
    return replace(one, reason="wrong_type", detail=detail)

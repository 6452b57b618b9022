"""Fields that a provider sends and that neither a model nor a sample of its source knows.

Looked for where a model describes an object: at the top of a record and in the objects that the
model names. What a model takes as it comes (`Any`, dict) may hold anything and is not looked into.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from schemas import shape, sources, versions
from schemas.connection import connection
from schemas.shape import Shape


@cache
def known_fields(source: str) -> frozenset[str]:
    """Return the dotted fields that a source's models and samples know; `[]` steps into a list."""
    known: set[str] = set()
    for mapper in versions.of(source):
        for structure in (_model(mapper), *_samples(mapper)):
            known.update(_fields(structure))
    return frozenset(known)


def unknown_fields(source: str, records: pa.Table) -> Counter[str]:
    """Count the records (column `record_text`, valid JSON objects) by the unknown fields they hold.

    Only the distinct structures of the records are looked into.
    """
    own = connection()
    own.register("chunk", records)
    structures = own.execute(
        "SELECT json_structure(record_text)::VARCHAR, count(*) FROM chunk "
        "WHERE json_valid(record_text) GROUP BY 1"
    ).fetchall()
    described = _described(source)
    found: Counter[str] = Counter()
    for structure, count in structures:
        fields = set(_fields(json.loads(structure))) - known_fields(source)
        # Below a field that is itself unknown, or that no model describes, nothing is new.
        new = {field for field in fields if _parent(field) in described}
        found.update(dict.fromkeys(new, count))
    return found


@cache
def _described(source: str) -> frozenset[str]:
    """Return the fields (and "" for the record) whose objects some model of the source names."""
    found = {""}
    for mapper in versions.of(source):
        found.update(_objects(shape.of_model(versions.load(mapper).model), ""))
    return frozenset(found)


def _objects(node: Shape, prefix: str) -> set[str]:
    found: set[str] = set()
    for name, child in node.fields:
        path = f"{prefix}.{name}" if prefix else name
        while child.item is not None:
            path, child = f"{path}[]", child.item
        if child.fields:
            found |= {path} | _objects(child, path)
    return found


def _parent(field: str) -> str:
    return field.rpartition(".")[0]


def _model(mapper: str) -> Any:
    return shape.of_model(versions.load(mapper).model).structure()


def _samples(mapper: str) -> list[Any]:
    folder = resources.files(sources) / "samples" / mapper
    found: list[Any] = []
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name.startswith("records."):
            text = file.read_text(encoding="utf-8")
            envelope = versions.load(mapper).envelope
            found += (
                list(csv.DictReader(io.StringIO(text)))
                if file.name.endswith(".csv")
                else (record for value in _values(text) for record in _opened(value, envelope))
            )
    return found


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values of a document, or of each line that holds one."""
    try:
        yield json.loads(text)
    except ValueError:
        for line in text.splitlines():
            with suppress(ValueError):
                yield json.loads(line)


def _opened(value: Any, envelope: tuple[str, ...]) -> list[Any]:
    if isinstance(value, list):
        return value
    held = [value[key] for key in envelope if isinstance(value, dict) and key in value]
    return [record for records in held for record in records] or [value]


def _fields(structure: Any, prefix: str = "") -> list[str]:
    """Return the dotted names of all keys below a JSON value."""
    if isinstance(structure, list):
        return [name for item in structure for name in _fields(item, f"{prefix}[]")]
    if not isinstance(structure, dict):
        return []
    found = []
    for key, value in structure.items():
        path = f"{prefix}.{key}" if prefix else key
        found += [path, *_fields(value, path)]
    return found

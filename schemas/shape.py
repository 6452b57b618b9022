"""Compiles a pydantic model to what DuckDB needs: the column types, and the JSON types allowed.

A `Shape` is a tree with the model's fields. From it come the structure for `json_transform` (what
to extract), and for each typed path the raw JSON types that fit (`json_transform` alone hides
misfits: missing and mistyped both give NULL, 1.7 becomes 2, an object becomes its text).
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

INTEGER = frozenset({"BIGINT", "UBIGINT"})
RAW_TYPES: dict[type, frozenset[str]] = {
    str: frozenset({"VARCHAR"}),
    bool: frozenset({"BOOLEAN"}),
    int: INTEGER,
    float: INTEGER | {"DOUBLE"},
}
SQL_TYPES: dict[type, str] = {str: "VARCHAR", bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE"}


@dataclass(frozen=True)
class Shape:
    """One node of a model. `raw` holds the JSON types that fit; empty: anything fits."""

    sql: str
    raw: frozenset[str]
    required: bool
    fields: tuple[tuple[str, "Shape"], ...] = ()
    item: "Shape | None" = None

    def structure(self) -> Any:
        """Return the node as the structure that DuckDB's `json_transform` takes."""
        if self.fields:
            return {name: shape.structure() for name, shape in self.fields}
        if self.item is not None:
            return [self.item.structure()]
        return self.sql

    def paths(self, prefix: str = "$") -> Iterator[tuple[str, "Shape"]]:
        """Yield every typed node outside lists, with its JSON path."""
        for name, shape in self.fields:
            path = f'{prefix}."{name}"'
            if shape.raw:
                yield path, shape
            yield from shape.paths(path)


def of_model(model: type[BaseModel]) -> Shape:
    """Compile a model. TypeError names the field whose annotation has no JSON counterpart."""
    return _struct(model, required=True)


def _struct(model: type[BaseModel], required: bool) -> Shape:
    fields = tuple(
        (json_name(name, field), _field(model, name, field))
        for name, field in model.model_fields.items()
    )
    lowered = [name.lower() for name, _ in fields]
    for name in lowered:
        if lowered.count(name) > 1:
            # DuckDB's structs do not tell upper from lower case.
            raise TypeError(f"{model.__name__}: two fields differ only in case: {name}")
    return Shape("STRUCT", frozenset({"OBJECT"}), required, fields=fields)


def json_name(name: str, field: FieldInfo) -> str:
    """Return the key that the provider writes for a field."""
    return field.alias or name


def _field(model: type[BaseModel], name: str, field: FieldInfo) -> Shape:
    try:
        shape = _annotation(field.annotation)
    except TypeError as error:
        raise TypeError(f"{model.__name__}.{name}: {error}") from None
    if field.is_required() and type(None) in get_args(field.annotation):
        raise TypeError(f"{model.__name__}.{name}: may be null and has no default; give it = None")
    return Shape(shape.sql, shape.raw, field.is_required(), shape.fields, shape.item)


def _annotation(annotation: Any) -> Shape:
    if annotation is Any:
        return Shape("JSON", frozenset(), required=False)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _annotation(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _union([arm for arm in get_args(annotation) if arm is not type(None)])
    if origin is list:
        item = _annotation(get_args(annotation)[0])
        return Shape("LIST", frozenset({"ARRAY"}), required=False, item=item)
    if origin is dict:
        if get_args(annotation) != (str, Any):
            raise TypeError(f"{annotation} has no column type; write dict[str, Any]")
        return Shape("JSON", frozenset({"OBJECT"}), required=False)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _struct(annotation, required=False)
    if annotation in SQL_TYPES:
        return Shape(SQL_TYPES[annotation], RAW_TYPES[annotation], required=False)
    raise TypeError(f"{annotation} has no JSON counterpart; use str, int, float, bool, Any, ...")


def _union(arms: list[Any]) -> Shape:
    if len(arms) == 1:
        return _annotation(arms[0])
    raw = frozenset[str]()
    for arm in arms:
        raw |= _annotation(arm).raw
    scalar = all(arm in SQL_TYPES for arm in arms)
    # Several types in one column: scalars arrive as their text, anything else as JSON.
    return Shape("VARCHAR" if scalar else "JSON", raw, required=False)

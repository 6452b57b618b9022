"""SQL that says, for a whole batch, which records have the shape that their model promises.

A record fits when it is a JSON object, its required fields are there and not null, and the raw
JSON type of every typed field is allowed. To ask DuckDB for the raw types of all fields costs
nearly as much as to extract them, so it is done in three steps, each for fewer records:

1. `doubtful` looks at the extracted values only. A text that is no JSON itself (an object, an
   array, a number or a truth value) was a string; an object that is not null was one.
2. `fits` asks for the raw types, of the doubtful records.
3. Inside lists DuckDB cannot ask for types path by path; the records whose lists are `suspicious`
   are put before pydantic.
"""

from schemas.shape import INTEGER, Shape

OBJECT_OR_ARRAY = "ascii({0}) IN (123, 91)"  # begins with { or [
# What was no string gives its JSON; for nearly all texts that were, the first letters settle it.
UNQUOTED = "json_valid({0})"
UNQUOTED_NO_INTEGER = (
    "CASE WHEN json_valid({0}) THEN NOT regexp_full_match({0}, '-?[0-9]+') ELSE false END"
)


def type_paths(shape: Shape) -> list[str]:
    """Return the JSON paths whose raw types `fits` wants, the root first."""
    return ["$", *(path for path, _ in shape.paths())]


def fits(shape: Shape, types: str) -> str:
    """Return a predicate over `types`, the raw JSON types of `type_paths` (never null)."""
    terms = [f"{types}[1] = 'OBJECT'"]
    optional: dict[frozenset[str], list[int]] = {}
    for position, (path, node) in enumerate(shape.paths(), start=2):
        if node.required:
            terms.append(_required(path, node, types, position, shape))
        else:
            optional.setdefault(node.raw, []).append(position)
    for raw, positions in sorted(optional.items(), key=lambda group: group[1]):
        allowed = ", ".join(f"'{name}'" for name in sorted(raw | {"NULL"}))
        terms.extend(
            f"coalesce({types}[{position}] IN ({allowed}), true)" for position in positions
        )
    return " AND ".join(f"coalesce({term}, false)" for term in terms)


def _required(path: str, node: Shape, types: str, position: int, shape: Shape) -> str:
    allowed = ", ".join(f"'{name}'" for name in sorted(node.raw))
    present = f"{types}[{position}] IN ({allowed})"
    parent = _parent_position(path, shape)
    if parent is None:
        return present
    # A required field of an object that is itself optional counts only where the object is there.
    return f"({types}[{parent}] IS DISTINCT FROM 'OBJECT' OR coalesce({present}, false))"


def _parent_position(path: str, shape: Shape) -> int | None:
    for position, (candidate, node) in enumerate(shape.paths(), start=2):
        if (
            node.fields
            and path.startswith(candidate + '."')
            and path.count('."') == (candidate.count('."') + 1)
        ):
            return position
    return None


def doubtful(shape: Shape, value: str) -> str:
    """Return a predicate over the extracted struct `value`: must the raw types be asked for?"""
    return f"coalesce({' OR '.join(_doubts(shape, value))}, false)"


def _doubts(shape: Shape, value: str) -> list[str]:
    told = any(_told_when_absent(child) for _, child in shape.fields)
    doubts = [] if told else [_empty(shape, value)]
    for name, child in shape.fields:
        inner = f'{value}."{name}"'
        if child.fields:
            doubts += _doubts(child, inner)
        elif child.raw:
            doubts += [_doubt(child, inner)]
    return doubts


def _empty(shape: Shape, value: str) -> str:
    """Return the test that nothing was found: `json_transform` makes a struct of nulls of `[]`."""
    if shape.fields:
        return " AND ".join(_empty(child, f'{value}."{name}"') for name, child in shape.fields)
    return f"{value} IS NULL"


def _told_when_absent(shape: Shape) -> bool:
    """Tell whether a node that is null is doubtful by itself, so that none around it need be."""
    return bool(shape.fields) or (bool(shape.raw) and (shape.sql != "VARCHAR" or shape.required))


def _doubt(shape: Shape, value: str) -> str:
    if shape.item is not None:
        return f"{value} IS NULL"
    if shape.sql == "VARCHAR":
        looks = _looks(shape).format(value)
        return f"{value} IS NULL OR {looks}" if shape.required else looks
    if shape.raw == {"OBJECT"}:
        return f"{value} IS NULL OR ascii(CAST({value} AS VARCHAR)) <> 123"
    return "true"  # a number or truth value: conversion hides what it was


def _looks(shape: Shape) -> str:
    """Return the test that finds every text which may have been of a type not allowed."""
    if shape.raw == {"VARCHAR"}:
        return UNQUOTED
    if shape.raw == {"VARCHAR"} | INTEGER:
        return UNQUOTED_NO_INTEGER
    if "VARCHAR" in shape.raw and shape.raw >= INTEGER | {"BOOLEAN", "DOUBLE"}:
        return OBJECT_OR_ARRAY
    return UNQUOTED if "VARCHAR" in shape.raw else "true"


def suspicious(shape: Shape, value: str) -> str:
    """Return a predicate over the extracted struct `value`: must pydantic look at this record?"""
    terms = _terms(shape, value, inside_list=False)
    return " OR ".join(terms) if terms else "false"


def _nothing_in(shape: Shape, value: str) -> str:
    # What is no object comes out of the extraction as an object with nothing in it.
    values = [f'{value}."{name}"' for name, _ in shape.fields]
    if all(child.sql == "VARCHAR" for _, child in shape.fields):
        return f"coalesce({', '.join(values)}) IS NULL"  # looks no further than the first text
    return "(" + " AND ".join(f"{each} IS NULL" for each in values) + ")"


def _terms(shape: Shape, value: str, inside_list: bool) -> list[str]:
    if shape.fields:
        terms = [_nothing_in(shape, value)] if inside_list else []
        for name, child in shape.fields:
            terms += _terms(child, f'{value}."{name}"', inside_list)
        return terms
    if shape.item is not None:
        # Of a list, each element is judged; a list that is null because it was no array shows in
        # the raw types outside lists, and must be looked at inside them.
        of_element = _terms(shape.item, "element", inside_list=True)
        if shape.item.raw and not shape.item.fields:
            of_element = ["element IS NULL", *of_element]  # a null is no text, no number
        inner = " OR ".join(of_element) or "false"
        terms = [f"{value} IS NULL"] if inside_list else []
        # Not `list_filter`: that copies the elements which it finds, and there are none as a rule.
        return [*terms, f"list_contains(list_transform({value}, lambda element: {inner}), true)"]
    if not inside_list or not shape.raw:
        return []
    if shape.sql == "VARCHAR":
        return [_looks(shape).format(value)]
    return ["true"]  # a number or truth value inside a list: its raw type cannot be asked for

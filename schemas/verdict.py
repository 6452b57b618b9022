"""SQL that says, for a whole batch, which records have the shape that their model promises.

A record fits when it is a JSON object, its required fields are there and not null, and the raw
JSON type of every typed field is allowed. Paths outside lists are judged exactly, from the types
of the raw JSON. Inside lists DuckDB cannot ask for types path by path; there the extracted values
tell which records are *suspicious*, and those alone are put before pydantic.
"""

from schemas.shape import Shape

# First characters of JSON values that are no strings: { [ - 0..9. `true` and `false` are matched
# whole: many honest strings begin with t or f.
_STRUCTURED = "ascii({0}) IN (123, 91)"
_UNQUOTED = (
    "(ascii({0}) IN (123, 91) OR {0} IN ('true', 'false')"
    " OR ((ascii({0}) BETWEEN 48 AND 57 OR ascii({0}) = 45)"
    " AND try_cast({0} AS DOUBLE) IS NOT NULL))"
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


def suspicious(shape: Shape, value: str) -> str:
    """Return a predicate over the extracted struct `value`: must pydantic look at this record?"""
    terms = _terms(shape, value, inside_list=False)
    return " OR ".join(terms) if terms else "false"


def _nothing_in(shape: Shape, value: str) -> str:
    # What is no object comes out of the extraction as an object with nothing in it.
    return "(" + " AND ".join(f'{value}."{name}" IS NULL' for name, _ in shape.fields) + ")"


def _terms(shape: Shape, value: str, inside_list: bool) -> list[str]:
    if shape.fields:
        terms = [_nothing_in(shape, value)] if inside_list else []
        for name, child in shape.fields:
            terms += _terms(child, f'{value}."{name}"', inside_list)
        return terms
    if shape.item is not None:
        # Of a list, each element is judged; a list that is null because it was no array shows in
        # the raw types outside lists, and must be looked at inside them.
        inner = " OR ".join(_terms(shape.item, "element", inside_list=True)) or "false"
        terms = [f"{value} IS NULL"] if inside_list else []
        return [*terms, f"len(list_filter({value}, lambda element: coalesce({inner}, false))) > 0"]
    if not inside_list or not shape.raw:
        return []
    if shape.sql == "VARCHAR":
        only_text = shape.raw == {"VARCHAR"}
        return [(_UNQUOTED if only_text else _STRUCTURED).format(value)]
    return ["true"]  # a number or truth value inside a list: its raw type cannot be asked for

"""Says why a record cannot become an event."""

from dataclasses import dataclass

from pydantic import ValidationError

from schemas.source import SourceModel

# Where a record lacks what every event needs: what the reader should be told.
PROBLEMS = {
    "missing_time": "the record has no time",
    "unreadable_time": "the time is in no form that is known",
    "time_out_of_range": "the time is before 2000 or more than 24 h ahead",
    "missing_action": "the record does not say what was done",
    "missing_actor_and_address": "the record names neither who acted nor from where",
}
TOO_DEEP = ("recursion limit exceeded", "nested too deep")  # pydantic's words, and plainer ones
MOST_SHOWN = 40  # letters of a time that cannot be read
JSON_NAMES = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
TYPE_NAMES = {
    str: "a string",
    bool: "a truth value",
    int: "an integer",
    float: "a number",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


@dataclass(frozen=True)
class Refusal:
    """A record that goes to quarantine: its ordinal in the raw object, and why."""

    ordinal: int
    mapper: str | None
    reason: str
    detail: str


def problem(reason: str, time: str | None) -> tuple[str, str]:
    """Return (reason, detail) of a record that lacks what every event needs.

    A time that is no time is shown, cut short: without it nobody can tell what form it has.
    """
    detail = PROBLEMS[reason]
    if reason not in ("unreadable_time", "time_out_of_range") or time is None:
        return reason, detail
    shown = time if len(time) <= MOST_SHOWN else f"{time[:MOST_SHOWN]}…"
    return reason, f"{detail}: {shown!r}"


def misfit(text: str, model: type[SourceModel]) -> tuple[str, str] | None:
    """Return (reason, detail) when the record does not fit the model, else None.

    The detail names fields and JSON types, never values: a value may be a secret.
    """
    try:
        model.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        if faults[0]["type"] == "json_invalid":
            return "not_json", faults[0]["msg"].replace(*TOO_DEEP)
        if not faults[0]["loc"]:
            return "not_an_object", f"{TYPE_NAMES.get(type(faults[0]['input']), 'a value')}"
        missing = all(fault["type"] == "missing" for fault in faults)
        detail = "; ".join(_fault(fault["loc"], fault["type"], fault["input"]) for fault in faults)
        return ("missing_field" if missing else "wrong_type"), detail[:1000]
    return None


def _fault(location: tuple[int | str, ...], kind: str, value: object) -> str:
    name = ".".join(str(part) for part in location)
    if kind == "missing":
        return f"{name}: missing"
    wanted = JSON_NAMES.get(kind, kind)
    return f"{name}: {TYPE_NAMES.get(type(value), 'a value')} where {wanted} is promised"

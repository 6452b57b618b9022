"""What the command line says of words that it does not take: the option, the value, the remedy."""

import re
from collections.abc import Sequence

from pydantic import ValidationError

from conf.settings import Settings

# What is meant to be a command, and what does its work until it is.
NOT_YET = {
    "serve": "There is no server of a web page yet. `antipode anomalies` and `antipode explain` "
    "show what was flagged, `antipode sql` queries the lake.",
    "count": "Connections of network sensors are kept in raw/ and not counted yet. `antipode sql` "
    "counts what is in the tables.",
}


def told(message: str, arguments: Sequence[str]) -> str:
    """Return what to say instead of the library's message."""
    if command := re.fullmatch(r"No such command '(\w+)'\.?", message):
        return NOT_YET.get(command[1], f"{message} See `antipode --help`.")
    if option := re.match(r"Invalid value for '(--[a-z-]+)': ", message):
        value = _value(option[1], arguments)
        if value is not None:
            said = message[option.end() :].removeprefix("Value error, ")
            return f"{option[1]} {value!r}: {said}"
    return message


def settings_told(failure: ValidationError) -> str:
    """Return what to say of settings in the environment that cannot be."""
    said = []
    for fault in failure.errors(include_url=False, include_context=False):
        name = str(fault["loc"][0])
        wanted = Settings.model_fields[name].description
        said.append(f"ANTIPODE_{name.upper()}={fault['input']}: {fault['msg']}. Wanted: {wanted}")
    return "; ".join(said)


def _value(option: str, arguments: Sequence[str]) -> str | None:
    """Return the last value that an option was given."""
    found = None
    for word, following in zip(arguments, [*arguments[1:], None], strict=True):
        if word == option:
            found = following
        elif word.startswith(f"{option}="):
            found = word.removeprefix(f"{option}=")
    return found

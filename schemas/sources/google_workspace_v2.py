"""Google Workspace activity flattened: one event a record, as log pipelines deliver it.

Such pipelines write each event of an activity as a record of its own, with the event's `name` and
`type` at the top and `parameters` as one object instead of a list. The ordinal of the event is
lost, so the hash of the record is its unique id. What the events mean is as in version 1.
"""

from typing import Any

from schemas.source import Source, SourceModel
from schemas.sources.google_workspace_v1 import DECISIVE, FURTHER, Actor, Id, columns


class FlatEvent(SourceModel):
    id: Id | None = None
    actor: Actor | None = None
    ipAddress: str | None = None
    name: str | None = None
    type: str | None = None
    parameters: Any = None
    events: Any = None  # there in version 1 only


PARAMETERS = (*DECISIVE, *FURTHER)
# The rules application names no event in this shape: what was triggered is the action.
TRIGGERED = "$.triggered_actions[0].action_type"
PATHS = ", ".join(f"'{path}'" for path in (*(f"$.{name}" for name in PARAMETERS), TRIGGERED))


def parameter(name: str) -> str:
    """Return the SQL of a parameter's value as text; null where the event does not have it."""
    return f"item[{PARAMETERS.index(name) + 1}]"


SOURCE = Source(
    model=FlatEvent,
    product=("Google Workspace", "Google"),
    accepts="events IS NULL",
    # One event: the list of its parameters' values, taken out of the object in one pass.
    explode=f"[json_extract_string(parameters, [{PATHS}])]",
    columns=columns(f"coalesce(name, type, item[{len(PARAMETERS) + 1}])", parameter),
)

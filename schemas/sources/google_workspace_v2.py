"""Google Workspace activity flattened: one event a record, as log pipelines deliver it.

Such pipelines write each event of an activity as a record of its own, with the event's `name` and
`type` at the top and `parameters` as one object instead of a list. The ordinal of the event is
lost, so the hash of the record is its unique id. What the events mean is as in version 1.
"""

from typing import Any

from schemas.source import Source, SourceModel
from schemas.sources.google_workspace_v1 import Actor, Id, columns


class FlatEvent(SourceModel):
    id: Id | None = None
    actor: Actor | None = None
    ipAddress: str | None = None
    name: str | None = None
    type: str | None = None
    parameters: Any = None
    events: Any = None  # there in version 1 only


def parameter(name: str) -> str:
    """Return the SQL of a parameter's value as text; the values of a list are parted by commas."""
    return f"""coalesce(nullif(array_to_string(parameters->>'$.{name}[*]', ','), ''),
      parameters->>'$.{name}')"""


SOURCE = Source(
    model=FlatEvent,
    product=("Google Workspace", "Google"),
    accepts="events IS NULL",
    columns=columns(
        "coalesce(name, type, parameters->>'$.triggered_actions[0].action_type')", parameter
    ),
)

"""Google Workspace activity flattened: one event a record, as log pipelines deliver it.

As version 2, but for what version 3 puts right in the mapping.
"""

from dataclasses import replace

from schemas.sources import google_workspace_v2
from schemas.sources.google_workspace_v2 import TRIGGERED
from schemas.sources.google_workspace_v3 import NEW, columns

PARAMETERS = (*google_workspace_v2.PARAMETERS, *NEW)
PATHS = ", ".join(f"'{path}'" for path in (*(f"$.{name}" for name in PARAMETERS), TRIGGERED))


def parameter(name: str) -> str:
    """Return the SQL of a parameter's value as text; null where the event does not have it."""
    return f"item[{PARAMETERS.index(name) + 1}]"


SOURCE = replace(
    google_workspace_v2.SOURCE,
    replaces="google_workspace_v2",
    explode=f"[json_extract_string(parameters, [{PATHS}])]",
    columns=columns(f"coalesce(name, type, item[{len(PARAMETERS) + 1}])", parameter),
)

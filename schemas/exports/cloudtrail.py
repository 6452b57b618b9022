"""CloudTrail's LookupEvents, also as the AWS CLI prints it: each event as a text in its row.

Source: AWS CloudTrail API Reference, "LookupEvents" and "Event".
"""

from typing import Any

MARK = b'"CloudTrailEvent"'
ENVELOPE = ("Events",)


def record(row: dict[str, Any]) -> Any:
    """Return the event itself."""
    return row.get("CloudTrailEvent")

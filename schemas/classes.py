"""The classes of OCSF 1.3 that events have, with their activities, as numbers and names.

Source: the Open Cybersecurity Schema Framework, version 1.3.0, classes `authentication`,
`api_activity` and `file_hosting`.
"""

from dataclasses import dataclass

AUTHENTICATION = 3002
API_ACTIVITY = 6003
FILE_HOSTING = 6006


@dataclass(frozen=True)
class EventClass:
    """A class: its number, its name, its category's number, and its activities by number."""

    uid: int
    name: str
    category_uid: int
    activities: dict[int, str]


CLASSES = (
    EventClass(
        AUTHENTICATION,
        "Authentication",
        3,
        {
            0: "Unknown",
            1: "Logon",
            2: "Logoff",
            3: "Authentication Ticket",
            4: "Service Ticket Request",
            5: "Service Ticket Renew",
            6: "Preauth",
            99: "Other",
        },
    ),
    EventClass(
        API_ACTIVITY,
        "API Activity",
        6,
        {0: "Unknown", 1: "Create", 2: "Read", 3: "Update", 4: "Delete", 99: "Other"},
    ),
    EventClass(
        FILE_HOSTING,
        "File Hosting Activity",
        6,
        {
            0: "Unknown",
            1: "Upload",
            2: "Download",
            3: "Update",
            4: "Delete",
            5: "Rename",
            6: "Copy",
            7: "Move",
            8: "Restore",
            9: "Preview",
            10: "Lock",
            11: "Unlock",
            12: "Share",
            13: "Unshare",
            14: "Open",
            15: "Sync",
            16: "Unsync",
            99: "Other",
        },
    ),
)
STATUSES = {0: "Unknown", 1: "Success", 2: "Failure", 99: "Other"}

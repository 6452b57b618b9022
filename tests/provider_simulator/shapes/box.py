"""Events of Box ("Event" and "Enterprise event types" of the API reference)."""

from typing import Any

from provider_simulator.moments import iso_offset
from provider_simulator.records import Template

USER = {"type": "user", "id": "3$account$person", "name": "$name"}
LOGIN = {**USER, "login": "$login@$tenant.example"}
FILE = {
    "item_type": "file",
    "item_id": "7$number",
    "item_name": "plan.pdf",
    "parent": {"type": "folder", "name": "Plans", "id": "91"},
}


def event(kind: str, source: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "created_by": LOGIN,
        "action_by": None,
        "created_at": "$time",
        "event_id": "$uuid",
        "event_type": kind,
        "ip_address": "$ip",
        "type": "event",
        "session_id": "$digits",
        "additional_details": None,
        **more,
    }


EVENT = Template.of(
    event("LOGIN", LOGIN),
    event("LOGIN", LOGIN),
    event("FAILED_LOGIN", LOGIN),
    event("UPLOAD", FILE, additional_details={"size": 4096, "service_name": "Box Web App"}),
    event("DOWNLOAD", FILE, additional_details={"size": 4096, "service_name": "Box Drive"}),
    event("PREVIEW", FILE),
    event("SHARE", FILE, additional_details={"shared_link_access_level": "open"}),
    event("COLLABORATION_INVITE", {"folder_id": "91", "folder_name": "Plans"},
          accessible_by={**USER, "login": "guest@partner.example"}),
    time=iso_offset,
)  # fmt: skip

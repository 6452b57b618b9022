"""Entries of Slack's audit log ("Audit logs actions"), with times in whole seconds."""

from typing import Any

from provider_simulator.moments import epoch_seconds
from provider_simulator.records import Template

USER = {"id": "W$account$person", "name": "$name", "email": "$login@$tenant.example"}


def entry(action: str, entity: dict[str, Any], details: dict[str, Any] | None = None) -> Any:
    record = {
        "id": "$uuid",
        "date_create": "<time>",
        "action": action,
        "actor": {"type": "user", "user": {**USER, "team": "T$account"}},
        "entity": entity,
        "context": {
            "location": {
                "type": "enterprise",
                "id": "E$account",
                "name": "$tenant",
                "domain": "$tenant",
            },
            "ua": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15",
            "session_id": "<number>",
            "ip_address": "$ip",
        },
    }
    return record | ({"details": details} if details else {})


THE_USER = {"type": "user", "user": USER}
FILE = {
    "type": "file",
    "file": {"id": "F$number", "name": "plan.pdf", "filetype": "application/pdf", "title": "Plan"},
}
CHANNEL = {
    "type": "channel",
    "channel": {"id": "C$account", "name": "general", "privacy": "public", "is_shared": False},
}
ENTRY = Template.of(
    entry("user_login", THE_USER),
    entry("user_login", THE_USER),
    entry("user_login_failed", THE_USER, {"reason": "invalid_password"}),
    entry("user_logout", THE_USER),
    entry("file_downloaded", FILE),
    entry("file_uploaded", FILE),
    entry("user_channel_join", CHANNEL),
    entry("private_channel_created", CHANNEL),
    time=epoch_seconds,
)

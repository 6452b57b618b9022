"""Rows of Zoom's reports. They have no id; the version or the detail keeps them apart here."""

from typing import Any

from provider_simulator.moments import iso_seconds
from provider_simulator.records import Template


def activity(kind: str, client: str) -> dict[str, Any]:
    return {
        "email": "$login@$tenant.example",
        "time": "$time",
        "type": kind,
        "ip_address": "$ip",
        "client_type": client,
        "version": "6.2.$number",
    }


def operation(category: str, action: str, detail: str) -> dict[str, Any]:
    return {
        "time": "$time",
        "operator": "$login@$tenant.example",
        "category_type": category,
        "action": action,
        "operation_detail": detail,
    }


ACTIVITY = Template.of(
    activity("Sign in", "Browser"),
    activity("Sign in", "iPhone"),
    activity("Sign out", "Browser"),
    time=iso_seconds,
)
OPERATION = Template.of(
    operation("User", "Update", "Edit User $login@$tenant.example  - Change Name: to Desk $number"),
    operation("Account", "Update", "Security  - Idle timeout: from Off to $number minutes"),
    operation("Role", "Add", "Add Role Helper $number"),
    time=iso_seconds,
)

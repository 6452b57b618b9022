"""Activities of the Reports API ("Activities", and the events of each application)."""

import json
from typing import Any

from provider_simulator.records import Series, Template


def activity(application: str, kind: str, name: str, **parameters: Any) -> dict[str, Any]:
    named: list[dict[str, Any]] = []
    for key, value in parameters.items():
        form = "value"
        if isinstance(value, bool):
            form = "boolValue"
        elif isinstance(value, list):
            form = "multiValue"
        named.append({"name": key, form: value})
    return {
        "kind": "admin#reports#activity",
        "id": {
            "time": "$time",
            "uniqueQualifier": "-4$number",
            "applicationName": application,
            "customerId": "C0$account",
        },
        "etag": '"$digits"',
        "actor": {
            "callerType": "USER",
            "email": "$login@$tenant.example",
            "profileId": "1$account$person",
        },
        "ipAddress": "$ip",
        "events": [{"type": kind, "name": name, "parameters": named}],
    }


def uids(line: bytes, _series: Series, _number: int) -> list[str]:
    """Application, time, qualifier, and which of the events of its activity it is."""
    record = json.loads(line)
    found = record["id"]
    activity = f"{found['applicationName']}/{found['time']}/{found['uniqueQualifier']}"
    return [f"{activity}/{place}" for place in range(len(record["events"]))]


def together(*activities: dict[str, Any]) -> dict[str, Any]:
    """Return one activity with the events of several."""
    events = [event for one in activities for event in one["events"]]
    return {**activities[0], "events": events}


DOCUMENT = {
    "primary_event": True,
    "billable": True,
    "owner_is_team_drive": False,
    "owner": "$login@$tenant.example",
    "doc_id": "1$digits",
    "doc_type": "document",
    "doc_title": "Plan",
    "visibility": "private",
}
BY_PASSWORD = {"login_type": "google_password", "login_challenge_method": ["password"]}
TO_APP = {
    "client_id": "71.apps.googleusercontent.com",
    "app_name": "Example Wiki",
    "client_type": "WEB",
    "scope": ["openid", "email"],
}
ACTIVITIES = {
    "login": Template.of(
        activity("login", "login", "login_success", **BY_PASSWORD, is_suspicious=False),
        activity("login", "login", "login_success", login_type="reauth", is_suspicious=False),
        activity("login", "login", "login_failure", **BY_PASSWORD,
                 login_failure_type="login_failure_invalid_password"),
        activity("login", "login", "logout", login_type="google_password"),
    ),
    "admin": Template.of(
        activity("admin", "USER_SETTINGS", "CREATE_USER", USER_EMAIL="new$number@$tenant.example"),
        together(*(
            activity("admin", "GROUP_SETTINGS", "ADD_GROUP_MEMBER", GROUP_EMAIL=f"{group}@$tenant"
                     ".example", USER_EMAIL="$login@$tenant.example")
            for group in ("all", "london")
        )),
        activity("admin", "DELEGATED_ADMIN_SETTINGS", "ASSIGN_ROLE", ROLE_NAME="_HELP_DESK",
                 USER_EMAIL="$login@$tenant.example"),
    ),
    "drive": Template.of(
        activity("drive", "access", "view", **DOCUMENT),
        activity("drive", "access", "edit", **DOCUMENT),
        activity("drive", "access", "download", **DOCUMENT),
        activity("drive", "acl_change", "change_user_access", **DOCUMENT,
                 target_user="guest@partner.example", old_value=["none"], new_value=["can_view"]),
    ),
    "token": Template.of(
        activity("token", "auth", "authorize", **TO_APP),
        activity("token", "auth", "revoke", **TO_APP),
    ),
    "saml": Template.of(
        activity("saml", "login", "login_success", application_name="Example Wiki",
                 initiated_by="sp", saml_status_code="SUCCESS_URI"),
        activity("saml", "login", "login_failure", application_name="Example Wiki",
                 initiated_by="sp", failure_type="failure_app_not_enabled_for_user"),
    ),
    "user_accounts": Template.of(
        activity("user_accounts", "2sv_change", "2sv_enroll"),
        activity("user_accounts", "password_change", "password_edit"),
    ),
}  # fmt: skip

"""Events of Dropbox's team log (namespace `team_log`, TeamEvent). They have no id."""

from typing import Any

from provider_simulator.moments import iso_seconds
from provider_simulator.records import Template

MEMBER = {
    ".tag": "team_member",
    "account_id": "dbid:AAH$account$person",
    "display_name": "$name",
    "email": "$login@$tenant.example",
    "team_member_id": "dbmid:AAFo$account$person",
}
FILE = {
    ".tag": "file",
    "path": {
        "contextual": "/plans/plan.pdf",
        "namespace_relative": {"ns_id": "$account", "relative_path": "/plans/plan.pdf"},
    },
    "display_name": "plan.pdf",
    "file_id": "id:$digits",
}


def event(kind: str, category: str, description: str, **more: Any) -> dict[str, Any]:
    return {
        "timestamp": "$time",
        "event_category": {".tag": category},
        "actor": {".tag": "user", "user": MEMBER},
        "origin": {
            "geo_location": {
                "city": "London",
                "region": "England",
                "country": "GB",
                "ip_address": "$ip",
            },
            "access_method": {
                ".tag": "end_user",
                "end_user": {".tag": "web", "session_id": "dbwsid:$number$account"},
            },
        },
        "involve_non_team_member": False,
        "context": MEMBER,
        "event_type": {".tag": kind, "description": description},
        "details": {".tag": f"{kind}_details"},
        **more,
    }


def by_password(kind: str) -> dict[str, Any]:
    return {".tag": f"{kind}_details", "login_method": {".tag": "password"}}


EVENT = Template.of(
    event("login_success", "logins", "Signed in", details=by_password("login_success")),
    event("login_success", "logins", "Signed in", details=by_password("login_success")),
    event("login_fail", "logins", "Failed to sign in", details=by_password("login_fail")),
    event("logout", "logins", "Signed out"),
    event("file_add", "file_operations", "Added files and/or folders", assets=[FILE]),
    event("file_download", "file_operations", "Downloaded files and/or folders", assets=[FILE]),
    event("shared_link_create", "sharing", "Created shared link", assets=[FILE]),
    time=iso_seconds,
)

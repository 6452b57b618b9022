"""Google Workspace: activities of the Admin SDK Reports API, one activity a line."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import template

TITLES = ("Quarterly review", "Team notes", "Hiring plan", "Launch checklist", "Travel costs")
APPS = ("Zoom", "Slack", "Notion", "Calendly", "Miro")


def _activity(application: str, *events: tuple[str, str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "kind": "admin#reports#activity",
        "id": {
            "time": "$time",
            "uniqueQualifier": "$qualifier",
            "applicationName": application,
            "customerId": "$customer",
        },
        "etag": '"$digits/$digits"',
        "actor": {"email": "$email", "profileId": "$profile"},
        "ipAddress": "$ip",
        "events": [
            {"type": kind, "name": name, "parameters": parameters}
            for kind, name, parameters in events
        ],
    }


def _text(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "value": value}


DOCUMENT: list[dict[str, Any]] = [
    {"name": "primary_event", "boolValue": True},
    {"name": "billable", "boolValue": True},
    {"name": "owner_is_shared_drive", "boolValue": False},
    _text("owner", "$email"),
    _text("doc_id", "1$digits"),
    _text("doc_type", "document"),
    {"name": "is_encrypted", "boolValue": False},
    _text("doc_title", "$title"),
    _text("visibility", "shared_internally"),
    _text("originating_app_id", "691301496089"),
    {"name": "actor_is_collaborator_account", "boolValue": False},
    {"name": "owner_is_team_drive", "boolValue": False},
]
SIGN_IN: list[dict[str, Any]] = [
    _text("login_type", "google_password"),
    {"name": "login_challenge_method", "multiValue": ["password"]},
]
GRANT: list[dict[str, Any]] = [
    _text("client_id", "$app_id.apps.googleusercontent.example"),
    _text("app_name", "$app"),
    _text("client_type", "WEB"),
    {"name": "scope", "multiValue": ["openid", "email"]},
]
CALL = [_text("api_name", "drive"), _text("method_name", "drive.files.list")]
WRONG_PASSWORD = _text("login_failure_type", "login_failure_invalid_password")
RECORDS = {
    "login_success": _activity(
        "login",
        ("login", "login_success", [*SIGN_IN, {"name": "is_suspicious", "boolValue": False}]),
    ),
    "login_failure": _activity(
        "login",
        ("login", "login_failure", [*SIGN_IN, WRONG_PASSWORD]),
    ),
    "logout": _activity("login", ("login", "logout", SIGN_IN[:1])),
    "view": _activity("drive", ("access", "view", DOCUMENT)),
    "edit": _activity("drive", ("access", "edit", DOCUMENT)),
    "create": _activity(  # Google reports the first change of a new document with its creation
        "drive", ("access", "create", DOCUMENT), ("access", "edit", DOCUMENT)
    ),
    "download": _activity("drive", ("access", "download", DOCUMENT)),
    "sync_item_content": _activity("drive", ("access", "sync_item_content", DOCUMENT)),
    "authorize": _activity("token", ("auth", "authorize", GRANT)),
    "activity": _activity("token", ("auth", "activity", [*GRANT[:3], *CALL])),
}


class Log:
    """The activity reports of the company's Google Workspace."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("login_success"),
        Action("logout", people=0.2),
        Action("view", people=4.0),
        Action("edit", people=3.0),
        Action("create", people=0.4),
        Action("download", people=0.5),
        Action("sync_item_content", people=0.3, sync=3.0),
        Action("authorize", people=0.15),
        Action("activity", people=1.5, sync=2.0, program=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.30, "engineer": 0.23, "service": 0.12}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._templates = {name: template(record) for name, record in RECORDS.items()}
        self._customer = "C0" + company.people[0].stable("customer", "0123456789abcdef", 7)

    def line(self, use: Use) -> str:
        return self._templates["login_failure" if use.failed else use.action.name] % {
            "time": use.time + "Z",
            "qualifier": _qualifier(use),
            "customer": self._customer,
            "digits": use.digits[:27],
            "email": use.person.email,
            "profile": "1" + use.person.stable("google", "0123456789", 20),
            "ip": use.address.text,
            "title": f"{use.pick(TITLES)} {use.number % 61}",
            "app": use.pick(APPS),
            "app_id": APPS.index(use.pick(APPS)) + 418_000_000_000,
        }

    def uids(self, use: Use) -> list[str]:
        activity = RECORDS["login_failure" if use.failed else use.action.name]
        stem = f"{activity['id']['applicationName']}/{use.time}Z/{_qualifier(use)}"
        return [f"{stem}/{ordinal}" for ordinal in range(len(activity["events"]))]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)


def _qualifier(use: Use) -> str:
    """A signed 64-bit number, as Google writes it."""
    return str(int(use.digits[:16], 16) - 2**63)

"""Slack Audit Logs API (Enterprise Grid): one entry a record.

Slack promises an e-mail address for every user; `entity` is what was acted on, one of many kinds.
Source: Slack API documentation, "Audit Logs API" (`/audit/v1/logs`) and "Audit logs actions".
"""

from typing import Any

from schemas.source import Source, SourceModel


class SlackUser(SourceModel):
    id: str | None = None
    name: str | None = None
    email: str | None = None


class Actor(SourceModel):
    type: str | None = None
    user: SlackUser | None = None
    app: Any = None


class Location(SourceModel):
    id: str | None = None


class Context(SourceModel):
    location: Location | None = None
    ua: str | None = None
    ip_address: str | None = None
    session_id: str | int | None = None


class Entry(SourceModel):
    id: str | None = None
    date_create: str | int | float | None = None
    action: str | None = None
    actor: Actor | None = None
    entity: Any = None
    context: Context | None = None
    details: Any = None


SIGN_IN = (
    "(action IN ('user_login', 'user_login_failed', 'user_logout', 'user_logout_compromised'))"
)
FILE_NAME = "json_extract_string(entity, '$.file.title')"
FILE_ACTIVITIES = {
    "file_uploaded": 1,
    "file_downloaded": 2,
    "file_downloaded_blocked": 2,
    "file_deleted": 4,
    "file_shared": 12,
    "file_public_link_created": 12,
    "file_public_link_revoked": 13,
}
FILE = f"action IN ({', '.join(repr(name) for name in FILE_ACTIVITIES)}) AND {FILE_NAME} <> ''"
FILE_ACTIVITY = " ".join(f"WHEN '{name}' THEN {uid}" for name, uid in FILE_ACTIVITIES.items())
# An action ends (or, for roles, begins) with the word that says what was done.
CREATES = "(created|added|uploaded|installed|invited|assigned|joined|enabled|issued|approved|set)"
READS = "(downloaded|viewed|accessed|exported|started|previewed|searched|opened)"
DELETES = "(deleted|removed|revoked|uninstalled|unenrolled|released|deactivated|disabled)"
ENTITY_FIELDS = ("user", "workspace", "enterprise", "file", "channel", "app", "role", "usergroup")


def _of_entity(*names: str) -> str:
    """Return SQL for the first of the entity's fields that is there, whatever kind it is."""
    paths = ", ".join(f"'$.{kind}.{name}'" for kind in ENTITY_FIELDS for name in names)
    return f"list_filter(json_extract_string(entity, [{paths}]), lambda x: x <> '')[1]"


def _detail(name: str) -> str:
    return f"'{name}: ' || nullif(json_extract_string(details, '$.{name}'), '')"


SOURCE = Source(
    model=Entry,
    product=("Slack Audit Logs", "Slack"),
    columns={
        "time": "date_create",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 WHEN {FILE} THEN 6006 ELSE 6003 END",
        "activity_id": f"""CASE WHEN action LIKE 'user_logout%' THEN 2 WHEN {SIGN_IN} THEN 1
            WHEN {FILE} THEN CASE action {FILE_ACTIVITY} END
            WHEN regexp_matches(action, '_{CREATES}$') THEN 1
            WHEN regexp_matches(action, '_{READS}$') THEN 2
            WHEN regexp_matches(action, '_{DELETES}$') THEN 4
            WHEN action IS NULL THEN 0 WHEN action = 'anomaly' THEN 99 ELSE 3 END""",
        "status_id": """CASE WHEN action LIKE '%_failed' OR action LIKE '%_blocked'
            THEN 2 ELSE 1 END""",
        "message": f"""left(nullif(concat_ws('; ', {_detail("new_value")},
            {_detail("previous_value")}, {_detail("reason")}, {_detail("permissions")},
            {_detail("new_scopes")},
            'scopes: ' || json_extract_string(entity, '$.app.scopes')), ''), 500)""",
        "metadata.uid": "id",
        "metadata.event_code": "action",
        "metadata.tenant_uid": "context.location.id",
        "actor.user.uid": """coalesce(nullif(actor.user.id, ''),
            json_extract_string(actor.app, '$.id'))""",
        "actor.user.name": """coalesce(nullif(actor.user.name, ''), nullif(actor.user.email, ''),
            json_extract_string(actor.app, '$.name'))""",
        "actor.user.email_addr": "actor.user.email",
        "actor.user.type_id": """CASE
            WHEN coalesce(actor.user.id, actor.user.name, actor.user.email, '') <> '' THEN 1
            WHEN json_extract_string(actor.app, '$.id') <> '' THEN 3 END""",
        "actor.session.uid": "context.session_id",
        "actor.app_name": "json_extract_string(actor.app, '$.name')",
        "user.uid": f"CASE WHEN NOT {SIGN_IN} THEN json_extract_string(entity, '$.user.id') END",
        "user.name": f"CASE WHEN NOT {SIGN_IN} THEN json_extract_string(entity, '$.user.name') END",
        "user.email_addr": f"""CASE WHEN NOT {SIGN_IN}
            THEN json_extract_string(entity, '$.user.email') END""",
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'Slack' END",
        "src_endpoint.ip": "context.ip_address",
        "http_request.user_agent": "context.ua",
        "api.operation": "action",
        "resources": f"""CASE WHEN json_extract_string(entity, '$.type') <> '' THEN [{{
            'uid': {_of_entity("id")}, 'name': {_of_entity("name", "title")},
            'type': json_extract_string(entity, '$.type')}}] END""",
        "file.uid": f"CASE WHEN {FILE} THEN json_extract_string(entity, '$.file.id') END",
        "file.name": f"CASE WHEN {FILE} THEN {FILE_NAME} END",
        "file.type_id": f"CASE WHEN {FILE} THEN 1 END",
    },
    envelope=("entries",),
)

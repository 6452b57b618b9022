"""Box enterprise events (`/events`, admin logs): one event a record.

`source` is what was acted on, in one of three forms: with `type`, `id` and `name`; with
`item_type`, `item_id` and `item_name`; with `folder_id` and `folder_name`, or the like for files
and users. Someone who opens a shared link without signing in is written as user 2 without a login:
that is nobody.
Source: Box Developer documentation, "Enterprise events", and the reference of the Event object.
"""

from typing import Any

from schemas.source import Source, SourceModel


class BoxUser(SourceModel):
    type: str | None = None
    id: str | int | None = None
    name: str | None = None
    login: str | None = None


class Event(SourceModel):
    event_id: str | int | None = None
    event_type: str | None = None
    created_at: str | int | float | None = None
    recorded_at: str | int | float | None = None
    created_by: BoxUser | None = None
    action_by: BoxUser | None = None
    accessible_by: BoxUser | None = None
    ip_address: str | None = None
    session_id: str | None = None
    source: Any = None
    additional_details: Any = None


SIGN_INS = ("LOGIN", "FAILED_LOGIN", "ADMIN_LOGIN", "DEVICE_TRUST_CHECK_FAILED")
SIGN_IN = f"coalesce(event_type IN {SIGN_INS}, false)"
FILE_ACTIVITIES = {
    1: ("UPLOAD", "ITEM_UPLOAD", "ITEM_CREATE", "FILE_VERSION_UPLOAD"),
    2: ("DOWNLOAD", "ITEM_DOWNLOAD"),
    3: (
        "EDIT",
        "ITEM_MODIFY",
        "ITEM_SHARED_UPDATE",
        "CHANGE_FOLDER_PERMISSION",
        "FILE_VERSION_PROMOTE",
    ),
    4: ("DELETE", "ITEM_TRASH", "FILE_VERSION_DELETE", "PERMANENT_DELETE"),
    5: ("RENAME", "ITEM_RENAME"),
    6: ("COPY", "ITEM_COPY"),
    7: ("MOVE", "ITEM_MOVE"),
    8: ("UNDELETE", "ITEM_UNDELETE_VIA_TRASH", "FILE_VERSION_RESTORE"),
    9: ("PREVIEW", "ITEM_PREVIEW"),
    10: ("LOCK", "LOCK_CREATE"),
    11: ("UNLOCK", "LOCK_DESTROY"),
    12: ("SHARE", "ITEM_SHARED", "ITEM_SHARED_CREATE"),
    13: ("UNSHARE", "ITEM_SHARED_UNSHARE"),
    14: ("ITEM_OPEN", "CONTENT_ACCESS"),
    15: ("ITEM_SYNC",),
    16: ("ITEM_UNSYNC",),
}
FILE_ACTIVITY = (
    "CASE "
    + " ".join(
        f"WHEN event_type IN ({', '.join(repr(name) for name in names)}) THEN {uid}"
        for uid, names in FILE_ACTIVITIES.items()
    )
    + " END"
)
CREATES = "^(NEW|ADD|CREATE)_|_(CREATE|CREATED|ADD|INVITE)$"
READS = "_(VIEW|OPEN|DOWNLOAD|EXPORT)$"
DELETES = "^(DELETE|REMOVE)_|_(DELETE|DELETED|REMOVE)$"


def _source(*names: str) -> str:
    """Return SQL for the first of some fields of `source` that is there."""
    found = (f"json_extract_string(source, '$.{name}')" for name in names)
    return f"coalesce({', '.join(found)}, NULL)"


ITEM_TYPE = f"""coalesce({_source("item_type", "type")},
    CASE WHEN {_source("folder_id")} IS NOT NULL THEN 'folder'
        WHEN {_source("file_id")} IS NOT NULL THEN 'file'
        WHEN {_source("user_id")} IS NOT NULL THEN 'user' END)"""
OF_ITEM = f"({ITEM_TYPE} IN ('file', 'folder', 'web_link'))"
NAME = _source("item_name", "name", "folder_name", "file_name", "user_name")
ID = _source("item_id", "id", "folder_id", "file_id", "user_id")
FILE = f"({FILE_ACTIVITY} IS NOT NULL AND {OF_ITEM} AND {NAME} <> '')"
FOLDERS = "json_extract_string(source, '$.path_collection.entries[*].name')"
# Some exports keep the details as text that holds JSON.
DETAILS = """coalesce(TRY_CAST(additional_details ->> '$' AS JSON), additional_details)"""
SOMEBODY = "(created_by.login <> '' OR created_by.id <> '2')"
TARGET = f"CASE WHEN NOT {SIGN_IN} AND {ITEM_TYPE} = 'user' THEN"

SOURCE = Source(
    model=Event,
    product=("Box Events", "Box"),
    columns={
        "time": "coalesce(created_at, recorded_at)",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 WHEN {FILE} THEN 6006 ELSE 6003 END",
        "activity_id": f"""CASE WHEN {SIGN_IN} THEN 1 WHEN {FILE} THEN {FILE_ACTIVITY}
            WHEN {FILE_ACTIVITY} IN (2, 9, 14) THEN 2 WHEN {FILE_ACTIVITY} = 4 THEN 4
            WHEN {FILE_ACTIVITY} = 1 THEN 1 WHEN {FILE_ACTIVITY} IS NOT NULL THEN 3
            WHEN regexp_matches(event_type, '{CREATES}') THEN 1
            WHEN regexp_matches(event_type, '{READS}') THEN 2
            WHEN regexp_matches(event_type, '{DELETES}') THEN 4
            WHEN event_type LIKE 'SHIELD_ALERT%' THEN 99
            WHEN event_type IS NULL THEN 0 ELSE 3 END""",
        "status_id": "CASE WHEN regexp_matches(event_type, 'FAILED|BLOCKED') THEN 2 ELSE 1 END",
        "message": f"""left(nullif(concat_ws('; ',
            'access: ' || json_extract_string({DETAILS}, '$.shared_link_access_level'),
            'role: ' || json_extract_string({DETAILS}, '$.role'),
            'with: ' || accessible_by.login,
            'rule: ' || json_extract_string({DETAILS}, '$.shield_alert.rule_category'),
            json_extract_string({DETAILS}, '$.shield_alert.alert_summary.description')),
            ''), 500)""",
        "metadata.uid": "event_id",
        "metadata.event_code": "event_type",
        "actor.user.uid": f"CASE WHEN {SOMEBODY} THEN created_by.id END",
        "actor.user.name": f"""CASE WHEN {SOMEBODY}
            THEN coalesce(nullif(created_by.name, ''), created_by.login) END""",
        "actor.user.email_addr": "created_by.login",
        "actor.user.type_id": f"""CASE
            WHEN created_by.login LIKE 'AutomationUser%@boxdevedition.com' THEN 3
            WHEN {SOMEBODY} THEN 1 END""",
        "actor.session.uid": "session_id",
        "actor.app_name": f"json_extract_string({DETAILS}, '$.service_name')",
        "user.uid": f"{TARGET} {ID} ELSE accessible_by.id END",
        "user.name": f"""{TARGET} coalesce({NAME}, {_source("login")})
            ELSE coalesce(accessible_by.name, accessible_by.login) END""",
        "user.email_addr": f"{TARGET} {_source('login')} ELSE accessible_by.login END",
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'Box' END",
        "src_endpoint.ip": "ip_address",
        "api.operation": "event_type",
        "resources": f"""CASE WHEN {ID} IS NOT NULL THEN [{{
            'uid': {ID}, 'name': {NAME}, 'type': {ITEM_TYPE}}}] END""",
        "file.uid": f"CASE WHEN {FILE} THEN {ID} END",
        "file.name": f"CASE WHEN {FILE} THEN {NAME} END",
        "file.path": f"""CASE WHEN {FILE} AND len({FOLDERS}) > 0
            THEN '/' || array_to_string(list_append({FOLDERS}, {NAME}), '/') END""",
        "file.type_id": f"""CASE WHEN {FILE} THEN CASE {ITEM_TYPE} WHEN 'file' THEN 1
            WHEN 'folder' THEN 2 ELSE 99 END END""",
    },
    envelope=("entries",),
)

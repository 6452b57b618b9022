"""Dropbox Business team log (`team_log/get_events`): one event a record, without an id.

Dropbox marks the kind of every union with `.tag`; pipelines that cannot keep the point write
`_tag`. The actor is a union too: a user or an admin of the team, an app, a reseller, Dropbox.
Source: Dropbox Business API documentation, namespace `team_log`.
"""

from typing import Any

from pydantic import Field

from schemas.source import Source, SourceModel


class Tagged(SourceModel):
    dotted: str | None = Field(default=None, alias=".tag")
    underlined: str | None = Field(default=None, alias="_tag")


class Member(Tagged):
    account_id: str | None = None
    team_member_id: str | None = None
    display_name: str | None = None
    email: str | None = None


class App(Tagged):
    app_id: str | None = None
    display_name: str | None = None


class Actor(Tagged):
    user: Member | None = None
    admin: Member | None = None
    app: App | None = None
    reseller: Any = None


class EventType(Tagged):
    description: str | None = None


class GeoLocation(SourceModel):
    ip_address: str | None = None


class Origin(SourceModel):
    geo_location: GeoLocation | None = None
    access_method: Any = None


class Event(SourceModel):
    timestamp: str | int | float | None = None
    actor: Actor | None = None
    origin: Origin | None = None
    event_type: EventType | None = None
    event_category: Any = None
    details: Any = None
    context: Any = None
    participants: Any = None
    assets: Any = None


def _tag(field: str) -> str:
    return f'coalesce({field}.".tag", {field}."_tag")'


def _tag_in(document: str, path: str) -> str:
    return (
        f"coalesce(json_extract_string({document}, '{path}.\".tag\"'),"
        f" json_extract_string({document}, '{path}.\"_tag\"'))"
    )


ACTION = _tag("event_type")
MEMBER = 'coalesce(actor."user", actor.admin)'
SIGN_IN = f"""coalesce({ACTION} IN ('login_success', 'login_fail', 'logout', 'sso_error',
    'sign_in_as_session_start', 'sign_in_as_session_end'), false)"""
FILE_ACTIVITIES = {
    1: ("file_add", "file_add_from_automation", "file_request_receive_file", "create_folder"),
    2: (
        "file_download",
        "shared_link_download",
        "shared_content_download",
        "file_save_copy_reference",
    ),
    3: (
        "file_edit",
        "file_revert",
        "shared_folder_transfer_ownership",
        "shared_link_settings_change",
    ),
    4: ("file_delete", "file_permanently_delete"),
    5: ("file_rename",),
    6: ("file_copy", "shared_content_copy"),
    7: ("file_move",),
    8: ("file_restore", "shared_content_restore_member"),
    9: ("file_preview", "shared_link_view", "shared_content_view"),
    10: ("file_locking_lock",),
    11: ("file_locking_unlock",),
    12: (
        "shared_link_create",
        "shared_link_share",
        "shared_content_add_member",
        "shared_folder_create",
    ),
    13: ("shared_link_disable", "shared_content_remove_member", "shared_folder_unmount"),
}
FILE_ACTIVITY = (
    "CASE "
    + " ".join(
        f"WHEN {ACTION} IN ({', '.join(repr(name) for name in names)}) THEN {uid}"
        for uid, names in FILE_ACTIVITIES.items()
    )
    + " END"
)
PATH = "json_extract_string(assets, '$[0].path.contextual')"
NAME = f"""nullif(coalesce(json_extract_string(assets, '$[0].display_name'),
    regexp_extract({PATH}, '([^/]+)/?$', 1)), '')"""
ASSET = _tag_in("assets", "$[0]")
FILE = f"({FILE_ACTIVITY} IS NOT NULL AND {NAME} IS NOT NULL)"
PARTICIPANT = """coalesce(json_extract(participants, '$[0].user'),
    CASE WHEN json_extract_string(context, '$.email') <> coalesce(actor."user".email,
        actor.admin.email) THEN context END)"""


def _of_whom(field: str) -> str:
    return f"CASE WHEN NOT {SIGN_IN} THEN json_extract_string({PARTICIPANT}, '$.{field}') END"


def _detail(label: str, field: str) -> str:
    tag = _tag_in("details", f"$.{field}")
    plain = f"json_extract_string(details, '$.{field}')"
    # A value is a word, or a union whose tag says it.
    word = f"CASE WHEN json_type(details, '$.{field}') <> 'OBJECT' THEN {plain} END"
    return f"'{label}: ' || coalesce({tag}, {word})"


SOURCE = Source(
    model=Event,
    product=("Dropbox Team Log", "Dropbox"),
    columns={
        "time": '"timestamp"',
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 WHEN {FILE} THEN 6006 ELSE 6003 END",
        "activity_id": f"""CASE WHEN {ACTION} IN ('logout', 'sign_in_as_session_end') THEN 2
            WHEN {SIGN_IN} THEN 1 WHEN {FILE} THEN {FILE_ACTIVITY}
            WHEN {FILE_ACTIVITY} IN (2, 9) THEN 2 WHEN {FILE_ACTIVITY} IN (1, 12) THEN 1
            WHEN {FILE_ACTIVITY} IN (4, 13) THEN 4 WHEN {FILE_ACTIVITY} IS NOT NULL THEN 3
            WHEN regexp_matches({ACTION}, '_(add|create|link|invite|success|upload)(_|$)') THEN 1
            WHEN regexp_matches({ACTION}, '_(view|download|export|preview)(_|$)') THEN 2
            WHEN regexp_matches({ACTION}, '_(delete|remove|unlink|revoke|disable)(_|$)') THEN 4
            WHEN {ACTION} IS NULL THEN 0 ELSE 3 END""",
        "status_id": f"""CASE WHEN regexp_matches({ACTION}, '_(fail|failed|failure|error)$')
            THEN 2 ELSE 1 END""",
        "status_detail": """json_extract_string(details, '$.error_details.technical_message')""",
        "message": f"""nullif(concat_ws('; ', event_type.description,
            {_detail("method", "login_method")}, {_detail("new value", "new_value")},
            {_detail("before", "previous_value")},
            {_detail("access", "shared_content_access_level")},
            {_detail("audience", "shared_link_audience")},
            {_detail("new owner", "new_owner_email")}), '')""",
        "metadata.event_code": ACTION,
        "metadata.log_name": _tag_in("event_category", "$"),
        "actor.user.uid": f"""coalesce({MEMBER}.account_id, {MEMBER}.team_member_id,
            actor.app.app_id)""",
        "actor.user.name": f"""coalesce({MEMBER}.display_name, {MEMBER}.email,
            actor.app.display_name,
            json_extract_string(actor.reseller, '$.reseller_name'),
            CASE WHEN {_tag("actor")} = 'dropbox' THEN 'dropbox' END)""",
        "actor.user.email_addr": f"""coalesce({MEMBER}.email,
            json_extract_string(actor.reseller, '$.reseller_email'))""",
        "actor.user.type_id": f"""CASE WHEN actor.admin IS NOT NULL THEN 2
            WHEN actor."user" IS NOT NULL THEN 1
            WHEN actor.app IS NOT NULL OR {_tag("actor")} = 'dropbox' THEN 3
            WHEN actor.reseller IS NOT NULL THEN 99 END""",
        "actor.session.uid": """coalesce(
            json_extract_string(origin.access_method, '$.end_user.session_id'),
            json_extract_string(origin.access_method, '$.sign_in_as.session_id'))""",
        "actor.app_name": "actor.app.display_name",
        "user.uid": _of_whom("account_id"),
        "user.name": f"coalesce({_of_whom('display_name')}, {_of_whom('email')})",
        "user.email_addr": _of_whom("email"),
        "is_mfa": f"""CASE {_tag_in("details", "$.login_method")}
            WHEN 'two_factor_authentication' THEN true WHEN 'password' THEN false END""",
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'Dropbox' END",
        "src_endpoint.ip": "origin.geo_location.ip_address",
        "api.operation": ACTION,
        "api.request.uid": "json_extract_string(origin.access_method, '$.request_id')",
        "resources": f"""CASE WHEN {NAME} IS NOT NULL THEN [{{
            'uid': json_extract_string(assets, '$[0].file_id'), 'name': {NAME},
            'type': {ASSET}}}] END""",
        "file.uid": f"CASE WHEN {FILE} THEN json_extract_string(assets, '$[0].file_id') END",
        "file.name": f"CASE WHEN {FILE} THEN {NAME} END",
        "file.path": f"CASE WHEN {FILE} THEN {PATH} END",
        "file.type_id": f"""CASE WHEN {FILE} THEN CASE {ASSET} WHEN 'file' THEN 1
            WHEN 'folder' THEN 2 ELSE 0 END END""",
    },
    envelope=("events",),
)

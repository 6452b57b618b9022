"""Google Workspace, Admin SDK Reports API `activities.list`: an activity with its `events[]`.

Each parameter of an event is an object with its name and one of several kinds of value. The unique
id is made of application, `id.time`, `id.uniqueQualifier` and the ordinal of the event, for Google
gives one qualifier to all events of an activity.
"""

from collections.abc import Callable
from typing import Any

from schemas.source import Source, SourceModel


class Id(SourceModel):
    time: str | int | None = None
    uniqueQualifier: str | int | None = None
    applicationName: str | None = None
    customerId: str | None = None


class Actor(SourceModel):
    callerType: str | None = None
    email: str | None = None
    profileId: str | int | None = None
    key: str | None = None


class Parameter(SourceModel):
    name: str | None = None
    value: str | int | None = None
    intValue: str | int | None = None
    boolValue: Any = None
    multiValue: Any = None
    messageValue: Any = None
    multiMessageValue: Any = None


class Event(SourceModel):
    type: str | None = None
    name: str | None = None
    parameters: list[Parameter] | None = None


class Activity(SourceModel):
    id: Id | None = None
    actor: Actor | None = None
    ipAddress: str | None = None
    events: list[Event] | None = None


# The other parameters that the mapping reads.
FURTHER = (
    *("doc_id", "doc_title", "doc_type", "client_type", "ROLE_ID", "APP_ID", "calendar_id"),
    *("application_name", "is_second_factor", "user_agent"),
)
# What Google writes in place of the id of an actor who has no account with it.
NO_PROFILE = "105250506097979753968"
APPLICATION = "id.applicationName"
# Parameters that say what an event amounts to; they make up the message. A list of values is
# written as JSON writes it.
DECISIVE = (
    *("visibility", "visibility_change", "old_visibility", "old_value", "new_value"),
    *("target_user", "target_domain", "new_owner", "grantee_email", "access_level"),
    *("SETTING_NAME", "OLD_VALUE", "NEW_VALUE", "ROLE_NAME", "PRIVILEGE_NAME", "USER_EMAIL"),
    *("GROUP_EMAIL", "APPLICATION_NAME", "DOMAIN_NAME", "DEVICE_COMPROMISED_STATE"),
    *("app_name", "client_id", "scope", "email_forwarding_destination_address"),
    *("affected_email_address", "login_type", "login_failure_type", "login_challenge_method"),
    *("login_challenge_status", "is_suspicious", "rule_name", "severity"),
)
SIGN_IN = r"""CASE WHEN id.applicationName IN ('login', 'saml') THEN
  regexp_matches({action}, '^(login|logout|suspicious|user_signed_out)') ELSE false END"""
CREATES = (
    "^(create|add|assign|authorize|copy|enroll|grant|insert|invite|upload"
    "|(2sv|passkey|titanium)_enroll)"
)
READS = "^(access|download|export|list|preview|print|read|search|view|customer_takeout)"
CHANGES = (
    "^(allow|approve|change|edit|enable|disable|enforce|move|password|recovery|rename|reset|suspend"
    "|toggle|unsuspend|untrash|update|2sv_change|email_forwarding)"
)
DELETES = (
    "^(delete|leave|purge|remove|revoke|trash|unassign|unenroll|2sv_disable"
    "|titanium_unenroll|passkey_removed)"
)
FILE_ACTIVITY = """CASE
  WHEN {action} IN ('upload', 'create') THEN 1
  WHEN {action} = 'download' THEN 2
  WHEN {action} = 'edit' THEN 3
  WHEN {action} IN ('delete', 'trash') THEN 4
  WHEN {action} = 'rename' THEN 5
  WHEN {action} IN ('copy', 'source_copy') THEN 6
  WHEN {action} = 'move' THEN 7
  WHEN {action} = 'untrash' THEN 8
  WHEN {action} = 'preview' THEN 9
  WHEN {action} = 'add_lock' THEN 10
  WHEN {action} = 'remove_lock' THEN 11
  WHEN {action} IN ('view', 'access_item_content', 'access_url') THEN 14
  WHEN {action} = 'sync_item_content' THEN 15
  WHEN regexp_matches({action}, '^change_(user|document|acl|owner|shared_drive|team_drive)') THEN
    CASE WHEN {new_value} IN ('["none"]', '["private"]', 'none', 'private') THEN 13 ELSE 12 END
  ELSE 99 END"""


def columns(action: str, parameter: Callable[[str], str]) -> dict[str, str]:
    """Return the mapping, given the SQL of the event's name and of a parameter's value as text."""
    sign_in = SIGN_IN.format(action=f"lower({action})")
    return {
        **_kind(f"lower({action})", sign_in, parameter),
        **_people(f"lower({action})", sign_in, parameter),
        **_things(parameter),
        "time": "id.time",
        "message": f"concat_ws(': ', {action}, nullif({_decisive(parameter)}, ''))",
        "metadata.event_code": action,
        "metadata.log_name": APPLICATION,
        "metadata.tenant_uid": "id.customerId",
        "is_mfa": f"""CASE WHEN {parameter("is_second_factor")} = 'true' THEN true
            ELSE nullif(regexp_matches({parameter("login_challenge_method")},
              'authenticator|security_key|prompt|backup_code|two_factor|otp|phone|passkey'), false)
            END""",
        "src_endpoint.ip": "ipAddress",
        "http_request.user_agent": parameter("user_agent"),
        "api.operation": action,
        "api.service.name": APPLICATION,
    }


def _kind(action: str, sign_in: str, parameter: Callable[[str], str]) -> dict[str, str]:
    challenge = parameter("login_challenge_status")
    file = _is_file(parameter)
    file_activity = FILE_ACTIVITY.format(action=action, new_value=parameter("new_value"))
    return {
        "class_uid": f"CASE WHEN {sign_in} THEN 3002 WHEN {file} THEN 6006 ELSE 6003 END",
        "activity_id": f"""CASE
            WHEN {sign_in} THEN CASE WHEN {action} LIKE '%logout%' THEN 2
              WHEN {action} LIKE 'user_signed_out%' THEN 2 ELSE 1 END
            WHEN {file} THEN {file_activity}
            WHEN regexp_matches({action}, '{CREATES}') THEN 1
            WHEN regexp_matches({action}, '{READS}') THEN 2
            WHEN regexp_matches({action}, '{DELETES}') THEN 4
            WHEN regexp_matches({action}, '{CHANGES}') THEN 3
            ELSE 99 END""",
        "status_id": f"""CASE
            WHEN {action} LIKE '%failure%' OR {action} LIKE '%_blocked' THEN 2
            WHEN {challenge} IS NOT NULL THEN
              CASE WHEN contains(lower({challenge}), 'pass') THEN 1 ELSE 2 END
            WHEN {sign_in} AND {action} NOT IN ('login_success', 'logout') THEN 0
            WHEN {action} IS NULL THEN 0 ELSE 1 END""",
        "status_detail": f"coalesce({parameter('login_failure_type')}, {challenge})",
    }


def _people(action: str, sign_in: str, parameter: Callable[[str], str]) -> dict[str, str]:
    # Where Google leaves out the actor of a sign-in or of a device, a parameter names the person.
    email = f"""coalesce(nullif(actor.email, ''), CASE WHEN {APPLICATION} IN ('login', 'mobile')
      THEN coalesce({parameter("affected_email_address")}, {parameter("USER_EMAIL")}) END)"""
    profile = f"nullif(actor.profileId, '{NO_PROFILE}')"
    other = f"""CASE WHEN NOT {sign_in} THEN coalesce({parameter("target_user")},
      {parameter("USER_EMAIL")}, {parameter("new_owner")}, {parameter("affected_email_address")},
      {parameter("grantee_email")}) END"""
    return {
        "actor.user.uid": profile,
        "actor.user.name": f"coalesce({email}, actor.key)",
        "actor.user.email_addr": f"CASE WHEN contains({email}, '@') THEN {email} END",
        # Gmail's own servers deliver a message; the address of a delivery is the sending server's.
        "actor.user.type_id": f"""CASE
            WHEN actor.callerType = 'KEY' OR {email} LIKE '%.gserviceaccount.com' THEN 3
            WHEN {APPLICATION} = 'gmail' AND {action} = 'delivery' THEN 3
            WHEN coalesce({email}, {profile}) IS NOT NULL THEN 1 END""",
        "user.name": other,
        "user.email_addr": f"CASE WHEN contains({other}, '@') THEN {other} END",
    }


def _things(parameter: Callable[[str], str]) -> dict[str, str]:
    file = _is_file(parameter)
    return {
        "service.name": f"""CASE WHEN {APPLICATION} = 'saml'
            THEN {parameter("application_name")} END""",
        "resources": _resources(parameter),
        "file.uid": f"CASE WHEN {file} THEN {parameter('doc_id')} END",
        "file.name": f"CASE WHEN {file} THEN {parameter('doc_title')} END",
        "file.type_id": f"""CASE WHEN {file} THEN CASE {parameter("doc_type")}
            WHEN 'folder' THEN 2 ELSE 1 END END""",
    }


def _is_file(parameter: Callable[[str], str]) -> str:
    return f"({APPLICATION} = 'drive' AND {parameter('doc_title')} IS NOT NULL)"


def _decisive(parameter: Callable[[str], str]) -> str:
    pairs = [f"'{name}=' || left({parameter(name)}, 200)" for name in DECISIVE]
    return f"concat_ws(', ', {', '.join(pairs)})"


def _resources(parameter: Callable[[str], str]) -> str:
    kinds = (
        ("doc_id", "doc_title", "doc_type"),
        ("client_id", "app_name", "client_type"),
        ("GROUP_EMAIL", "GROUP_EMAIL", "'group'"),
        ("ROLE_ID", "ROLE_NAME", "'role'"),
        ("APP_ID", "APPLICATION_NAME", "'application'"),
        ("calendar_id", "calendar_id", "'calendar'"),
    )
    cases = ""
    for uid, name, kind in kinds:
        kind_sql = kind if kind.startswith("'") else parameter(kind)
        cases += f"""WHEN coalesce({parameter(uid)}, {parameter(name)}) IS NOT NULL THEN
          [{{'uid': {parameter(uid)}, 'name': {parameter(name)}, 'type': {kind_sql}}}] """
    return f"CASE {cases} END"


def parameter_of_item(name: str) -> str:
    """Return the SQL of a parameter's value as text; null where the event does not have it."""
    return f"item.values[list_position(item.parameters, '{name}')]"


# Each event with its parameters' names in one list and their values as texts in another.
EVENTS = """list_transform(events, lambda e: {
  'name': coalesce(e.name, e.type),
  'parameters': list_transform(e.parameters, lambda p: p.name),
  'values': list_transform(e.parameters, lambda p: coalesce(p.value, p.intValue,
    CAST(p.boolValue AS VARCHAR), CAST(p.multiValue AS VARCHAR),
    CAST(p.messageValue AS VARCHAR), CAST(p.multiMessageValue AS VARCHAR)))})"""

SOURCE = Source(
    model=Activity,
    product=("Google Workspace", "Google"),
    explode=EVENTS,
    envelope=("items",),
    columns={
        **columns("item.name", parameter_of_item),
        "metadata.uid": """id.applicationName || '/' || id.time || '/' || id.uniqueQualifier || '/'
            || item_index""",
    },
)

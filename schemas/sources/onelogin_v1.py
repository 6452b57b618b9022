"""OneLogin events: the Events API (`/api/1/events`) and what the event broadcaster posts.

The kind of an event is a number; names are those of persons ("Bob Brown"), not of accounts, unless
a person has none: then it is the e-mail address. `user` is whom the event is about, `actor_user`
who did it; in a sign-in they are one, and some events name the user only.
Source: OneLogin API documentation, "Event Resource and Types", "Get Event Types".
"""

from schemas.source import Source, SourceModel

Number = int | str


class Event(SourceModel):
    id: Number | None = None
    uuid: str | None = None
    event_type_id: Number | None = None
    created_at: str | int | float | None = None
    event_timestamp: str | int | float | None = None
    account_id: Number | None = None
    actor_user_id: Number | None = None
    actor_user_name: str | None = None
    actor_system: str | None = None
    user_id: Number | None = None
    user_name: str | None = None
    ipaddr: str | None = None
    app_id: Number | None = None
    app_name: str | None = None
    role_name: str | None = None
    policy_name: str | None = None
    privilege_name: str | None = None
    otp_device_name: str | None = None
    authentication_factor_description: str | None = None
    client_id: Number | None = None
    notes: str | None = None
    custom_message: str | None = None
    error_description: str | None = None


# number of the kind of event: (what it is, OCSF activity, did it succeed)
SIGN_INS = {
    3: ("user assumed", 1, True),
    5: ("user signed in", 1, True),
    6: ("sign-in failed", 1, False),
    7: ("user signed out", 2, True),
    8: ("user signed in to app", 4, True),
    29: ("user signed out of app", 2, True),
    68: ("user accepted by RADIUS", 1, True),
    69: ("user rejected by RADIUS", 1, False),
    77: ("sign-in to app failed", 4, False),
    78: ("user signed in to app by proxy", 4, True),
    85: ("app refused sign-in", 4, False),
    86: ("remote sign-in failed", 1, False),
    90: ("app refused to user", 4, False),
    122: ("user signed in by API", 1, True),
    123: ("sign-in by API failed", 1, False),
    129: ("sign-in by LDAP failed", 1, False),
    130: ("user signed in by LDAP", 1, True),
    140: ("user signed in by social account", 1, True),
    141: ("sign-in by social account failed", 1, False),
    153: ("user signed in to desktop", 1, True),
    154: ("sign-in to desktop failed", 1, False),
}
CHANGES = {
    1: ("app added to role", 3),
    2: ("app removed from role", 3),
    4: ("role given", 3),
    10: ("password asked for", 3),
    11: ("password changed", 3),
    12: ("user unlocked", 3),
    13: ("user made", 1),
    14: ("user changed", 3),
    15: ("user deactivated", 3),
    16: ("user activated", 3),
    17: ("user deleted", 4),
    19: ("user locked", 3),
    21: ("user suspended", 3),
    22: ("second factor registered", 1),
    24: ("second factor removed", 4),
    36: ("second factor lost", 3),
    70: ("privilege given to account", 3),
    72: ("privilege given to user", 3),
    73: ("privilege taken from user", 3),
    74: ("identity provider added", 1),
    75: ("identity provider removed", 4),
    76: ("identity provider changed", 3),
    87: ("secure note read", 2),
    110: ("sign-in of user changed", 3),
    151: ("role management given", 3),
    156: ("policy made", 1),
    157: ("policy changed", 3),
    158: ("policy deleted", 4),
    170: ("authentication factor made", 1),
    172: ("authentication factor deleted", 4),
    179: ("API credential made", 1),
    181: ("API credential enabled", 3),
    240: ("password shown", 2),
}
KIND = "TRY_CAST(event_type_id AS INTEGER)"
NAMES = {
    **{kind: row[0] for kind, row in SIGN_INS.items()},
    **{k: r[0] for k, r in CHANGES.items()},
}
ACTIVITIES = {
    **{kind: row[1] for kind, row in SIGN_INS.items()},
    **{kind: row[1] for kind, row in CHANGES.items()},
}
FAILURES = ", ".join(str(kind) for kind, row in SIGN_INS.items() if not row[2])
SIGN_IN = f"coalesce({KIND} IN ({', '.join(map(str, SIGN_INS))}), false)"
OPERATION = f"""CASE {KIND} {" ".join(f"WHEN {k} THEN '{name}'" for k, name in NAMES.items())}
    ELSE nullif(event_type_id, '') END"""
ACTED = "coalesce(nullif(actor_user_id, ''), nullif(actor_user_name, '')) IS NOT NULL"
BY_SYSTEM = f"(NOT ({ACTED}) AND actor_system <> '')"
# Where no actor is named, the user acted.
UID = f"""CASE WHEN {ACTED} THEN nullif(actor_user_id, '') WHEN NOT coalesce({BY_SYSTEM}, false)
    THEN nullif(user_id, '') END"""
NAME = f"""CASE WHEN {ACTED} THEN nullif(actor_user_name, '')
    ELSE coalesce(nullif(actor_system, ''), nullif(user_name, '')) END"""
ON_OTHER = f"(NOT {SIGN_IN} OR {KIND} = 3)"

SOURCE = Source(
    model=Event,
    product=("OneLogin Events", "OneLogin"),
    columns={
        "time": "coalesce(created_at, event_timestamp)",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE {KIND}
            {" ".join(f"WHEN {kind} THEN {activity}" for kind, activity in ACTIVITIES.items())}
            ELSE 99 END""",
        "status_id": f"CASE WHEN {KIND} IN ({FAILURES}) THEN 2 ELSE 1 END",
        "status_detail": "error_description",
        "message": """nullif(concat_ws('; ', nullif(custom_message, ''), nullif(notes, ''),
            'privilege: ' || privilege_name, 'role: ' || role_name, 'policy: ' || policy_name,
            'factor: ' || coalesce(otp_device_name, authentication_factor_description)), '')""",
        "metadata.uid": "coalesce(id, uuid)",
        "metadata.event_code": "event_type_id",
        "metadata.tenant_uid": "account_id",
        "actor.user.uid": UID,
        "actor.user.name": NAME,
        "actor.user.email_addr": f"CASE WHEN contains({NAME}, '@') THEN {NAME} END",
        "actor.user.type_id": f"""CASE WHEN {BY_SYSTEM} THEN 3
            WHEN coalesce({UID}, {NAME}) IS NOT NULL THEN 1 END""",
        "user.uid": f"CASE WHEN {ON_OTHER} THEN user_id END",
        "user.name": f"CASE WHEN {ON_OTHER} THEN user_name END",
        "user.email_addr": f"CASE WHEN {ON_OTHER} AND contains(user_name, '@') THEN user_name END",
        "service.uid": "app_id",
        "service.name": f"CASE WHEN {SIGN_IN} THEN coalesce(nullif(app_name, ''), 'OneLogin') END",
        "src_endpoint.ip": "ipaddr",
        "api.operation": OPERATION,
        "api.request.uid": "client_id",
        "resources": """CASE WHEN app_name <> '' THEN [{
            'uid': app_id, 'name': app_name, 'type': 'app'}] END""",
    },
    envelope=("data",),
)

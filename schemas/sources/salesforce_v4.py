"""Salesforce Event Monitoring, version 4: rows of event log files (EventLogFile, CSV).

As version 2, but for these: in a row of LoginAs the delegated user is who acts as another, and the
user whom it acts as; it was the other way round. A sign-in that was asked for more (a second
factor, the verification of a device) has neither succeeded nor failed.
Source: Salesforce Object Reference, "Login As Event Type" and "Login Event Type".
"""

from dataclasses import replace

from schemas.sources import salesforce_v2


class Row(salesforce_v2.Row):
    DELEGATED_USER_ID: str | None = None


def _first(*columns: str) -> str:
    return f"coalesce({', '.join(f'nullif(trim({column}), {EMPTY})' for column in columns)})"


EMPTY = "''"
V2 = salesforce_v2.SOURCE
ACTOR = ("DELEGATED_USER_ID_DERIVED", "DELEGATED_USER_ID")
TARGET = ("USER_ID_DERIVED", "USER_ID")
AS_ANOTHER = f"(EVENT_TYPE = 'LoginAs' AND {_first('DELEGATED_USER_NAME', *ACTOR)} IS NOT NULL)"
CHALLENGES = "('LOGIN_CHALLENGE_ISSUED', 'LOGIN_CHALLENGE_PENDING', 'LOGIN_TWOFACTOR_REQ')"
OTHERWISE = {
    "message": f"'as user: ' || {_first('USER_NAME', *TARGET)}",
    "actor.user.uid": _first(*ACTOR),
    "actor.user.name": _first("DELEGATED_USER_NAME"),
    "actor.user.email_addr": """CASE WHEN contains(DELEGATED_USER_NAME, '@')
        THEN DELEGATED_USER_NAME END""",
    "actor.user.type_id": "1",
    "user.uid": _first(*TARGET),
    "user.name": _first("USER_NAME"),
    "user.email_addr": "CASE WHEN contains(USER_NAME, '@') THEN USER_NAME END",
}

SOURCE = replace(
    V2,
    model=Row,
    replaces="salesforce_v2",
    columns={
        **V2.columns,
        "status_id": f"""CASE WHEN EVENT_TYPE = 'Login' AND LOGIN_STATUS IN {CHALLENGES} THEN 0
            ELSE {V2.columns["status_id"]} END""",
        **{
            column: f"CASE WHEN {AS_ANOTHER} THEN {sql} ELSE {V2.columns.get(column, 'NULL')} END"
            for column, sql in OTHERWISE.items()
        },
    },
)

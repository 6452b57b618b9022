"""Okta System Log, API v1: one LogEvent a record.

As version 1, but for what happens to a person's sessions: an administrator or Okta itself clears
them, or Okta's support comes in as the person (`user` is then whose they are), a universal logout
is a logoff, and a session whose network or device has changed is no new logon. A push that was
denied on the telephone is a failure.
Source: Okta Developer, "Event types".
"""

from dataclasses import replace

from schemas.sources import okta_v1

V1 = okta_v1.SOURCE
SIGNED_OUT = """(eventType = 'user.session.clear'
  OR starts_with(eventType, 'user.authentication.universal_logout'))"""
OF_ANOTHER = f"({SIGNED_OUT} OR starts_with(eventType, 'user.session.impersonation.'))"
WHOSE = "list_filter(target, lambda t: t.type = 'User')[1]"


def _whose(column: str, sql: str) -> str:
    return f"CASE WHEN {OF_ANOTHER} THEN {sql} ELSE {V1.columns[column]} END"


SOURCE = replace(
    V1,
    replaces="okta_v1",
    columns={
        **V1.columns,
        "activity_id": f"""CASE WHEN {SIGNED_OUT} THEN 2
            WHEN eventType = 'user.session.context.change' THEN 99
            ELSE {V1.columns["activity_id"]} END""",
        "status_id": f"""CASE WHEN eventType = 'user.mfa.okta_verify.deny_push' THEN 2
            ELSE {V1.columns["status_id"]} END""",
        "user.uid": _whose("user.uid", f"({WHOSE}).id"),
        "user.name": _whose("user.name", f"nullif(({WHOSE}).alternateId, 'unknown')"),
        "user.email_addr": _whose(
            "user.email_addr",
            f"CASE WHEN contains(({WHOSE}).alternateId, '@') THEN ({WHOSE}).alternateId END",
        ),
    },
)

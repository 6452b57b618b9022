"""Google Cloud Audit Logs: a LogEntry with an AuditLog as its `protoPayload`.

As version 1, but for what Cloud Identity and Workspace write (`login.googleapis.com` and
`admin.googleapis.com`): their events lie in `metadata`, with parameters. These say whether a
challenge was passed, whose account a warning is about, and whom an administrator acted on.
Source: Google Cloud, "Google Workspace audit logging"; Google, "Reports API".
"""

from dataclasses import replace
from typing import Any

from schemas.sources import gcp_v1
from schemas.sources.gcp_v1 import METHOD, SERVICE, P


class AuditLog(gcp_v1.AuditLog):
    metadata: Any = None


class LogEntry(gcp_v1.LogEntry):
    protoPayload: AuditLog | None = None


V1 = gcp_v1.SOURCE
PARAMETERS = f"""json_transform(json_extract({P}.metadata, '$.event[0].parameter'),
    '[{{"name": "VARCHAR", "value": "VARCHAR"}}]')"""


def _parameter(service: str, name: str) -> str:
    return f"""CASE WHEN {SERVICE} = '{service}.googleapis.com' THEN
        list_filter({PARAMETERS}, lambda p: p.name = '{name}')[1].value END"""


CHALLENGED = rf"regexp_matches({METHOD}, '[.]login(Challenge|Verification)$')"
CHALLENGE = f"nullif({_parameter('login', 'login_challenge_status')}, '')"
AFFECTED = f"nullif({_parameter('login', 'affected_email_address')}, '')"
TARGET = f"nullif({_parameter('admin', 'USER_EMAIL')}, '')"

SOURCE = replace(
    V1,
    model=LogEntry,
    replaces="gcp_v1",
    columns={
        **V1.columns,
        "status_id": f"""CASE WHEN {CHALLENGED} THEN CASE WHEN {CHALLENGE} IS NULL THEN 0
            WHEN contains(lower({CHALLENGE}), 'pass') THEN 1 ELSE 2 END
            ELSE {V1.columns["status_id"]} END""",
        "status_detail": f"""coalesce({V1.columns["status_detail"]}, {CHALLENGE},
            {_parameter("login", "login_failure_type")})""",
        "actor.user.uid": f"coalesce({V1.columns['actor.user.uid']}, {AFFECTED})",
        "actor.user.name": f"coalesce({V1.columns['actor.user.name']}, {AFFECTED})",
        "actor.user.email_addr": f"""coalesce({V1.columns["actor.user.email_addr"]},
            CASE WHEN contains({AFFECTED}, '@') THEN {AFFECTED} END)""",
        "actor.user.type_id": f"""coalesce({V1.columns["actor.user.type_id"]},
            CASE WHEN {AFFECTED} IS NOT NULL THEN 1 END)""",
        "user.name": TARGET,
        "user.email_addr": f"CASE WHEN contains({TARGET}, '@') THEN {TARGET} END",
    },
)

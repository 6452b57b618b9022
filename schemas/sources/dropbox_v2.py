"""Dropbox Business team log (`team_log/get_events`): one event a record, without an id.

As version 1, but for the sessions in which an administrator signs in as a member: `user` is the
member, whom `context` or the participants name.
Source: Dropbox Business API documentation, namespace `team_log`.
"""

from dataclasses import replace

from schemas.sources import dropbox_v1
from schemas.sources.dropbox_v1 import ACTION, PARTICIPANT

V1 = dropbox_v1.SOURCE
AS_MEMBER = f"{ACTION} IN ('sign_in_as_session_start', 'sign_in_as_session_end')"


def _member(column: str, *fields: str) -> str:
    found = ", ".join(f"json_extract_string({PARTICIPANT}, '$.{field}')" for field in fields)
    return f"CASE WHEN {AS_MEMBER} THEN coalesce({found}, NULL) ELSE {V1.columns[column]} END"


SOURCE = replace(
    V1,
    replaces="dropbox_v1",
    columns={
        **V1.columns,
        "user.uid": _member("user.uid", "account_id"),
        "user.name": _member("user.name", "display_name", "email"),
        "user.email_addr": _member("user.email_addr", "email"),
    },
)

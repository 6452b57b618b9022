"""Salesforce sign-ins, version 3: objects of LoginHistory and Real-Time Event Monitoring.

As version 1, but for the objects that are no sign-ins: `attributes.type` tells a logout, and
what was done with reports, lists or the API. In LoginAsEvent the delegated user is who acts as
another, and the user whom it acts as. Version 4 takes the rows of event log files.
Source: Platform Events Developer Guide, "Real-Time Event Monitoring Objects".
"""

from dataclasses import replace
from typing import Any

from schemas.sources import salesforce_v1


class Login(salesforce_v1.Login):
    attributes: Any = None
    DelegatedUsername: str | None = None
    Operation: str | None = None


V1 = salesforce_v1.SOURCE
KIND = "json_extract_string(attributes, '$.type')"
LOGOUT = f"coalesce({KIND} LIKE 'LogoutEvent%', false)"
AS_ANOTHER = "coalesce(DelegatedUsername <> '', false)"
# Every other event; a login history has no such kind.
OTHER = f"coalesce({KIND} LIKE '%Event%' AND {KIND} NOT LIKE 'Log%', false)"
READS = "'^(ReportEvent|ListViewEvent|ApiEvent|BulkApi)'"


def _other(column: str, sql: str) -> str:
    return f"CASE WHEN {OTHER} THEN {sql} ELSE {V1.columns[column]} END"


def _delegated(column: str, sql: str) -> str:
    return f"CASE WHEN {AS_ANOTHER} THEN {sql} ELSE {V1.columns.get(column, 'NULL')} END"


OPERATION = f"""CASE WHEN {OTHER} THEN {KIND} WHEN {LOGOUT} THEN 'Logout'
    WHEN {AS_ANOTHER} THEN 'LoginAs' ELSE """

SOURCE = replace(
    V1,
    model=Login,
    replaces="salesforce_v1",
    columns={
        **V1.columns,
        "class_uid": _other("class_uid", "6003"),
        "activity_id": f"""CASE WHEN {OTHER} THEN if(regexp_matches({KIND}, {READS}), 2, 99)
            WHEN {LOGOUT} THEN 2 ELSE 1 END""",
        "status_id": f"""CASE WHEN ({LOGOUT} OR {AS_ANOTHER}) AND "Status" IS NULL THEN 1
            ELSE {V1.columns["status_id"]} END""",
        "message": f"coalesce(Operation, {V1.columns['message']})",
        "metadata.event_code": f"{OPERATION} {V1.columns['metadata.event_code']} END",
        "metadata.log_name": f"coalesce({KIND}, {V1.columns['metadata.log_name']})",
        "api.operation": f"{OPERATION} {V1.columns['api.operation']} END",
        "service.name": _other("service.name", "'Salesforce'"),
        "actor.user.uid": _delegated("actor.user.uid", "NULL"),
        "actor.user.name": _delegated("actor.user.name", "DelegatedUsername"),
        "actor.user.email_addr": _delegated(
            "actor.user.email_addr",
            "CASE WHEN contains(DelegatedUsername, '@') THEN DelegatedUsername END",
        ),
        "user.uid": _delegated("user.uid", "UserId"),
        "user.name": _delegated("user.name", "Username"),
        "user.email_addr": _delegated(
            "user.email_addr", "CASE WHEN contains(Username, '@') THEN Username END"
        ),
    },
)

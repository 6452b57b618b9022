"""Zoom reports: sign-ins (`report/activities`) and admin operations (`report/operationlogs`).

A sign-in has an e-mail address and an IP address; an operation has neither id nor address, and
says in prose what changed. Neither holds an id.
Source: Zoom API reference, "Get sign In / sign out activity report", "Get operation logs report".
"""

from schemas.source import Source, SourceModel


class Report(SourceModel):
    time: str | int | float | None = None
    # sign-ins
    email: str | None = None
    ip_address: str | None = None
    type: str | None = None
    client_type: str | None = None
    version: str | None = None
    # operations
    operator: str | None = None
    category_type: str | None = None
    action: str | None = None
    operation_detail: str | None = None


SIGN_IN = "(coalesce(\"type\", '') ILIKE 'sign%')"
ADDRESS = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+[.][A-Za-z]+"
WHO = "coalesce(nullif(email, ''), nullif(operator, ''))"
# The first address in the prose is the user who was changed.
CHANGED = f"""CASE WHEN category_type ILIKE 'user%'
    THEN regexp_extract(operation_detail, '{ADDRESS.replace("'", "''")}') END"""

SOURCE = Source(
    model=Report,
    product=("Zoom Reports", "Zoom"),
    columns={
        "time": '"time"',
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE WHEN "type" ILIKE 'sign out%' THEN 2 WHEN {SIGN_IN} THEN 1
            WHEN regexp_matches(lower("action"), '(^|[- ])(add|create|import|upload|invite)') THEN 1
            WHEN regexp_matches(lower("action"), '(^|[- ])(view|download|export|get)') THEN 2
            WHEN regexp_matches(lower("action"), '(^|[- ])(delete|remove|unlink)') THEN 4
            WHEN "action" IS NULL THEN 0 ELSE 3 END""",
        "status_id": """CASE WHEN "type" ILIKE '%fail%' THEN 2 ELSE 1 END""",
        "message": "operation_detail",
        "metadata.event_code": """coalesce(nullif("type", ''),
            nullif(concat_ws(': ', nullif(category_type, ''), nullif("action", '')), ''))""",
        "metadata.log_name": """CASE WHEN operator IS NULL AND "action" IS NULL THEN 'activities'
            ELSE 'operationlogs' END""",
        "actor.user.uid": WHO,
        "actor.user.name": WHO,
        "actor.user.email_addr": f"CASE WHEN contains({WHO}, '@') THEN {WHO} END",
        "actor.user.type_id": f"CASE WHEN {WHO} IS NOT NULL THEN 1 END",
        "actor.app_name": """nullif(concat_ws(' ', nullif(client_type, ''),
            nullif(version, '')), '')""",
        "user.name": CHANGED,
        "user.email_addr": CHANGED,
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'Zoom' END",
        "src_endpoint.ip": "ip_address",
        "api.operation": """coalesce(nullif("type", ''), nullif("action", ''))""",
        "api.service.name": "category_type",
    },
    envelope=("activity_logs", "operation_logs"),
)

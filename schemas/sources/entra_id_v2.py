"""Microsoft Entra ID through Azure Monitor: the common envelope of diagnostic settings.

`category` names the log (SignInLogs, NonInteractiveUserSignInLogs, AuditLogs, ...), and
`properties` holds the resource of version 1. Some fields stand in the envelope only. The time of
a sign-in is the one of the resource: the envelope of a sign-in bears the time it was written.
"""

from typing import Any

from schemas.source import Source, SourceModel
from schemas.sources.entra_id_v1 import GraphRecord, columns


class Envelope(SourceModel):
    time: str | int | None = None
    category: str | None = None
    operationName: str | None = None
    tenantId: str | None = None
    resourceId: str | None = None
    callerIpAddress: str | None = None
    correlationId: str | None = None
    identity: Any = None
    resultType: str | int | None = None
    resultSignature: str | int | None = None
    resultDescription: str | None = None
    result: str | None = None
    properties: GraphRecord | None = None


SIGN_IN = "(coalesce(category LIKE '%SignInLogs', false) OR operationName = 'Sign-in activity')"
OPERATION = "coalesce(operationName, properties.activityDisplayName)"
RESULT = """lower(coalesce(properties.status.errorCode, nullif(properties.result, ''),
  nullif(resultType, ''), result, nullif(resultSignature, 'None')))"""
# In audits the name of a person; in Azure's own logs an object with the claims of the token.
NAMED = """CASE json_type(identity) WHEN 'VARCHAR' THEN nullif(identity->>'$', '')
  WHEN 'OBJECT' THEN coalesce(
    identity->>'$.claims."http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"',
    identity->>'$.claims.name', identity->>'$.claims.appid') END"""
RESOURCE = columns("properties.", SIGN_IN, OPERATION)

SOURCE = Source(
    model=Envelope,
    product=("Microsoft Entra ID", "Microsoft"),
    accepts='operationName IS NOT NULL OR "time" IS NOT NULL',
    envelope=("records",),
    columns={
        **RESOURCE,
        "time": f"""CASE WHEN {SIGN_IN} THEN coalesce(properties.createdDateTime, "time")
            ELSE coalesce("time", properties.activityDateTime) END""",
        "status_id": f"""CASE WHEN {RESULT} IN ('0', 'success') THEN 1
            -- calls of Microsoft Graph bear the HTTP status; errors of a sign-in have more digits
            WHEN regexp_full_match({RESULT}, '2[0-9][0-9]') THEN 1
            WHEN regexp_full_match({RESULT}, '[0-9]+') THEN 2
            WHEN {RESULT} IN ('failure', 'failed', 'timeout') THEN 2
            ELSE 0 END""",
        "status_code": """coalesce(properties.status.errorCode, nullif(resultType, ''),
            properties.result)""",
        "status_detail": f"coalesce({RESOURCE['status_detail']}, nullif(resultDescription, ''))",
        "metadata.log_name": "category",
        "metadata.correlation_uid": "coalesce(correlationId, properties.correlationId)",
        "metadata.tenant_uid": "tenantId",
        "actor.user.name": f"coalesce({RESOURCE['actor.user.name']}, {NAMED})",
        "src_endpoint.ip": f"coalesce(nullif(callerIpAddress, ''), {RESOURCE['src_endpoint.ip']})",
    },
)

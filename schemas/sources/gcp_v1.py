"""Google Cloud Audit Logs: a LogEntry with an AuditLog as its `protoPayload`.

`timestamp` may be left out by the writer; the moment of receipt, or of the request, then stands
in. Where an entry names no method, the permission that was asked for says what was done. Parts that
exports write in several forms (`callerIp` and `callerIP`, an object or a mere word) stay JSON.
Source: Google Cloud, "AuditLog" and "LogEntry" references, "Understanding audit logs".
"""

from typing import Any

from schemas.source import Source, SourceModel

Time = str | int | float


class AuthenticationInfo(SourceModel):
    principalEmail: str | None = None
    principalSubject: str | None = None
    authoritySelector: str | None = None
    serviceAccountDelegationInfo: Any = None


class AuditLog(SourceModel):
    timestamp: Time | None = None
    receiveTimestamp: Time | None = None
    serviceName: str | None = None
    methodName: str | None = None
    resourceName: str | None = None
    authenticationInfo: AuthenticationInfo | None = None
    authorizationInfo: Any = None
    requestMetadata: Any = None
    status: Any = None
    request: Any = None
    serviceData: Any = None


class LogEntry(SourceModel):
    insertId: str | int | None = None
    logName: str | None = None
    timestamp: Time | None = None
    receiveTimestamp: Time | None = None
    severity: str | None = None
    serviceName: str | None = None
    operation: Any = None
    resource: Any = None
    protoPayload: AuditLog | None = None


def _text(document: str, *paths: str) -> str:
    """Return SQL for the first of some paths of a JSON document that is there."""
    found = (f"json_extract_string({document}, '{path}')" for path in paths)
    return f"coalesce({', '.join(found)}, NULL)"


P = "protoPayload"
CODE = f"nullif(json_extract_string({P}.status, '$.code'), '0')"
WHO = f"{P}.authenticationInfo"
TIME = f"""coalesce("timestamp", {P}."timestamp", receiveTimestamp, {P}.receiveTimestamp,
    {_text(f"{P}.requestMetadata", "$.requestAttributes.time")})"""
METHOD = f"""coalesce(nullif({P}.methodName, ''),
    {_text(f"{P}.authorizationInfo", "$[0].permission")})"""
SERVICE = f"coalesce(nullif({P}.serviceName, ''), serviceName)"
SIGN_IN = f"""coalesce({P}.methodName LIKE 'google.login.LoginService.%'
    AND regexp_matches({METHOD}, '(login(Success|Failure|Challenge|Verification)|logout)$'),
    false)"""
TICKET = f"""coalesce(string_split({METHOD}, '.')[-1] IN ('GenerateAccessToken', 'GenerateIdToken',
    'ExchangeToken'), false)"""
# The verb is the last word of a method, but for Kubernetes' pods.exec.create, which is still a
# create: io.k8s.core.v1.pods.list, v1.compute.firewalls.patch, SetIamPolicy, loginSuccess.
VERB = f"lower(string_split({METHOD}, '.')[-1])"
CREATES = "^(insert|create|add|generate|upload|import|start)"
READS = (
    "^(get|list|read|query|search|aggregated|test|watch|describe|fetch|export|lookup|view"
    "|download|batchget)"
)
UPDATES = "^(set|update|patch|replace|modify|enable|disable|move|undelete)"
DELETES = "^(delete|remove|destroy|purge)"
PRINCIPAL = f"nullif({WHO}.principalEmail, '')"
SUBJECT = f"nullif({WHO}.principalSubject, '')"
IN_SUBJECT = f"regexp_extract({SUBJECT}, '(?:^user:|/subject/)([^/:@]+@[^/:@]+)$', 1)"
DELTAS = f"""json_transform(json_extract({P}.serviceData, '$.policyDelta.bindingDeltas'),
    '[{{"action": "VARCHAR", "role": "VARCHAR", "member": "VARCHAR"}}]')"""
LOG = "replace(regexp_extract(logName, '[^/]+$'), '%2F', '/')"

SOURCE = Source(
    model=LogEntry,
    product=("Google Cloud Audit Logs", "Google Cloud"),
    columns={
        "time": TIME,
        "class_uid": f"CASE WHEN {SIGN_IN} OR {TICKET} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE WHEN {TICKET} THEN 3
            WHEN {SIGN_IN} THEN CASE WHEN {VERB} = 'logout' THEN 2
                WHEN {VERB} IN ('loginchallenge', 'loginverification') THEN 6 ELSE 1 END
            WHEN regexp_matches({VERB}, '{CREATES}') THEN 1
            WHEN regexp_matches({VERB}, '{READS}') THEN 2
            WHEN regexp_matches({VERB}, '{UPDATES}') THEN 3
            WHEN regexp_matches({VERB}, '{DELETES}') THEN 4
            WHEN {METHOD} IS NULL THEN 0 ELSE 99 END""",
        "status_id": f"""CASE WHEN {CODE} <> '' OR {METHOD} LIKE '%.loginFailure' THEN 2
            WHEN list_contains(json_extract_string({P}.authorizationInfo, '$[*].granted'), 'false')
                THEN 2
            WHEN severity = 'ERROR' THEN 2 ELSE 1 END""",
        "status_code": CODE,
        "status_detail": _text(f"{P}.status", "$.message"),
        "message": f"""left(coalesce(
            nullif(array_to_string(list_transform({DELTAS},
                lambda d: concat_ws(' ', d.action, d.role, d.member)), '; '), ''),
            'source ranges: ' || {_text(f"{P}.request", "$.sourceRanges")},
            {_text(f"{P}.request", "$.sink.destination", "$.sinkName")}), 500)""",
        "metadata.uid": f"""CASE WHEN insertId <> ''
            THEN concat_ws('/', insertId, logName, {TIME}) END""",
        "metadata.event_code": METHOD,
        "metadata.log_name": LOG,
        "metadata.correlation_uid": _text("operation", "$.id"),
        "actor.user.uid": f"coalesce({PRINCIPAL}, {SUBJECT}, {WHO}.authoritySelector)",
        "actor.user.name": f"coalesce({PRINCIPAL}, {SUBJECT}, {WHO}.authoritySelector)",
        "actor.user.email_addr": f"""CASE WHEN contains({PRINCIPAL}, '@') THEN {PRINCIPAL}
            ELSE {IN_SUBJECT} END""",
        "actor.user.type_id": f"""CASE
            WHEN coalesce({PRINCIPAL}, {SUBJECT}, {WHO}.authoritySelector) IS NULL THEN NULL
            WHEN {PRINCIPAL} LIKE '%gserviceaccount.com' OR {PRINCIPAL} LIKE 'system:%'
                OR {PRINCIPAL} = 'system@google.com'
                OR {SUBJECT} LIKE 'serviceAccount:%' OR {WHO}.authoritySelector IS NOT NULL THEN 3
            ELSE 1 END""",
        # Who made a service account act.
        "actor.invoked_by": _text(
            f"{WHO}.serviceAccountDelegationInfo",
            "$[0].firstPartyPrincipal.principalEmail",
            "$[0].principalSubject",
        ),
        "service.name": f"CASE WHEN {SIGN_IN} OR {TICKET} THEN {SERVICE} END",
        "src_endpoint.ip": _text(f"{P}.requestMetadata", "$.callerIp", "$.callerIP", "$.callerip"),
        "http_request.user_agent": _text(f"{P}.requestMetadata", "$.callerSuppliedUserAgent"),
        "api.operation": METHOD,
        "api.service.name": SERVICE,
        "api.response.error": CODE,
        "api.response.message": _text(f"{P}.status", "$.message"),
        "resources": f"""CASE WHEN {P}.resourceName <> '' THEN [{{'uid': {P}.resourceName,
            'name': regexp_extract({P}.resourceName, '[^/]+$'),
            'type': {_text("resource", "$.type")}}}] END""",
        "cloud.provider": "'Google Cloud'",
        "cloud.region": _text("resource", "$.labels.location", "$.labels.zone", "$.labels.region"),
        "cloud.account.uid": f"""coalesce({_text("resource", "$.labels.project_id")},
            nullif(regexp_extract(logName, '^[a-z]+/([^/]+)/logs/', 1), ''))""",
    },
    envelope=("entries",),
)

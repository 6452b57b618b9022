"""Microsoft Entra ID through Microsoft Graph: `auditLogs/signIns` and `auditLogs/directoryAudits`.

One resource a record. A sign-in has `userPrincipalName`, `status.errorCode` and so on; a directory
audit has `activityDisplayName`, `initiatedBy` and `targetResources`.
"""

from typing import Any

from schemas.source import Source, SourceModel


class Status(SourceModel):
    errorCode: int | str | None = None
    failureReason: str | None = None


class Initiator(SourceModel):
    id: str | None = None
    userPrincipalName: str | None = None
    displayName: str | None = None
    ipAddress: str | None = None
    appId: str | None = None
    servicePrincipalId: str | None = None


class InitiatedBy(SourceModel):
    user: Initiator | None = None
    app: Initiator | None = None
    displayName: str | None = None  # provisioning names its initiator without kind


class Property(SourceModel):
    displayName: str | None = None
    newValue: Any = None


class TargetResource(SourceModel):
    id: str | None = None
    displayName: str | None = None
    type: str | None = None
    userPrincipalName: str | None = None
    modifiedProperties: list[Property] | None = None


class GraphRecord(SourceModel):
    id: str | None = None
    createdDateTime: str | int | None = None
    activityDateTime: str | int | None = None
    userId: str | None = None
    userPrincipalName: str | None = None
    userDisplayName: str | None = None
    servicePrincipalId: str | None = None
    servicePrincipalName: str | None = None
    ipAddress: str | None = None
    appDisplayName: str | None = None
    resourceDisplayName: str | None = None
    resourceId: str | None = None
    correlationId: str | None = None
    sessionId: str | None = None
    userAgent: str | None = None
    authenticationRequirement: str | None = None
    status: Status | None = None
    activityDisplayName: str | None = None
    category: str | None = None
    loggedByService: str | None = None
    result: str | None = None
    resultReason: str | None = None
    initiatedBy: InitiatedBy | None = None
    targetResources: list[TargetResource] | None = None
    additionalDetails: Any = None


# For a role given or taken, the role's name stands among the modified properties of the target.
CHANGES = """list_transform(flatten(list_transform({of}targetResources,
    lambda t: t.modifiedProperties)),
  lambda p: CASE WHEN p.displayName LIKE 'Role.%' OR p.displayName LIKE 'StrongAuthentication%'
      OR p.displayName IN ('AccountEnabled', 'ConsentAction.Permissions')
    THEN p.displayName || '=' || left(trim(p.newValue->>'$', '"'), 200)
    ELSE p.displayName END)"""
TARGET_USER = "list_filter({of}targetResources, lambda t: t.type = 'User')[1]"
ADDRESS_DETAIL = """list_filter(
  json_transform({of}additionalDetails, '[{{"key": "VARCHAR", "value": "VARCHAR"}}]'),
  lambda d: d.key = 'ipaddr')[1].value"""


def columns(of: str, sign_in: str, operation: str) -> dict[str, str]:
    """Return the mapping of a resource whose fields lie under the prefix `of`.

    `sign_in` is the SQL predicate that tells sign-ins from audits, `operation` the SQL of the
    operation's name.
    """
    return {
        **_actor(of),
        "class_uid": f"CASE WHEN {sign_in} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE
            WHEN {sign_in} THEN 1
            WHEN regexp_matches({operation},
              '(?i)^(add|create|invite|register|consent|assign)') THEN 1
            WHEN regexp_matches({operation}, '(?i)^(get|read|list|download|export|validate)') THEN 2
            WHEN regexp_matches({operation},
              '(?i)^(update|change|reset|set|enable|disable|restore|elevate)') THEN 3
            WHEN regexp_matches({operation}, '(?i)^(delete|remove|revoke|hard delete)') THEN 4
            ELSE 99 END""",
        "status_detail": f"coalesce({of}status.failureReason, {of}resultReason)",
        "message": f"""concat_ws(': ', {operation},
            nullif(array_to_string({CHANGES.format(of=of)}, ', '), ''))""",
        "metadata.uid": f"{of}id",
        "metadata.event_code": operation,
        "metadata.correlation_uid": f"{of}correlationId",
        "actor.session.uid": f"{of}sessionId",
        "actor.app_name": f"coalesce({of}appDisplayName, {of}initiatedBy.app.displayName)",
        "user.uid": f"CASE WHEN NOT {sign_in} THEN {TARGET_USER.format(of=of)}.id END",
        "user.name": f"""CASE WHEN NOT {sign_in} THEN coalesce(
            {TARGET_USER.format(of=of)}.userPrincipalName, {TARGET_USER.format(of=of)}.displayName)
            END""",
        "user.email_addr": f"""CASE WHEN NOT {sign_in}
            THEN {TARGET_USER.format(of=of)}.userPrincipalName END""",
        "is_mfa": f"""CASE {of}authenticationRequirement
            WHEN 'multiFactorAuthentication' THEN true
            WHEN 'singleFactorAuthentication' THEN false END""",
        "service.uid": f"CASE WHEN {sign_in} THEN {of}resourceId END",
        "service.name": f"CASE WHEN {sign_in} THEN {of}resourceDisplayName END",
        "http_request.user_agent": f"{of}userAgent",
        "api.operation": operation,
        "api.service.name": f"coalesce({of}loggedByService, {of}resourceDisplayName)",
        "resources": f"""list_transform({of}targetResources, lambda t: {{'uid': t.id,
            'name': coalesce(t.userPrincipalName, t.displayName), 'type': t.type}})""",
    }


def _actor(of: str) -> dict[str, str]:
    user, app = f"{of}initiatedBy.user", f"{of}initiatedBy.app"
    name = f"coalesce(nullif({of}userPrincipalName, ''), {user}.userPrincipalName)"
    person = f"coalesce(nullif({of}userId, ''), {user}.id, {name})"
    return {
        "actor.user.uid": f"""coalesce(nullif({of}userId, ''), {user}.id,
            nullif({of}servicePrincipalId, ''), {app}.servicePrincipalId, {app}.appId)""",
        "actor.user.name": f"""coalesce({name}, nullif({of}userDisplayName, ''),
            {user}.displayName, nullif({of}servicePrincipalName, ''), {app}.displayName,
            nullif({of}initiatedBy.displayName, ''))""",
        "actor.user.email_addr": f"CASE WHEN contains({name}, '@') THEN {name} END",
        "actor.user.type_id": f"""CASE
            WHEN {person} IS NOT NULL THEN 1
            WHEN {of}servicePrincipalId <> '' OR {app} IS NOT NULL
              OR {of}initiatedBy.displayName <> '' THEN 3 END""",
        "src_endpoint.ip": f"""coalesce(nullif({of}ipAddress, ''), nullif({user}.ipAddress, ''),
            {ADDRESS_DETAIL.format(of=of)})""",
    }


SIGN_IN = "(activityDisplayName IS NULL)"
OPERATION = "coalesce(activityDisplayName, 'Sign-in activity')"

SOURCE = Source(
    model=GraphRecord,
    product=("Microsoft Entra ID", "Microsoft"),
    envelope=("value",),
    columns={
        **columns("", SIGN_IN, OPERATION),
        "time": "coalesce(createdDateTime, activityDateTime)",
        "status_id": """CASE WHEN status.errorCode = '0' OR lower(result) = 'success' THEN 1
            WHEN status.errorCode <> '' OR lower(result) IN ('failure', 'timeout') THEN 2
            ELSE 0 END""",
        "status_code": "coalesce(status.errorCode, result)",
        "metadata.log_name": f"if({SIGN_IN}, 'signIns', 'directoryAudits')",
    },
)

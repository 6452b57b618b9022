"""Okta System Log, API v1: one LogEvent a record.

Okta writes the word `unknown` where it has no id or login; that is taken as absent.
"""

from schemas.source import Source, SourceModel


class Actor(SourceModel):
    id: str | None = None
    type: str | None = None
    alternateId: str | None = None
    displayName: str | None = None


class UserAgent(SourceModel):
    rawUserAgent: str | None = None


class Client(SourceModel):
    ipAddress: str | None = None
    userAgent: UserAgent | None = None


class Outcome(SourceModel):
    result: str | None = None
    reason: str | None = None


class AuthenticationContext(SourceModel):
    externalSessionId: str | None = None
    authenticationProvider: str | None = None


class Transaction(SourceModel):
    id: str | None = None


class Target(SourceModel):
    id: str | None = None
    type: str | None = None
    alternateId: str | None = None
    displayName: str | None = None


class LogEvent(SourceModel):
    uuid: str | None = None
    published: str | int | None = None
    eventType: str | None = None
    displayMessage: str | None = None
    actor: Actor | None = None
    client: Client | None = None
    outcome: Outcome | None = None
    authenticationContext: AuthenticationContext | None = None
    transaction: Transaction | None = None
    target: list[Target] | None = None


# Sign-in and what belongs to it; everything else is an act on something.
AUTHENTICATION = """(eventType LIKE 'user.session.%' OR eventType LIKE 'user.authentication.%'
  OR eventType LIKE 'policy.evaluate%' OR eventType LIKE 'user.mfa.okta_verify%'
  OR eventType = 'user.mfa.attempt_bypass')"""
# Words between the dots of an event type, or their beginnings.
CREATES = "[.](add|create|enroll|grant|import|issue|register|upload)([._]|$)"
READS = "[.](download|export|list|read|search|show|view)([._]|$)"
CHANGES = (
    "[.](activate|change|deactivate|disable|enable|lock|make|reactivate|rename|reset|rotate"
    "|suspend|unlock|unsuspend|update)([._]|$)"
)
DELETES = "[.](delete|remove|revoke|unenroll)([._]|$)"
# Whom it was done to; in Authentication that is the actor.
TARGET_USER = f"""CASE WHEN NOT {AUTHENTICATION}
  THEN list_filter(target, lambda t: t.type IN ('User', 'AppUser'))[1] END"""
# What was signed in to.
TARGET_APP = f"""CASE WHEN {AUTHENTICATION}
  THEN list_filter(target, lambda t: t.type = 'AppInstance')[1] END"""

SOURCE = Source(
    model=LogEvent,
    product=("Okta System Log", "Okta"),
    columns={
        "time": "published",
        "class_uid": f"CASE WHEN {AUTHENTICATION} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE
            WHEN eventType IN ('user.session.end', 'user.session.expire', 'user.session.clear',
              'user.authentication.slo') THEN 2
            WHEN eventType LIKE 'policy.evaluate%' OR eventType LIKE 'user.session.impersonation.%'
              THEN 99
            WHEN {AUTHENTICATION} THEN 1
            WHEN regexp_matches(eventType, '{DELETES}') THEN 4
            WHEN regexp_matches(eventType, '{CREATES}') THEN 1
            WHEN regexp_matches(eventType, '{READS}') THEN 2
            WHEN regexp_matches(eventType, '{CHANGES}') THEN 3
            ELSE 99 END""",
        "status_id": """CASE outcome.result WHEN 'SUCCESS' THEN 1 WHEN 'ALLOW' THEN 1
            WHEN 'FAILURE' THEN 2 WHEN 'DENY' THEN 2 ELSE 0 END""",
        "status_code": "outcome.result",
        "status_detail": "outcome.reason",
        "message": "displayMessage",
        "metadata.uid": "uuid",
        "metadata.event_code": "eventType",
        "metadata.correlation_uid": "transaction.id",
        "actor.user.uid": """CASE WHEN actor.type IS DISTINCT FROM 'IP address'
            THEN nullif(actor.id, 'unknown') END""",
        "actor.user.name": """CASE WHEN actor.type IS DISTINCT FROM 'IP address' THEN
            coalesce(nullif(actor.alternateId, 'unknown'), nullif(actor.displayName, 'unknown'))
            END""",
        "actor.user.email_addr": """CASE WHEN contains(actor.alternateId, '@')
            THEN actor.alternateId END""",
        "actor.user.type_id": """CASE WHEN actor.type = 'User' THEN 1
            WHEN actor.type IN ('SystemPrincipal', 'PublicClientApp', 'PrivateClientApp') THEN 3
            WHEN actor.type <> 'IP address' THEN 99 END""",
        "actor.session.uid": "nullif(authenticationContext.externalSessionId, 'unknown')",
        "user.uid": f"({TARGET_USER}).id",
        "user.name": f"nullif(({TARGET_USER}).alternateId, 'unknown')",
        "user.email_addr": f"""CASE WHEN contains(({TARGET_USER}).alternateId, '@')
            THEN ({TARGET_USER}).alternateId END""",
        "is_mfa": """CASE WHEN eventType = 'user.authentication.auth_via_mfa'
            OR eventType LIKE 'user.mfa.okta_verify%'
            OR authenticationContext.authenticationProvider = 'FACTOR_PROVIDER' THEN true END""",
        "service.uid": f"({TARGET_APP}).id",
        "service.name": f"({TARGET_APP}).displayName",
        "src_endpoint.ip": """coalesce(client.ipAddress,
            CASE WHEN actor.type = 'IP address' THEN nullif(actor.id, 'unknown') END)""",
        "http_request.user_agent": "client.userAgent.rawUserAgent",
        "api.operation": "eventType",
        "resources": """list_transform(target, lambda t: {
            'uid': t.id, 'name': coalesce(nullif(t.alternateId, 'unknown'), t.displayName),
            'type': t.type})""",
    },
)

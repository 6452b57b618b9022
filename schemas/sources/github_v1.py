"""GitHub audit log of an organization or enterprise: one entry a record, flat.

The API, the stream and the export write the same entry, with fewer or more fields. The person is
the login: unlike `actor_id` it is in every entry. An e-mail address is known only where the
organization signs in through SAML and the identity's name is one.
Source: GitHub Docs, "Audit log events for your organization" and "Using the audit log API".
"""

from typing import Any

from pydantic import Field

from schemas.source import Source, SourceModel

Time = str | int | float


class AuditEntry(SourceModel):
    timestamp: Time | None = Field(default=None, alias="@timestamp")
    at_sign_timestamp: Time | None = None
    created_at: Time | None = None
    document_id: str | None = Field(default=None, alias="_document_id")
    request_id: str | None = None
    action: str | None = None
    operation_type: str | None = None
    actor: str | None = None
    actor_id: str | int | None = None
    actor_ip: str | None = None
    actor_is_bot: bool | str | None = None
    user_agent: str | None = None
    external_identity_nameid: str | None = None
    programmatic_access_type: str | None = None
    token_id: str | int | None = None
    user: str | None = None
    repo: Any = None
    repository: Any = None
    org: Any = None
    business: Any = None
    team: Any = None
    name: Any = None
    visibility: str | None = None
    previous_visibility: str | None = None
    permission: Any = None
    old_permission: Any = None
    ruleset_enforcement: str | None = None
    public_repo: bool | str | None = None
    repository_public: bool | str | None = None
    reason: Any = None


SIGN_IN = r"""regexp_full_match(action, '(user[.](login|failed_login|logout|new_device_used
|two_factor_challenge_(success|failure)|device_verification_(requested|success|failure)
|correct_password_from_unrecognized_device(_and_location)?)|(org|business)[.]sso_response)')""".replace(
    "\n", ""
)
VERB = "string_split(action, '.')[-1]"
CREATES = "^(create|add|invite|upload|publish|register|install|generate|fork|import|request|open)"
READS = "^(clone|fetch|download|read|view|list|export|access$)"
DELETES = "^(destroy|delete|remove|revoke|uninstall|cancel|unlink)"
REPOSITORY = "coalesce(repo ->> '$', repository ->> '$')"

SOURCE = Source(
    model=AuditEntry,
    product=("GitHub Audit Log", "GitHub"),
    columns={
        # Some exports lose the point before the fraction of a second.
        "time": r"""regexp_replace(coalesce("@timestamp", at_sign_timestamp, created_at),
            '(:[0-9]{2})([0-9]{6,9})$', '\1.\2')""",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE WHEN action = 'user.logout' THEN 2
            WHEN action LIKE 'user.device_verification%' THEN 6
            WHEN action LIKE 'user.two_factor_challenge%' THEN 6
            WHEN {SIGN_IN} THEN 1
            WHEN action IN ('git.clone', 'git.fetch') THEN 2
            WHEN action = 'git.push' THEN 3
            WHEN operation_type = 'create' THEN 1 WHEN operation_type = 'access' THEN 2
            WHEN operation_type = 'remove' THEN 4
            WHEN operation_type IN ('modify', 'transfer', 'restore') THEN 3
            WHEN regexp_matches({VERB}, '{CREATES}') THEN 1
            WHEN action <> 'repo.access' AND regexp_matches({VERB}, '{READS}') THEN 2
            WHEN regexp_matches({VERB}, '{DELETES}') THEN 4
            WHEN action IS NULL THEN 0 ELSE 3 END""",
        "status_id": f"""CASE WHEN regexp_matches({VERB}, '(^|_)(failed|failure)(_|$)')
            THEN 2 ELSE 1 END""",
        "status_detail": "reason ->> '$'",
        "message": """nullif(concat_ws('; ', 'visibility: ' || visibility,
            'visibility before: ' || previous_visibility,
            'permission: ' || (permission ->> '$'),
            'permission before: ' || (old_permission ->> '$'),
            'enforcement: ' || ruleset_enforcement,
            CASE WHEN lower(coalesce(public_repo, repository_public)) = 'true'
                THEN 'public repository' END), '')""",
        "metadata.uid": '"_document_id"',
        "metadata.event_code": "action",
        "metadata.tenant_uid": "coalesce(nullif(business ->> '$', ''), org ->> '$')",
        "actor.user.uid": "coalesce(nullif(actor, ''), actor_id)",
        "actor.user.name": "actor",
        "actor.user.email_addr": """CASE WHEN regexp_full_match(external_identity_nameid,
            '[^@\\s]+@[^@\\s]+') THEN external_identity_nameid END""",
        "actor.user.type_id": """CASE
            WHEN lower(actor_is_bot) = 'true' OR actor LIKE '%[bot]' THEN 3
            WHEN coalesce(nullif(actor, ''), actor_id) IS NOT NULL THEN 1 END""",
        "actor.session.uid": "token_id",
        "actor.app_name": "programmatic_access_type",
        "user.uid": f"""CASE WHEN NOT {SIGN_IN} THEN nullif("user", '') END""",
        "user.name": f"""CASE WHEN NOT {SIGN_IN} THEN nullif("user", '') END""",
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'GitHub' END",
        "src_endpoint.ip": "actor_ip",
        "http_request.user_agent": "user_agent",
        "api.operation": "action",
        "api.service.name": "string_split(action, '.')[1]",
        "api.request.uid": "request_id",
        "resources": f"""list_filter([
            {{'uid': NULL, 'name': {REPOSITORY}, 'type': 'repository'}},
            {{'uid': NULL, 'name': team ->> '$', 'type': 'team'}},
            {{'uid': NULL, 'name': "name" ->> '$', 'type': string_split(action, '.')[1]}}],
            lambda r: r.name <> '')""",
    },
)

"""GitHub: `api.operation` is the audit log's action.

The mapper's message holds visibility and permission, such as `visibility: public`.
"""

from enrichment.sensitive_rule import Rule

EVENTS = (
    "https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise"
    "/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise"
)

RULES = (
    Rule(
        id="github.second_factor_off",
        title="Two-factor authentication was turned off, or is no longer required",
        severity="high",
        operations=(
            "two_factor_authentication.disabled",
            "org.disable_two_factor_requirement",
            "business.disable_two_factor_requirement",
        ),
        technique="T1556.006",
        reference=EVENTS,
        fires=({"api.operation": "org.disable_two_factor_requirement", "status_id": 1},),
        spares=({"api.operation": "org.enable_two_factor_requirement", "status_id": 1},),
    ),
    Rule(
        id="github.admin_granted",
        title="A person was made owner or administrator",
        severity="high",
        operations=("business.add_admin", "org.add_member", "org.update_member", "repo.add_member"),
        where="""api.operation = 'business.add_admin'
            OR regexp_matches(message, '(^|; )permission: (admin|owner)(;|$)')""",
        technique="T1098.003",
        reference=EVENTS,
        fires=(
            {"api.operation": "business.add_admin"},
            {
                "api.operation": "org.update_member",
                "message": "permission: admin; permission before: read",
            },
        ),
        spares=(
            {
                "api.operation": "org.update_member",
                "message": "permission: read; permission before: admin",
            },
            {"api.operation": "org.add_member"},
        ),
    ),
    Rule(
        id="github.repository_made_public",
        title="A private repository was made public",
        severity="critical",
        operations=("repo.access",),
        where="regexp_matches(message, '(^|; )visibility: public(;|$)')",
        technique="T1567.001",
        reference=EVENTS,
        fires=(
            {
                "api.operation": "repo.access",
                "message": "visibility: public; visibility before: private",
            },
        ),
        spares=(
            {
                "api.operation": "repo.access",
                "message": "visibility: private; visibility before: public",
            },
        ),
    ),
    Rule(
        id="github.repository_given_away",
        title="A repository was transferred to another owner",
        severity="high",
        operations=("repo.transfer_outgoing", "repo.transfer"),
        technique="T1567.001",
        reference=EVENTS,
        fires=({"api.operation": "repo.transfer_outgoing"},),
        spares=({"api.operation": "repo.create"},),
    ),
    Rule(
        id="github.single_sign_on_changed",
        title="SAML single sign-on was switched off or its provider changed",
        severity="critical",
        operations=(
            "org.disable_saml",
            "org.saml_disabled",
            "org.update_saml_provider_settings",
            "business.disable_saml",
            "business.update_saml_provider_settings",
        ),
        technique="T1484.002",
        reference=EVENTS,
        fires=({"api.operation": "org.disable_saml"},),
        spares=({"api.operation": "org.sso_response"},),
    ),
    Rule(
        id="github.log_stream_stopped",
        title="The stream of the audit log was changed or deleted",
        severity="high",
        operations=("audit_log_streaming.destroy", "audit_log_streaming.update"),
        technique="T1562.008",
        reference=EVENTS,
        fires=({"api.operation": "audit_log_streaming.destroy"},),
        spares=({"api.operation": "audit_log_streaming.check"},),
    ),
    Rule(
        id="github.token_made",
        title="An access token was made or let into the organisation",
        severity="low",
        operations=(
            "personal_access_token.create",
            "personal_access_token.access_granted",
            "oauth_access.create",
        ),
        technique="T1098.001",
        reference=EVENTS,
        fires=({"api.operation": "personal_access_token.access_granted"},),
        spares=({"api.operation": "personal_access_token.access_revoked"},),
    ),
    Rule(
        id="github.key_added",
        title="An SSH key was added",
        severity="medium",
        operations=("public_key.create",),
        technique="T1098.004",
        reference=EVENTS,
        fires=({"api.operation": "public_key.create"},),
        spares=({"api.operation": "public_key.delete"},),
    ),
    Rule(
        id="github.branch_protection_removed",
        title="What protects a branch was removed or overridden",
        severity="medium",
        operations=(
            "protected_branch.destroy",
            "protected_branch.policy_override",
            "repository_ruleset.destroy",
            "repository_ruleset.update",
        ),
        where="""api.operation <> 'repository_ruleset.update'
            OR regexp_matches(message, '(^|; )enforcement: disabled')""",
        technique="T1562.001",
        reference=EVENTS,
        fires=(
            {"api.operation": "protected_branch.policy_override"},
            {"api.operation": "repository_ruleset.update", "message": "enforcement: disabled"},
        ),
        spares=({"api.operation": "repository_ruleset.update", "message": "enforcement: enabled"},),
    ),
    Rule(
        id="github.scanning_disabled",
        title="Scanning for secrets or vulnerable dependencies was switched off",
        severity="medium",
        operations=(
            "business_advanced_security.disabled",
            "business_secret_scanning.disable",
            "secret_scanning.disable",
            "repository_secret_scanning.disable",
            "repository_secret_scanning_push_protection.disable",
            "secret_scanning_new_repos.disable",
            "dependabot_alerts.disable",
            "dependabot_security_updates.disable",
        ),
        technique="T1562.001",
        reference=EVENTS,
        fires=({"api.operation": "secret_scanning.disable"},),
        spares=({"api.operation": "secret_scanning.enable"},),
    ),
    Rule(
        id="github.allowed_addresses_changed",
        title="The list of addresses from which the organisation may be used was changed",
        severity="high",
        operations=("ip_allow_list.disable", "ip_allow_list_entry.create"),
        technique="T1562.007",
        reference=EVENTS,
        fires=({"api.operation": "ip_allow_list.disable"},),
        spares=({"api.operation": "ip_allow_list.enable"},),
    ),
    Rule(
        id="github.webhook_added",
        title="A webhook was added: what happens is told to a server outside",
        severity="low",
        operations=("hook.create",),
        technique="T1567",
        reference=EVENTS,
        fires=({"api.operation": "hook.create"},),
        spares=({"api.operation": "hook.destroy"},),
    ),
)

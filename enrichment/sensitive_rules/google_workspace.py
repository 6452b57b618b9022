"""Google Workspace: `api.operation` is the event's name, `metadata.log_name` the application.

The mapper's message names the decisive parameters, such as `NEW_VALUE=false`.
"""

from enrichment.sensitive_rule import Rule

REPORTS = "https://developers.google.com/workspace/admin/reports/v1/appendix/activity"

RULES = (
    Rule(
        id="google_workspace.second_factor_off",
        title="A person's 2-step verification was turned off",
        severity="high",
        operations=(
            "2sv_disable",
            "TURN_OFF_2_STEP_VERIFICATION",
            "UNENROLL_USER_FROM_STRONG_AUTH",
            "titanium_unenroll",
        ),
        technique="T1556.006",
        reference=f"{REPORTS}/user-accounts",
        fires=(
            {"api.operation": "2sv_disable", "metadata.log_name": "user_accounts"},
            {"api.operation": "UNENROLL_USER_FROM_STRONG_AUTH", "metadata.log_name": "admin"},
        ),
        spares=({"api.operation": "2sv_enroll", "metadata.log_name": "user_accounts"},),
    ),
    Rule(
        id="google_workspace.second_factor_added",
        title="A person's 2-step verification was set up",
        severity="low",
        operations=("2sv_enroll", "titanium_enroll"),
        technique="T1098.005",
        reference=f"{REPORTS}/user-accounts",
        fires=({"api.operation": "2sv_enroll", "metadata.log_name": "user_accounts"},),
        spares=({"api.operation": "2sv_disable", "metadata.log_name": "user_accounts"},),
    ),
    Rule(
        id="google_workspace.second_factor_not_required",
        title="2-step verification is no longer required or allowed in the domain",
        severity="critical",
        operations=("ENFORCE_STRONG_AUTHENTICATION", "ALLOW_STRONG_AUTHENTICATION"),
        where="regexp_matches(message, '[:,] NEW_VALUE=(false|OFF|none)(,|$)', 'i')",
        technique="T1556.006",
        reference=f"{REPORTS}/admin-security-settings",
        fires=(
            {
                "api.operation": "ENFORCE_STRONG_AUTHENTICATION",
                "message": "ENFORCE_STRONG_AUTHENTICATION: OLD_VALUE=true, NEW_VALUE=false",
            },
        ),
        spares=(
            {
                "api.operation": "ENFORCE_STRONG_AUTHENTICATION",
                "message": "ENFORCE_STRONG_AUTHENTICATION: OLD_VALUE=false, NEW_VALUE=true",
            },
        ),
    ),
    Rule(
        id="google_workspace.admin_granted",
        title="Administrator rights were granted",
        severity="high",
        operations=(
            "GRANT_ADMIN_PRIVILEGE",
            "GRANT_DELEGATED_ADMIN_PRIVILEGES",
            "ASSIGN_ROLE",
            "ADD_PRIVILEGE",
        ),
        technique="T1098.003",
        reference=f"{REPORTS}/admin-delegated-admin-settings",
        fires=(
            {"api.operation": "GRANT_ADMIN_PRIVILEGE", "status_id": 1},
            {"api.operation": "ASSIGN_ROLE", "message": "ASSIGN_ROLE: ROLE_NAME=_SEED_ADMIN_ROLE"},
        ),
        spares=({"api.operation": "REVOKE_ADMIN_PRIVILEGE", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.mail_forwarded_outside",
        title="A mailbox forwards its mail out of the domain",
        severity="high",
        operations=("email_forwarding_out_of_domain",),
        technique="T1114.003",
        reference=f"{REPORTS}/user-accounts",
        fires=(
            {
                "api.operation": "email_forwarding_out_of_domain",
                "message": "email_forwarding_out_of_domain: "
                "email_forwarding_destination_address=ada@example.net",
            },
        ),
        spares=({"api.operation": "recovery_email_edit"},),
    ),
    Rule(
        id="google_workspace.file_made_public",
        title="A file was opened to everybody who has its link, or to the web",
        severity="medium",
        operations=("change_document_visibility",),
        where="""regexp_matches(message,
            '[:,] visibility=(public_on_the_web|people_with_link)(,|$)')""",
        technique="T1567.002",
        reference=f"{REPORTS}/drive",
        fires=(
            {
                "api.operation": "change_document_visibility",
                "message": "change_document_visibility: visibility=people_with_link, "
                "visibility_change=external, old_visibility=private",
            },
        ),
        spares=(
            {
                "api.operation": "change_document_visibility",
                "message": "change_document_visibility: visibility=private, "
                "visibility_change=internal, old_visibility=public_on_the_web",
            },
        ),
    ),
    Rule(
        id="google_workspace.calendar_made_public",
        title="A calendar was opened to everybody",
        severity="low",
        operations=("change_calendar_acls",),
        where="""contains(message, 'grantee_email=__public_principal__')
            AND NOT regexp_matches(message, 'access_level=(no|free)')""",
        technique="T1213",
        reference=f"{REPORTS}/calendar",
        fires=(
            {
                "api.operation": "change_calendar_acls",
                "message": "change_calendar_acls: grantee_email="
                "__public_principal__@public.calendar.google.com, access_level=read",
            },
        ),
        spares=(
            {
                "api.operation": "change_calendar_acls",
                "message": "change_calendar_acls: grantee_email="
                "__public_principal__@public.calendar.google.com, access_level=none",
            },
            {
                "api.operation": "change_calendar_acls",
                "message": "change_calendar_acls: grantee_email=bob@example.com, access_level=read",
            },
        ),
    ),
    Rule(
        id="google_workspace.domain_wide_delegation",
        title="An application was let act for every person of the domain",
        severity="critical",
        operations=("AUTHORIZE_API_CLIENT_ACCESS",),
        technique="T1098.001",
        reference=f"{REPORTS}/admin-domain-settings",
        fires=({"api.operation": "AUTHORIZE_API_CLIENT_ACCESS", "status_id": 1},),
        spares=({"api.operation": "REMOVE_API_CLIENT_ACCESS", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.single_sign_on_changed",
        title="Single sign-on was switched or its settings were changed",
        severity="critical",
        operations=("TOGGLE_SSO_ENABLED", "CHANGE_SSO_SETTINGS"),
        technique="T1484.002",
        reference=f"{REPORTS}/admin-domain-settings",
        fires=({"api.operation": "CHANGE_SSO_SETTINGS", "status_id": 1},),
        spares=({"api.operation": "CHANGE_DOMAIN_NAME", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.domain_trusted",
        title="A domain was added as a trusted one",
        severity="medium",
        operations=("ADD_TRUSTED_DOMAINS",),
        technique="T1484.002",
        reference=f"{REPORTS}/admin-domain-settings",
        fires=({"api.operation": "ADD_TRUSTED_DOMAINS", "status_id": 1},),
        spares=({"api.operation": "REMOVE_TRUSTED_DOMAINS", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.everything_exported",
        title="An export of the whole domain's data was started",
        severity="critical",
        operations=("CUSTOMER_TAKEOUT_CREATED",),
        technique="T1530",
        reference=f"{REPORTS}/admin-event-names",
        fires=({"api.operation": "CUSTOMER_TAKEOUT_CREATED", "status_id": 1},),
        spares=({"api.operation": "CUSTOMER_TAKEOUT_FAILED", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.data_transferred",
        title="All of a person's files were given to another account",
        severity="medium",
        operations=("CREATE_DATA_TRANSFER_REQUEST",),
        technique="T1074.002",
        reference=f"{REPORTS}/admin-user-settings",
        fires=({"api.operation": "CREATE_DATA_TRANSFER_REQUEST", "status_id": 1},),
        spares=({"api.operation": "CREATE_USER", "status_id": 1},),
    ),
    Rule(
        id="google_workspace.government_backed_attack",
        title="Google warns of an attack that it believes a government to be behind",
        severity="critical",
        operations=("gov_attack_warning",),
        attempts=True,
        technique="T1078.004",
        reference=f"{REPORTS}/login",
        fires=({"api.operation": "gov_attack_warning", "metadata.log_name": "login"},),
        spares=({"api.operation": "login_challenge", "metadata.log_name": "login"},),
    ),
)

"""Dropbox: `api.operation` is the tag of the event's type.

The mapper's message is Dropbox's own description, then details such as `new value: team_admin`.
"""

from enrichment.sensitive_rule import Rule

TEAM_LOG = "https://www.dropbox.com/developers/documentation/http/teams#team_log-get_events"

RULES = (
    Rule(
        id="dropbox.second_factor_off",
        title="A person's two-step verification was turned off or reset",
        severity="high",
        operations=("tfa_change_status", "tfa_reset"),
        where="""api.operation = 'tfa_reset'
            OR regexp_matches(message, '(^|; )new value: disabled(;|$)')""",
        technique="T1556.006",
        reference=TEAM_LOG,
        fires=(
            {
                "api.operation": "tfa_change_status",
                "message": "Changed two-step verification setting; new value: disabled; "
                "before: authenticator",
            },
            {"api.operation": "tfa_reset", "message": "Reset two-step verification"},
        ),
        spares=(
            {
                "api.operation": "tfa_change_status",
                "message": "Changed two-step verification setting; new value: authenticator; "
                "before: disabled",
            },
        ),
    ),
    Rule(
        id="dropbox.second_factor_not_required",
        title="The team's requirement of two-step verification was changed",
        severity="high",
        operations=("tfa_change_policy",),
        technique="T1556.006",
        reference=TEAM_LOG,
        fires=({"api.operation": "tfa_change_policy", "status_id": 1},),
        spares=({"api.operation": "tfa_add_security_key", "status_id": 1},),
    ),
    Rule(
        id="dropbox.admin_granted",
        title="A person was made administrator of the team",
        severity="high",
        operations=("member_change_admin_role",),
        where="regexp_matches(message, '(^|; )new value: [a-z_]*admin')",
        technique="T1098.003",
        reference=TEAM_LOG,
        fires=(
            {
                "api.operation": "member_change_admin_role",
                "message": "Changed team member admin role; new value: team_admin; "
                "before: member_only",
            },
        ),
        spares=(
            {
                "api.operation": "member_change_admin_role",
                "message": "Changed team member admin role; new value: member_only; "
                "before: team_admin",
            },
        ),
    ),
    Rule(
        id="dropbox.acted_as_another",
        title="An administrator opened a session as another person",
        severity="medium",
        operations=("sign_in_as_session_start",),
        technique="T1078.004",
        reference=TEAM_LOG,
        fires=({"api.operation": "sign_in_as_session_start", "status_id": 1},),
        spares=({"api.operation": "sign_in_as_session_end", "status_id": 1},),
    ),
    Rule(
        id="dropbox.public_link",
        title="A file or folder was opened to everybody who has its link",
        severity="medium",
        operations=(
            "shared_content_change_link_audience",
            "shared_link_change_visibility",
            "shared_link_settings_change_audience",
        ),
        where="regexp_matches(message, '(^|; )new value: (public|anyone)(;|$)')",
        technique="T1567.002",
        reference=TEAM_LOG,
        fires=(
            {
                "api.operation": "shared_link_change_visibility",
                "message": "Changed visibility of link; new value: public; before: team_only",
            },
        ),
        spares=(
            {
                "api.operation": "shared_link_change_visibility",
                "message": "Changed visibility of link; new value: team_only; before: public",
            },
        ),
    ),
    Rule(
        id="dropbox.single_sign_on_changed",
        title="Single sign-on was changed",
        severity="critical",
        operations=(
            "sso_add_cert",
            "sso_add_login_url",
            "sso_change_cert",
            "sso_change_login_url",
            "sso_change_policy",
            "sso_remove_cert",
            "sso_remove_login_url",
        ),
        technique="T1484.002",
        reference=TEAM_LOG,
        fires=({"api.operation": "sso_change_login_url", "status_id": 1},),
        spares=({"api.operation": "sso_error", "status_id": 2},),
    ),
    Rule(
        id="dropbox.application_linked",
        title="An application was linked to the whole team",
        severity="medium",
        operations=("app_link_team",),
        technique="T1098.001",
        reference=TEAM_LOG,
        fires=({"api.operation": "app_link_team", "status_id": 1},),
        spares=({"api.operation": "app_unlink_team", "status_id": 1},),
    ),
    Rule(
        id="dropbox.alert",
        title="Dropbox raised an alert, such as of a mass download or deletion",
        severity="high",
        operations=("admin_alerting_triggered_alert",),
        attempts=True,
        technique="T1530",
        reference=TEAM_LOG,
        fires=({"api.operation": "admin_alerting_triggered_alert"},),
        spares=({"api.operation": "admin_alerting_changed_alert_config"},),
    ),
)

"""Box: `api.operation` is the event type; the message holds a link's access level or an alert."""

from enrichment.sensitive_rule import Rule

EVENTS = "https://developer.box.com/guides/events/enterprise-events/for-enterprise/"

RULES = (
    Rule(
        id="box.second_factor_off",
        title="A person's second factor was turned off",
        severity="high",
        operations=("DISABLE_MULTI_FACTOR_AUTH",),
        technique="T1556.006",
        reference=EVENTS,
        fires=({"api.operation": "DISABLE_MULTI_FACTOR_AUTH", "status_id": 1},),
        spares=({"api.operation": "ENABLE_TWO_FACTOR_AUTH", "status_id": 1},),
    ),
    Rule(
        id="box.admin_granted",
        title="A person's administrator role was changed",
        severity="high",
        operations=("CHANGE_ADMIN_ROLE", "GROUP_ADMIN_CREATED"),
        technique="T1098.003",
        reference=EVENTS,
        fires=({"api.operation": "CHANGE_ADMIN_ROLE", "status_id": 1},),
        spares=({"api.operation": "EDIT_USER", "status_id": 1},),
    ),
    Rule(
        id="box.mass_download",
        title="Box sees far more downloads than its policy allows",
        severity="high",
        operations=("CONTENT_WORKFLOW_ABNORMAL_DOWNLOAD_ACTIVITY",),
        attempts=True,
        technique="T1530",
        reference=EVENTS,
        fires=({"api.operation": "CONTENT_WORKFLOW_ABNORMAL_DOWNLOAD_ACTIVITY"},),
        spares=({"api.operation": "DOWNLOAD", "status_id": 1},),
    ),
    Rule(
        id="box.shield_alert",
        title="Box Shield raised an alert",
        severity="high",
        operations=("SHIELD_ALERT",),
        attempts=True,
        technique="T1078.004",
        reference=EVENTS,
        fires=({"api.operation": "SHIELD_ALERT", "message": "rule: Anomalous Download"},),
        spares=({"api.operation": "SHIELD_JUSTIFICATION_APPROVAL", "status_id": 1},),
    ),
    Rule(
        id="box.public_link",
        title="A file or folder was opened to everybody who has its link",
        severity="medium",
        operations=("SHARE", "ITEM_SHARED", "ITEM_SHARED_CREATE", "ITEM_SHARED_UPDATE"),
        where="regexp_matches(message, '(^|; )access: (public|open)')",
        technique="T1567.002",
        reference=EVENTS,
        fires=({"api.operation": "ITEM_SHARED_UPDATE", "message": "access: public"},),
        spares=(
            {"api.operation": "ITEM_SHARED_UPDATE", "message": "access: company"},
            {"api.operation": "ITEM_SHARED_UPDATE"},
        ),
    ),
    Rule(
        id="box.application_let_in",
        title="An application was let into the enterprise or given a key",
        severity="medium",
        operations=("ENTERPRISE_APP_AUTHORIZATION_UPDATE", "APPLICATION_PUBLIC_KEY_ADDED"),
        technique="T1098.001",
        reference=EVENTS,
        fires=({"api.operation": "APPLICATION_PUBLIC_KEY_ADDED", "status_id": 1},),
        spares=({"api.operation": "APPLICATION_PUBLIC_KEY_DELETED", "status_id": 1},),
    ),
    Rule(
        id="box.support_let_in",
        title="Box's support was let into an account",
        severity="low",
        operations=("ACCESS_GRANTED",),
        technique="T1199",
        reference=EVENTS,
        fires=({"api.operation": "ACCESS_GRANTED", "status_id": 1},),
        spares=({"api.operation": "ACCESS_REVOKED", "status_id": 1},),
    ),
)

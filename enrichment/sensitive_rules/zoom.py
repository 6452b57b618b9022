"""Zoom: `api.operation` is the kind of change (Add, Update, ...), `api.service.name` what of.

What changed is told in prose only, which the mapper gives as the message.
"""

from enrichment.sensitive_rule import Rule

OPERATION_LOGS = "https://developers.zoom.us/docs/api/rest/reference/account/methods/#tag/reports"
UPDATES = ("Update", "Batch Update", "SCIM API - Update")

RULES = (
    Rule(
        id="zoom.second_factor_not_required",
        title="Two-factor authentication is no longer required at sign-in",
        severity="high",
        operations=UPDATES,
        where="regexp_matches(message, 'Two-Factor Authentication: from On to Off', 'i')",
        technique="T1556.006",
        reference=OPERATION_LOGS,
        fires=(
            {
                "api.operation": "Update",
                "message": "Security  - Sign in with Two-Factor Authentication: from On to Off",
            },
        ),
        spares=(
            {
                "api.operation": "Update",
                "message": "Security  - Sign in with Two-Factor Authentication: from Off to On",
            },
        ),
    ),
    Rule(
        id="zoom.admin_granted",
        title="A person was made administrator or owner",
        severity="high",
        operations=UPDATES,
        where="regexp_matches(message, 'Change Role .*: from .* to (.* )?(Admin|Owner|Co-Owner)$')",
        technique="T1098.003",
        reference=OPERATION_LOGS,
        fires=(
            {
                "api.operation": "Batch Update",
                "message": "Change Role  - ada@example.com: from Member to Admin",
            },
        ),
        spares=(
            {
                "api.operation": "Batch Update",
                "message": "Change Role  - ada@example.com: from Admin to Member",
            },
        ),
    ),
    Rule(
        id="zoom.password_rule_weakened",
        title="What a password must hold was made less strict",
        severity="medium",
        operations=("Update",),
        where="regexp_matches(message, '^Sign-In Password Requirement.*: from On to Off', 'i')",
        technique="T1556.009",
        reference=OPERATION_LOGS,
        fires=(
            {
                "api.operation": "Update",
                "message": "Sign-In Password Requirement  - Include at least 1 number: "
                "from On to Off",
            },
        ),
        spares=(
            {
                "api.operation": "Update",
                "message": "Sign-In Password Requirement  - Include at least 1 number: "
                "from Off to On",
            },
        ),
    ),
    Rule(
        id="zoom.sign_in_method_changed",
        title="By what people may sign in was changed",
        severity="medium",
        operations=("Update",),
        where="regexp_matches(message, '^(Sign-in Methods|Single Sign-On)', 'i')",
        technique="T1556",
        reference=OPERATION_LOGS,
        fires=(
            {
                "api.operation": "Update",
                "message": "Sign-in Methods  - Allow users to sign in with Google: from Off to On",
            },
        ),
        spares=(
            {"api.operation": "Update", "message": "Edit Group Sales  - Chat: from On to Off"},
        ),
    ),
)

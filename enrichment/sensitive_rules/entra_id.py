"""Microsoft Entra ID: `api.operation` is the directory audit's activity name."""

from enrichment.sensitive_rule import Rule

ACTIVITIES = (
    "https://learn.microsoft.com/en-us/entra/identity/monitoring-health/reference-audit-activities"
)
ELEVATED = "User has elevated their access to User Access Administrator"

RULES = (
    Rule(
        id="entra_id.second_factor_off",
        title="A person's second factor was turned off or deleted",
        severity="high",
        operations=(
            "Disable Strong Authentication",
            "Admin deleted security info",
            "User deleted security info",
        ),
        technique="T1556.006",
        reference=ACTIVITIES,
        fires=({"api.operation": "User deleted security info", "status_id": 1},),
        spares=({"api.operation": "User registered security info", "status_id": 1},),
    ),
    Rule(
        id="entra_id.second_factor_set_by_admin",
        title="An administrator registered a second factor for somebody else",
        severity="medium",
        operations=("Admin registered security info",),
        technique="T1098.005",
        reference=ACTIVITIES,
        fires=({"api.operation": "Admin registered security info", "status_id": 1},),
        spares=({"api.operation": "User registered security info", "status_id": 1},),
    ),
    Rule(
        id="entra_id.admin_granted",
        title="A directory role was granted, now or on demand",
        severity="high",
        operations=(
            "Add member to role",
            "Add eligible member to role",
            "Add scoped member to role",
            "Add member to role in PIM completed (permanent)",
            "Add member to role outside of PIM (permanent)",
        ),
        technique="T1098.003",
        reference=ACTIVITIES,
        fires=({"api.operation": "Add eligible member to role", "status_id": 1},),
        spares=({"api.operation": "Remove member from role", "status_id": 1},),
    ),
    Rule(
        id="entra_id.access_elevated",
        title="An administrator took the right to manage every Azure subscription",
        severity="critical",
        operations=(ELEVATED, f"{ELEVATED} for their Azure Resources"),
        technique="T1548.005",
        reference="https://learn.microsoft.com/en-us/azure/role-based-access-control/"
        "elevate-access-global-admin",
        fires=({"api.operation": f"{ELEVATED} for their Azure Resources"},),
        spares=({"api.operation": "Update user", "status_id": 1},),
    ),
    Rule(
        id="entra_id.conditional_access_weakened",
        title="A conditional access policy was changed or deleted",
        severity="high",
        operations=("Update conditional access policy", "Delete conditional access policy"),
        technique="T1556.009",
        reference=ACTIVITIES,
        fires=({"api.operation": "Delete conditional access policy", "status_id": 1},),
        spares=({"api.operation": "Add conditional access policy", "status_id": 1},),
    ),
    Rule(
        id="entra_id.named_location_changed",
        title="A named location, by which policies tell places apart, was added or changed",
        severity="medium",
        operations=("Add named location", "Update named location", "Delete named location"),
        technique="T1556.009",
        reference=ACTIVITIES,
        fires=({"api.operation": "Add named location", "status_id": 1},),
        spares=({"api.operation": "Add named location", "status_id": 2},),
    ),
    Rule(
        id="entra_id.federation_changed",
        title="A domain's sign-in was given to another identity provider",
        severity="critical",
        operations=("Set federation settings on domain", "Set domain authentication"),
        technique="T1484.002",
        reference=ACTIVITIES,
        fires=({"api.operation": "Set federation settings on domain", "status_id": 1},),
        spares=({"api.operation": "Verify domain", "status_id": 1},),
    ),
    Rule(
        id="entra_id.credential_added",
        title="An application was given a further secret or certificate",
        severity="high",
        operations=(
            "Add service principal credentials",
            "Update application \N{EN DASH} Certificates and secrets management ",
            "Update application \N{EN DASH} Certificates and secrets management",
        ),
        technique="T1098.001",
        reference=ACTIVITIES,
        fires=(
            {
                "api.operation": "Update application \N{EN DASH} Certificates and secrets "
                "management ",
                "status_id": 1,
            },
        ),
        spares=({"api.operation": "Update application", "status_id": 1},),
    ),
    Rule(
        id="entra_id.application_consent",
        title="An application was let act for people",
        severity="medium",
        operations=(
            "Consent to application",
            "Add delegated permission grant",
            "Add app role assignment to service principal",
        ),
        technique="T1528",
        reference=ACTIVITIES,
        fires=({"api.operation": "Consent to application", "status_id": 1},),
        spares=({"api.operation": "Remove delegated permission grant", "status_id": 1},),
    ),
    Rule(
        id="entra_id.tenant_settings_changed",
        title="What people and guests may do, or how they may sign in, was changed",
        severity="medium",
        operations=(
            "Update authorization policy",
            "Update cross tenant access default setting",
            "Authentication Methods Policy Update",
        ),
        technique="T1484",
        reference=ACTIVITIES,
        fires=({"api.operation": "Update authorization policy", "status_id": 1},),
        spares=({"api.operation": "Update user", "status_id": 1},),
    ),
)

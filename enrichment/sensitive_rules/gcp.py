"""Google Cloud: `api.operation` is the method's name.

The mapper's message holds what a change of policy adds and removes (`ADD role member; ...`), the
source ranges of a firewall rule, or where a sink sends the log.
"""

from enrichment.sensitive_rule import Rule

AUDIT = "https://cloud.google.com/logging/docs/audit/services"
IAM = "https://cloud.google.com/iam/docs/audit-logging"
SET_POLICY = (
    "SetIamPolicy",
    "google.iam.v1.IAMPolicy.SetIamPolicy",
    "google.iam.admin.v1.SetIAMPolicy",
    "storage.setIamPermissions",
    "compute.instances.setIamPolicy",
    "v1.compute.images.setIamPolicy",
    "v1.compute.snapshots.setIamPolicy",
)
# Owner and editor of a project, whatever is called an administrator, and who may act as an account.
RULING_ROLES = "owner|editor|[a-z]+[.](admin|[a-zA-Z]+Admin|serviceAccountTokenCreator)"

RULES = (
    Rule(
        id="gcp.admin_granted",
        title="A role that rules over a project or organisation was granted",
        severity="high",
        operations=(*SET_POLICY, "InsertProjectOwnershipInvite"),
        where=f"""api.operation = 'InsertProjectOwnershipInvite'
            OR regexp_matches(message, '(^|; )ADD roles/({RULING_ROLES}) ')""",
        technique="T1098.003",
        reference=IAM,
        fires=(
            {"api.operation": "SetIamPolicy", "message": "ADD roles/owner user:ada@example.com"},
            {
                "api.operation": "SetIamPolicy",
                "message": "ADD roles/viewer user:bob@example.com; "
                "ADD roles/resourcemanager.organizationAdmin user:ada@example.com",
            },
        ),
        spares=(
            {"api.operation": "SetIamPolicy", "message": "REMOVE roles/owner user:ada@example.com"},
            {"api.operation": "SetIamPolicy", "message": "ADD roles/viewer user:ada@example.com"},
        ),
    ),
    Rule(
        id="gcp.opened_to_everybody",
        title="A bucket, image or other thing was opened to everybody",
        severity="high",
        operations=SET_POLICY,
        where="regexp_matches(message, '(^|; )ADD [^ ]+ all(Authenticated)?Users(;|$)')",
        technique="T1530",
        reference=IAM,
        fires=(
            {
                "api.operation": "storage.setIamPermissions",
                "message": "ADD roles/storage.objectViewer allUsers",
            },
        ),
        spares=(
            {
                "api.operation": "storage.setIamPermissions",
                "message": "REMOVE roles/storage.objectViewer allUsers",
            },
        ),
    ),
    Rule(
        id="gcp.service_account_key_made",
        title="A long-lived key of a service account was made",
        severity="medium",
        operations=(
            "google.iam.admin.v1.CreateServiceAccountKey",
            "google.iam.admin.v1.UploadServiceAccountKey",
        ),
        technique="T1098.001",
        reference=IAM,
        fires=({"api.operation": "google.iam.admin.v1.CreateServiceAccountKey", "status_id": 1},),
        spares=({"api.operation": "google.iam.admin.v1.DeleteServiceAccountKey", "status_id": 1},),
    ),
    Rule(
        id="gcp.api_key_made",
        title="An API key was made",
        severity="medium",
        operations=("google.api.apikeys.v2.ApiKeys.CreateKey",),
        technique="T1098.001",
        reference=AUDIT,
        fires=({"api.operation": "google.api.apikeys.v2.ApiKeys.CreateKey", "status_id": 1},),
        spares=({"api.operation": "google.api.apikeys.v2.ApiKeys.DeleteKey", "status_id": 1},),
    ),
    Rule(
        id="gcp.logging_stopped",
        title="A log sink or bucket was changed or deleted, or logs were deleted",
        severity="high",
        operations=(
            "google.logging.v2.ConfigServiceV2.DeleteSink",
            "google.logging.v2.ConfigServiceV2.UpdateSink",
            "google.logging.v2.ConfigServiceV2.DeleteBucket",
            "google.logging.v2.ConfigServiceV2.CreateExclusion",
            "google.logging.v2.LoggingServiceV2.DeleteLog",
        ),
        technique="T1562.008",
        reference=AUDIT,
        fires=({"api.operation": "google.logging.v2.ConfigServiceV2.DeleteSink", "status_id": 1},),
        spares=({"api.operation": "google.logging.v2.ConfigServiceV2.GetSink", "status_id": 1},),
    ),
    Rule(
        id="gcp.firewall_opened",
        title="A firewall rule for every address was written",
        severity="medium",
        operations=(
            "v1.compute.firewalls.insert",
            "v1.compute.firewalls.patch",
            "v1.compute.firewalls.update",
            "beta.compute.firewalls.insert",
            "beta.compute.firewalls.patch",
        ),
        where="regexp_matches(message, '^source ranges: .*(0[.]0[.]0[.]0/0|::/0)')",
        technique="T1562.007",
        reference=AUDIT,
        fires=(
            {
                "api.operation": "v1.compute.firewalls.insert",
                "message": 'source ranges: ["0.0.0.0/0"]',
            },
        ),
        spares=(
            {
                "api.operation": "v1.compute.firewalls.insert",
                "message": 'source ranges: ["10.0.0.0/8"]',
            },
        ),
    ),
    Rule(
        id="gcp.federation_added",
        title="An identity provider was added or changed: its users can act in the project",
        severity="critical",
        operations=(
            "google.iam.v1.WorkloadIdentityPools.CreateWorkloadIdentityPoolProvider",
            "google.iam.v1.WorkloadIdentityPools.UpdateWorkloadIdentityPoolProvider",
            "google.iam.admin.v1.WorkforcePools.CreateWorkforcePoolProvider",
            "google.admin.AdminService.inboundSsoProfileCreated",
            "google.admin.AdminService.inboundSsoProfileUpdated",
        ),
        technique="T1484.002",
        reference=IAM,
        fires=(
            {
                "api.operation": "google.iam.v1.WorkloadIdentityPools."
                "CreateWorkloadIdentityPoolProvider",
            },
        ),
        spares=({"api.operation": "google.iam.v1.WorkloadIdentityPools.GetWorkloadIdentityPool"},),
    ),
    Rule(
        id="gcp.key_destroyed",
        title="A version of an encryption key is to be destroyed: what it locks may be lost",
        severity="high",
        operations=("DestroyCryptoKeyVersion",),
        technique="T1485",
        reference=AUDIT,
        fires=({"api.operation": "DestroyCryptoKeyVersion", "status_id": 1},),
        spares=({"api.operation": "RestoreCryptoKeyVersion", "status_id": 1},),
    ),
)

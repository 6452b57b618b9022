"""AWS CloudTrail: `api.operation` is the event's name, `api.service.name` its source.

The mapper's message holds the telling parameters of the call, such as `acl: public-read`.
"""

from enrichment.sensitive_rule import Rule

IAM = "https://docs.aws.amazon.com/IAM/latest/APIReference"
S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"
KMS = "https://docs.aws.amazon.com/kms/latest/APIReference"
TRAIL = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference"

RULES = (
    Rule(
        id="cloudtrail.root_used",
        title="The root user of an account signed in to the console",
        severity="high",
        operations=("ConsoleLogin",),
        where="actor.user.type_id = 2",
        technique="T1078.004",
        reference="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html",
        fires=({"api.operation": "ConsoleLogin", "actor.user.type_id": 2, "status_id": 1},),
        spares=({"api.operation": "ConsoleLogin", "actor.user.type_id": 1, "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.second_factor_off",
        title="A multi-factor device was taken from a user or deleted",
        severity="high",
        operations=("DeactivateMFADevice", "DeleteVirtualMFADevice"),
        technique="T1556.006",
        reference=f"{IAM}/API_DeactivateMFADevice.html",
        fires=({"api.operation": "DeactivateMFADevice", "status_id": 1},),
        spares=({"api.operation": "EnableMFADevice", "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.access_key_made",
        title="A long-lived access key was made",
        severity="medium",
        operations=("CreateAccessKey",),
        technique="T1098.001",
        reference=f"{IAM}/API_CreateAccessKey.html",
        fires=({"api.operation": "CreateAccessKey", "status_id": 1},),
        spares=({"api.operation": "CreateAccessKey", "status_id": 2},),
    ),
    Rule(
        id="cloudtrail.console_password_set",
        title="A user was given a console password, or another one",
        severity="medium",
        operations=("CreateLoginProfile", "UpdateLoginProfile"),
        technique="T1098.001",
        reference=f"{IAM}/API_CreateLoginProfile.html",
        fires=({"api.operation": "UpdateLoginProfile", "message": "user: ada"},),
        spares=({"api.operation": "DeleteLoginProfile", "message": "user: ada"},),
    ),
    Rule(
        id="cloudtrail.admin_granted",
        title="A policy that grants everything was attached",
        severity="critical",
        operations=("AttachUserPolicy", "AttachRolePolicy", "AttachGroupPolicy"),
        where="""regexp_matches(message,
            'policy/(AdministratorAccess|IAMFullAccess|PowerUserAccess)(;|$)')""",
        technique="T1098.003",
        reference=f"{IAM}/API_AttachUserPolicy.html",
        fires=(
            {
                "api.operation": "AttachUserPolicy",
                "message": "policy: arn:aws:iam::aws:policy/AdministratorAccess; user: ada",
            },
        ),
        spares=(
            {
                "api.operation": "AttachUserPolicy",
                "message": "policy: arn:aws:iam::aws:policy/ReadOnlyAccess; user: ada",
            },
        ),
    ),
    Rule(
        id="cloudtrail.rights_changed",
        title="Who may take on a role, or a policy written into a user, role or group, was changed",
        severity="medium",
        operations=("UpdateAssumeRolePolicy", "PutUserPolicy", "PutRolePolicy", "PutGroupPolicy"),
        technique="T1098.003",
        reference=f"{IAM}/API_UpdateAssumeRolePolicy.html",
        fires=({"api.operation": "UpdateAssumeRolePolicy", "message": "role: build"},),
        spares=({"api.operation": "UpdateRoleDescription", "message": "role: build"},),
    ),
    Rule(
        id="cloudtrail.federation_added",
        title="An identity provider was added or changed: its users can sign in as ours",
        severity="critical",
        operations=("CreateSAMLProvider", "UpdateSAMLProvider", "CreateOpenIDConnectProvider"),
        technique="T1484.002",
        reference=f"{IAM}/API_CreateSAMLProvider.html",
        fires=({"api.operation": "CreateSAMLProvider", "status_id": 1},),
        spares=({"api.operation": "GetSAMLProvider", "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.logging_stopped",
        title="A trail was stopped or deleted",
        severity="critical",
        operations=("StopLogging", "DeleteTrail"),
        technique="T1562.008",
        reference=f"{TRAIL}/API_StopLogging.html",
        fires=({"api.operation": "StopLogging", "message": "trail: audit"},),
        spares=({"api.operation": "StartLogging", "message": "trail: audit"},),
    ),
    Rule(
        id="cloudtrail.logging_changed",
        title="What a trail logs, or where to, was changed",
        severity="medium",
        operations=("UpdateTrail", "PutEventSelectors"),
        technique="T1562.008",
        reference=f"{TRAIL}/API_UpdateTrail.html",
        fires=({"api.operation": "PutEventSelectors", "status_id": 1},),
        spares=({"api.operation": "GetEventSelectors", "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.monitoring_stopped",
        title="Flow logs, configuration records or threat detection were removed",
        severity="high",
        operations=(
            "DeleteFlowLogs",
            "StopConfigurationRecorder",
            "DeleteConfigurationRecorder",
            "DeleteDeliveryChannel",
            "DeleteDetector",
            "DisassociateFromMasterAccount",
            "DisassociateFromAdministratorAccount",
            "DisableSecurityHub",
            "DeleteModelInvocationLoggingConfiguration",
        ),
        technique="T1562.008",
        reference=f"{EC2}/API_DeleteFlowLogs.html",
        fires=({"api.operation": "DeleteDetector", "status_id": 1},),
        spares=({"api.operation": "GetDetector", "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.bucket_made_public",
        title="A bucket was opened to everybody",
        severity="high",
        operations=("PutBucketAcl", "PutObjectAcl", "PutBucketPolicy"),
        where="""regexp_matches(message, '(^|; )acl: (public-read|authenticated-read)')
            OR (regexp_matches(message, '(^|; )principal: ([*]|[{]"AWS":[[]?"[*]"[]]?[}])(;|$)')
                AND regexp_matches(message, '(^|; )effect: Allow'))""",
        technique="T1530",
        reference=f"{S3}/API_PutBucketAcl.html",
        fires=(
            {"api.operation": "PutBucketAcl", "message": "acl: public-read-write; bucket: plans"},
            {
                "api.operation": "PutBucketPolicy",
                "message": 'bucket: plans; principal: {"AWS":"*"}; effect: Allow',
            },
        ),
        spares=(
            {"api.operation": "PutBucketAcl", "message": "acl: private; bucket: plans"},
            {
                "api.operation": "PutBucketPolicy",
                "message": "bucket: plans; principal: *; effect: Deny",
            },
        ),
    ),
    Rule(
        id="cloudtrail.public_access_block_removed",
        title="The block that keeps buckets from being public was removed",
        severity="high",
        operations=(
            "DeleteBucketPublicAccessBlock",
            "DeleteAccountPublicAccessBlock",
            "PutBucketPublicAccessBlock",
        ),
        where="""api.operation LIKE 'Delete%'
            OR regexp_matches(message, 'public access block: [^;]*false')""",
        technique="T1562.001",
        reference=f"{S3}/API_DeletePublicAccessBlock.html",
        fires=({"api.operation": "DeleteBucketPublicAccessBlock", "message": "bucket: plans"},),
        spares=({"api.operation": "PutBucketPublicAccessBlock", "message": "bucket: plans"},),
    ),
    Rule(
        id="cloudtrail.disk_shared",
        title="The image of a disk, machine or database was opened to everybody",
        severity="critical",
        operations=(
            "ModifySnapshotAttribute",
            "ModifyImageAttribute",
            "ModifyDBSnapshotAttribute",
            "ModifyDBClusterSnapshotAttribute",
        ),
        where="""regexp_matches(message,
            '(^|; )((image|snapshot) open to: all|snapshot values: [^;]*"all")')""",
        technique="T1537",
        reference=f"{EC2}/API_ModifySnapshotAttribute.html",
        fires=(
            {"api.operation": "ModifyImageAttribute", "message": "image open to: all"},
            {"api.operation": "ModifyDBSnapshotAttribute", "message": 'snapshot values: ["all"]'},
        ),
        spares=(
            {"api.operation": "ModifyImageAttribute", "message": "image open to account: 1234"},
        ),
    ),
    Rule(
        id="cloudtrail.firewall_opened",
        title="A security group or database was opened to every address",
        severity="medium",
        operations=(
            "AuthorizeSecurityGroupIngress",
            "AuthorizeDBSecurityGroupIngress",
            "ModifyDBInstance",
        ),
        where="""regexp_matches(message,
            'source range( v6)?: (0[.]0[.]0[.]0/0|::/0)(;|$)|publicly accessible: true')""",
        technique="T1562.007",
        reference=f"{EC2}/API_AuthorizeSecurityGroupIngress.html",
        fires=(
            {
                "api.operation": "AuthorizeSecurityGroupIngress",
                "message": "source range: 0.0.0.0/0",
            },
        ),
        spares=(
            {
                "api.operation": "AuthorizeSecurityGroupIngress",
                "message": "source range: 9.0.0.0/8",
            },
        ),
    ),
    Rule(
        id="cloudtrail.database_exported",
        title="A whole database was exported to a bucket",
        severity="medium",
        operations=("StartExportTask",),
        technique="T1530",
        reference=f"{RDS}/API_StartExportTask.html",
        fires=({"api.operation": "StartExportTask", "status_id": 1},),
        spares=({"api.operation": "DescribeExportTasks", "status_id": 1},),
    ),
    Rule(
        id="cloudtrail.key_destroyed",
        title="An encryption key was switched off or is to be deleted: what it locks may be lost",
        severity="high",
        operations=("ScheduleKeyDeletion", "DisableKey"),
        technique="T1485",
        reference=f"{KMS}/API_ScheduleKeyDeletion.html",
        fires=({"api.operation": "ScheduleKeyDeletion", "status_id": 1},),
        spares=({"api.operation": "CancelKeyDeletion", "status_id": 1},),
    ),
)

"""Records as providers write them, and the rules of sensitive activity that must see them.

Only rules that look at more than the operation's name are here: they depend on what the mapper
puts into the message.
"""

AT = "2026-02-03T04:05:06Z"


def google(name, application="admin", **parameters):
    """One activity with one event, as the Reports API writes it."""
    return "google_workspace", {
        "id": {"time": AT, "uniqueQualifier": "1", "applicationName": application},
        "actor": {"email": "ada@example.com", "profileId": "1"},
        "ipAddress": "5.6.7.8",
        "events": [
            {
                "name": name,
                "parameters": [{"name": key, "value": text} for key, text in parameters.items()],
            }
        ],
    }


def exchange(operation, **parameters):
    """A command of Exchange, as the Management Activity API writes it."""
    return "m365", {
        "Id": "1",
        "CreationTime": "2026-02-03T04:05:06",
        "Operation": operation,
        "Workload": "Exchange",
        "ResultStatus": "True",
        "UserId": "ada@example.com",
        "ClientIP": "5.6.7.8:1234",
        "Parameters": [{"Name": key, "Value": text} for key, text in parameters.items()],
    }


def directory(operation, changed, value):
    """An act in Azure Active Directory, as the Management Activity API writes it."""
    return "m365", {
        "Id": "1",
        "CreationTime": "2026-02-03T04:05:06",
        "Operation": operation,
        "Workload": "AzureActiveDirectory",
        "ResultStatus": "Success",
        "UserId": "ada@example.com",
        "ModifiedProperties": [{"Name": changed, "OldValue": "[1]", "NewValue": value}],
    }


def trail(name, parameters=None, identity=None, service="s3.amazonaws.com"):
    """A CloudTrail event."""
    return "cloudtrail", {
        "eventTime": AT,
        "eventID": "1",
        "eventName": name,
        "eventSource": service,
        "sourceIPAddress": "5.6.7.8",
        "userIdentity": identity or {"type": "IAMUser", "userName": "ada", "principalId": "A1"},
        "requestParameters": parameters,
    }


def github(action, **fields):
    """An entry of the audit log."""
    return "github", {"@timestamp": 1770091506000, "action": action, "actor": "ada", **fields}


def slack(action, entity=None, details=None):
    """An entry of the Audit Logs API."""
    return "slack", {
        "id": "1",
        "date_create": 1770091506,
        "action": action,
        "actor": {"type": "user", "user": {"id": "W1", "email": "ada@example.com"}},
        "entity": entity,
        "details": details,
    }


def salesforce(event_type, **fields):
    """A row of an event log file."""
    return "salesforce", {
        "EVENT_TYPE": event_type,
        "TIMESTAMP_DERIVED": "2026-02-03T04:05:06.000Z",
        "REQUEST_ID": "1",
        "USER_ID_DERIVED": "005A",
        **fields,
    }


def box(event_type, details):
    """An enterprise event."""
    return "box", {
        "type": "event",
        "event_id": "1",
        "event_type": event_type,
        "created_at": AT,
        "created_by": {"type": "user", "id": "7", "login": "ada@example.com"},
        "source": {"item_type": "file", "item_id": "9", "item_name": "plan.docx"},
        "additional_details": details,
    }


def dropbox(tag, description, details):
    """An event of the team log."""
    return "dropbox", {
        "timestamp": AT,
        "event_type": {".tag": tag, "description": description},
        "actor": {".tag": "admin", "admin": {".tag": "team_member", "email": "ada@example.com"}},
        "details": details,
    }


def zoom(detail, action="Update", category="Account"):
    """An operation log."""
    return "zoom", {
        "time": AT,
        "operator": "ada@example.com",
        "action": action,
        "category_type": category,
        "operation_detail": detail,
    }


def gcp(method, deltas=None, request=None):
    """A LogEntry with an AuditLog."""
    payload = {
        "methodName": method,
        "authenticationInfo": {"principalEmail": "ada@example.com"},
        "requestMetadata": {"callerIp": "5.6.7.8"},
        "request": request,
        "serviceData": {"policyDelta": {"bindingDeltas": deltas}} if deltas else None,
    }
    return "gcp", {"timestamp": AT, "insertId": "1", "protoPayload": payload}


def added(role, member):
    """One granted role."""
    return [{"action": "ADD", "role": role, "member": member}]


ADMIN_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"
ANYBODY = {"Effect": "Allow", "Principal": {"AWS": "*"}}
OPEN_RANGE = {"items": [{"ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}

# (source, record), the rule that must see it, or None: no rule may.
RECORDS = [
    (google("ENFORCE_STRONG_AUTHENTICATION", OLD_VALUE="true", NEW_VALUE="false"),
     "google_workspace.second_factor_not_required"),
    (google("ENFORCE_STRONG_AUTHENTICATION", OLD_VALUE="false", NEW_VALUE="true"), None),
    (google("change_document_visibility", "drive", visibility="people_with_link",
            old_visibility="private", doc_title="Plan", doc_id="d"),
     "google_workspace.file_made_public"),
    (google("change_document_visibility", "drive", visibility="private",
            old_visibility="public_on_the_web", doc_title="Plan", doc_id="d"), None),
    (google("change_calendar_acls", "calendar", access_level="read",
            grantee_email="__public_principal__@public.calendar.google.com"),
     "google_workspace.calendar_made_public"),
    (directory("Update user.", "StrongAuthenticationMethod", "[]"), "m365.second_factor_off"),
    (directory("Update user.", "Department", "[]"), None),
    (exchange("New-InboxRule", Name=".", ForwardTo="eve@example.net"), "m365.inbox_rule_forwards"),
    (exchange("New-InboxRule", Name=".", DeleteMessage="True"), "m365.inbox_rule_hides"),
    (
        exchange("New-InboxRule", Name=".", DeleteMessage="False", MarkAsRead="True"),
        "m365.inbox_rule_made",
    ),
    (exchange("Set-Mailbox", Identity="ada", ForwardingSmtpAddress="smtp:eve@example.net"),
     "m365.mailbox_forwards"),
    (exchange("Set-Mailbox", Identity="ada", ForwardingSmtpAddress=""), None),
    (exchange("New-TransportRule", Name="x", BlindCopyTo="eve@example.net"),
     "m365.transport_rule_copies"),
    (exchange("Add-MailboxPermission", User="eve", AccessRights="FullAccess"),
     "m365.mailbox_opened_to_another"),
    (exchange("Set-AdminAuditLogConfig", UnifiedAuditLogIngestionEnabled="False"),
     "m365.audit_changed"),
    (exchange("Set-AdminAuditLogConfig", UnifiedAuditLogIngestionEnabled="True"), None),
    (exchange("Set-MailboxAuditBypassAssociation", Identity="a", AuditBypassEnabled="True"),
     "m365.audit_bypassed"),
    (exchange("Set-MailboxAuditBypassAssociation", Identity="a", AuditBypassEnabled="False"), None),
    (trail("ConsoleLogin", identity={"type": "Root", "principalId": "1", "accountId": "1"}),
     "cloudtrail.root_used"),
    (trail("AttachUserPolicy", {"userName": "eve", "policyArn": ADMIN_POLICY}),
     "cloudtrail.admin_granted"),
    (trail("PutBucketAcl", {"bucketName": "b", "x-amz-acl": ["public-read"]}),
     "cloudtrail.bucket_made_public"),
    (trail("PutBucketPolicy", {"bucketName": "b", "bucketPolicy": {"Statement": [ANYBODY]}}),
     "cloudtrail.bucket_made_public"),
    (trail("PutBucketAcl", {"bucketName": "b", "x-amz-acl": ["private"]}), None),
    (trail("PutBucketPublicAccessBlock", {"bucketName": "b", "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": False, "BlockPublicPolicy": True}}),
     "cloudtrail.public_access_block_removed"),
    (trail("PutBucketPublicAccessBlock", {"bucketName": "b", "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True, "BlockPublicPolicy": True}}), None),
    (trail("ModifySnapshotAttribute", {"createVolumePermission": {
        "add": {"items": [{"group": "all"}]}}}), "cloudtrail.disk_shared"),
    (trail("ModifyDBSnapshotAttribute", {"attributeName": "restore", "valuesToAdd": ["all"]}),
     "cloudtrail.disk_shared"),
    (trail("AuthorizeSecurityGroupIngress", {"groupId": "sg", "ipPermissions": OPEN_RANGE}),
     "cloudtrail.firewall_opened"),
    (trail("ModifyDBInstance", {"publiclyAccessible": True}), "cloudtrail.firewall_opened"),
    (github("repository_ruleset.update", ruleset_enforcement="disabled"),
     "github.branch_protection_removed"),
    (github("org.update_member", permission="admin", old_permission="read"),
     "github.admin_granted"),
    (github("org.update_member", permission="read", old_permission="admin"), None),
    (github("repo.access", visibility="public", previous_visibility="private", repo="a/b"),
     "github.repository_made_public"),
    (github("repo.access", visibility="private", previous_visibility="public", repo="a/b"), None),
    (slack("anomaly", details={"reason": ["asn", "excessive_downloads"]}),
     "slack.excessive_downloads"),
    (slack("anomaly", details={"reason": ["session_fingerprint"]}), None),
    (slack("app_installed", {"type": "app", "app": {"id": "A", "scopes": ["chat", "admin"]}}),
     "slack.powerful_app_installed"),
    (slack("app_installed", {"type": "app", "app": {"id": "A", "scopes": ["chat"]}}), None),
    (salesforce("BulkApi", OPERATION_TYPE="query", OPERATION="query", ENTITY_NAME="Account"),
     "salesforce.bulk_read"),
    (salesforce("BulkApi", OPERATION="insert", ENTITY_NAME="Account"), None),
    (box("ITEM_SHARED_UPDATE", {"shared_link_access_level": "public"}), "box.public_link"),
    (box("ITEM_SHARED_UPDATE", {"shared_link_access_level": "company"}), None),
    (dropbox("tfa_change_status", "Changed setting", {
        "new_value": {".tag": "disabled"}, "previous_value": {".tag": "sms"}}),
     "dropbox.second_factor_off"),
    (dropbox("member_change_admin_role", "Changed role", {
        "new_value": {".tag": "team_admin"}, "previous_value": {".tag": "member_only"}}),
     "dropbox.admin_granted"),
    (dropbox("member_change_admin_role", "Changed role", {
        "new_value": {".tag": "member_only"}, "previous_value": {".tag": "team_admin"}}), None),
    (dropbox("shared_link_change_visibility", "Changed link", {
        "new_value": {".tag": "public"}, "previous_value": {".tag": "team_only"}}),
     "dropbox.public_link"),
    (zoom("Security  - Sign in with Two-Factor Authentication: from On to Off"),
     "zoom.second_factor_not_required"),
    (zoom("Change Role  - eve@example.com: from Member to Admin", "Batch Update", "User"),
     "zoom.admin_granted"),
    (zoom("Sign-In Password Requirement  - Include at least 1 letter: from On to Off"),
     "zoom.password_rule_weakened"),
    (zoom("Sign-in Methods  - Allow users to sign in with Google: from Off to On"),
     "zoom.sign_in_method_changed"),
    (gcp("SetIamPolicy", added("roles/owner", "user:eve@example.com")), "gcp.admin_granted"),
    (gcp("SetIamPolicy", added("roles/viewer", "user:eve@example.com")), None),
    (gcp("storage.setIamPermissions", added("roles/storage.objectViewer", "allUsers")),
     "gcp.opened_to_everybody"),
    (gcp("v1.compute.firewalls.insert", request={"sourceRanges": ["0.0.0.0/0"]}),
     "gcp.firewall_opened"),
    (gcp("v1.compute.firewalls.insert", request={"sourceRanges": ["10.0.0.0/8"]}), None),
]  # fmt: skip

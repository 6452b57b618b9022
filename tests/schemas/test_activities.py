"""What each provider calls an act, and the class and activity of OCSF 1.3 that it is.

Authentication 3002: 1 log-on, 2 log-off, 99 other. API Activity 6003: 1 create, 2 read, 3 update,
4 delete, 99 other. File Hosting 6006: 1 upload .. 16 unsync, as in schemas/classes.py.
"""

import json
from typing import Any

import pytest
import source_samples

TIME = "2026-03-02T08:15:30Z"
ACTOR = "lea.martin@example.com"

OKTA = {
    "user.session.start": (3002, 1),
    "user.session.end": (3002, 2),
    "user.session.access_admin_app": (3002, 1),
    "user.authentication.auth_via_IDP": (3002, 1),
    "user.authentication.slo": (3002, 2),
    "user.mfa.okta_verify.deny_push": (3002, 1),
    "policy.evaluate_sign_on": (3002, 99),
    "user.mfa.factor.activate": (6003, 3),
    "user.mfa.factor.reset_all": (6003, 3),
    "user.lifecycle.create": (6003, 1),
    "user.lifecycle.suspend": (6003, 3),
    "user.lifecycle.delete.initiated": (6003, 4),
    "user.account.privilege.revoke": (6003, 4),
    "user.account.report_suspicious_activity_by_enduser": (6003, 99),
    "system.api_token.create": (6003, 1),
    "policy.rule.update": (6003, 3),
    "application.lifecycle.delete": (6003, 4),
    "app.oauth2.token.grant.access_token": (6003, 1),
    "zone.make_blacklist": (6003, 3),
}
GOOGLE = {
    ("login", "login_success"): (3002, 1),
    ("login", "login_verification"): (3002, 1),
    ("login", "logout"): (3002, 2),
    ("login", "account_disabled_hijacked"): (6003, 99),
    ("login", "2sv_disable"): (6003, 4),
    ("user_accounts", "password_edit"): (6003, 3),
    ("user_accounts", "recovery_email_edit"): (6003, 3),
    ("user_accounts", "titanium_unenroll"): (6003, 4),
    ("admin", "CREATE_USER"): (6003, 1),
    ("admin", "DELETE_USER"): (6003, 4),
    ("admin", "CHANGE_PASSWORD"): (6003, 3),
    ("admin", "GRANT_ADMIN_PRIVILEGE"): (6003, 1),
    ("admin", "DOWNLOAD_REPORT"): (6003, 2),
    ("admin", "UNASSIGN_ROLE"): (6003, 4),
    ("admin", "TOGGLE_SERVICE_ENABLED"): (6003, 3),
    ("token", "revoke"): (6003, 4),
    ("token", "activity"): (6003, 99),
    ("groups", "add_member"): (6003, 1),
    ("drive", "view"): (6006, 14),
    ("drive", "preview"): (6006, 9),
    ("drive", "create"): (6006, 1),
    ("drive", "upload"): (6006, 1),
    ("drive", "download"): (6006, 2),
    ("drive", "edit"): (6006, 3),
    ("drive", "trash"): (6006, 4),
    ("drive", "untrash"): (6006, 8),
    ("drive", "rename"): (6006, 5),
    ("drive", "copy"): (6006, 6),
    ("drive", "move"): (6006, 7),
    ("drive", "sync_item_content"): (6006, 15),
    ("drive", "change_acl_editors"): (6006, 12),
    ("drive", "print"): (6006, 99),
}
SHAREPOINT = {
    "FileAccessed": 14,
    "FilePreviewed": 9,
    "FileUploaded": 1,
    "FileDownloaded": 2,
    "FileSyncDownloadedFull": 2,
    "FileModified": 3,
    "FileRecycled": 4,
    "FileRenamed": 5,
    "FileCopied": 6,
    "FileMoved": 7,
    "FileRestored": 8,
    "FileCheckedOut": 10,
    "FileCheckedIn": 11,
    "SharingSet": 12,
    "SecureLinkCreated": 12,
    "AnonymousLinkRemoved": 13,
    "SharingRevoked": 13,
    "AnonymousLinkUsed": 14,
    "FileMalwareDetected": 99,
}
M365 = {
    "UserLoggedIn": (3002, 1),
    "UserLoginFailed": (3002, 1),
    "MailboxLogin": (3002, 1),
    "New-InboxRule": (6003, 1),
    "Set-Mailbox": (6003, 3),
    "Remove-MailboxPermission": (6003, 4),
    "Add member to group.": (6003, 1),
    "Remove member from role.": (6003, 4),
    "Reset user password.": (6003, 3),
    "Consent to application.": (6003, 1),
    "HardDelete": (6003, 4),
    "MailItemsAccessed": (6003, 2),
    "Send": (6003, 1),
    "TeamCreated": (6003, 1),
    "MemberRemoved": (6003, 4),
    "MemberRoleChanged": (6003, 3),
    "SearchExported": (6003, 2),
    "PageViewed": (6003, 2),
}
ENTRA = {
    "Add user": (6003, 1),
    "Invite external user": (6003, 1),
    "Update user": (6003, 3),
    "Reset user password": (6003, 3),
    "Disable account": (6003, 3),
    "Delete user": (6003, 4),
    "Remove member from role": (6003, 4),
    "Download groups": (6003, 2),
    "User registered security info": (6003, 99),
}


def _classified(source: str, records: list[dict[str, Any]]) -> list[tuple[int, int]]:
    outcome = source_samples.run(source, [json.dumps(record) for record in records])
    assert outcome.refused == []
    return [(event.row["class_uid"], event.row["activity_id"]) for event in outcome.events]


def _okta() -> tuple[str, list[Any], list[dict[str, Any]], list[tuple[int, int]]]:
    actor = {"type": "User", "alternateId": ACTOR}
    records = [{"published": TIME, "eventType": name, "actor": actor} for name in OKTA]
    return "okta", list(OKTA), records, list(OKTA.values())


def _google() -> tuple[str, list[Any], list[dict[str, Any]], list[tuple[int, int]]]:
    records = [
        {
            "id": {"time": TIME, "applicationName": application},
            "actor": {"email": ACTOR},
            "events": [{"name": name, "parameters": [{"name": "doc_title", "value": "Plan"}]}],
        }
        for application, name in GOOGLE
    ]
    return "google_workspace", list(GOOGLE), records, list(GOOGLE.values())


def _m365() -> tuple[str, list[Any], list[dict[str, Any]], list[tuple[int, int]]]:
    record = {"CreationTime": TIME, "UserId": ACTOR}
    file = {"Workload": "OneDrive", "ItemType": "File", "SourceFileName": "plan.docx"}
    records = [record | {"Operation": name, "Workload": "Exchange"} for name in M365]
    records += [record | file | {"Operation": name} for name in SHAREPOINT]
    wanted = [*M365.values(), *((6006, activity) for activity in SHAREPOINT.values())]
    return "m365", [*M365, *SHAREPOINT], records, wanted


def _entra() -> tuple[str, list[Any], list[dict[str, Any]], list[tuple[int, int]]]:
    user = {"user": {"userPrincipalName": ACTOR}}
    records = [
        {"activityDateTime": TIME, "activityDisplayName": name, "initiatedBy": user}
        for name in ENTRA
    ]
    return "entra_id", list(ENTRA), records, list(ENTRA.values())


@pytest.mark.parametrize("table", [_okta, _google, _m365, _entra])
def test_acts_have_their_class_and_activity(table: Any) -> None:
    source, names, records, wanted = table()
    found = _classified(source, records)
    assert dict(zip(names, found, strict=True)) == dict(zip(names, wanted, strict=True))

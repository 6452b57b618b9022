"""Audit records of the common schema ("Office 365 Management Activity API schema")."""

from typing import Any

from provider_simulator.moments import iso_plain
from provider_simulator.records import Template


def record(operation: str, kind: int, workload: str, **more: Any) -> dict[str, Any]:
    return {
        "CreationTime": "$time",
        "Id": "$uuid",
        "Operation": operation,
        "OrganizationId": "7c000000-0000-4000-8000-$account",
        "RecordType": kind,
        "ResultStatus": "Success",
        "UserKey": "1003200$account$person",
        "UserType": 0,
        "Version": 1,
        "Workload": workload,
        "ClientIP": "$ip",
        "UserId": "$login@$tenant.example",
        **more,
    }


def sign_in(operation: str, **more: Any) -> dict[str, Any]:
    return record(
        operation,
        15,
        "AzureActiveDirectory",
        ObjectId="00000003-0000-0000-c000-000000000000",
        ActorIpAddress="$ip",
        AzureActiveDirectoryEventType=1,
        ExtendedProperties=[
            {"Name": "ResultStatusDetail", "Value": "Success"},
            {"Name": "UserAgent", "Value": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"},
        ],
        ModifiedProperties=[],
        ApplicationId="89bee1f7-5e6e-4d8a-9f3d-ecd601259da7",
        InterSystemsId="$uuid",
        **more,
    )


def file(operation: str, **more: Any) -> dict[str, Any]:
    return record(
        operation,
        6,
        "SharePoint",
        ObjectId="https://$tenant.sharepoint.example/sites/plans/plan$number.docx",
        ItemType="File",
        EventSource="SharePoint",
        SourceFileName="plan$number.docx",
        SourceFileExtension="docx",
        SourceRelativeUrl="plans",
        SiteUrl="https://$tenant.sharepoint.example/sites/plans/",
        UserAgent="Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
        **more,
    )


# Exchange writes the port behind the address.
MAILBOX = {
    "ClientIPAddress": "$ip",
    "ClientIP": "$ip:52014",
    "MailboxOwnerUPN": "$login@$tenant.example",
}
RECORDS = {
    "Audit.AzureActiveDirectory": Template.of(
        sign_in("UserLoggedIn"),
        sign_in("UserLoggedIn"),
        sign_in("UserLoginFailed", LogonError="InvalidUserNameOrPassword", ErrorNumber="50126"),
        record("Update user.", 8, "AzureActiveDirectory", ObjectId="new$number@$tenant.example",
               ModifiedProperties=[{"Name": "AccountEnabled", "NewValue": "[true]",
                                    "OldValue": "[false]"}]),
        time=iso_plain,
    ),
    "Audit.Exchange": Template.of(
        record("MailItemsAccessed", 50, "Exchange", **MAILBOX),
        record("Send", 2, "Exchange", **MAILBOX),
        record("New-InboxRule", 1, "Exchange", ObjectId="$tenant\\\\$login\\\\Rule$number",
               Parameters=[{"Name": "MarkAsRead", "Value": "True"}]),
        time=iso_plain,
    ),
    "Audit.SharePoint": Template.of(
        file("FileAccessed"), file("FileDownloaded"), file("FileModified"), file("FileUploaded"),
        time=iso_plain,
    ),
    "Audit.General": Template.of(
        record("TeamsSessionStarted", 25, "MicrosoftTeams", ClientApplication="Teams"),
        record("MemberAdded", 25, "MicrosoftTeams", TeamName="Plans"),
        time=iso_plain,
    ),
}  # fmt: skip

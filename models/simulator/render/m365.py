"""Microsoft 365: records of the Office 365 Management Activity API, each after its record type."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.diary import PHONE
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import template

FILES = ("Budget", "Roadmap", "Offer", "Minutes", "Contract", "Forecast", "Handbook", "Plan")
EXTENSIONS = ("docx", "xlsx", "pptx", "pdf")
COMMON: dict[str, Any] = {
    "CreationTime": "$time",
    "Id": "$uuid",
    "Operation": "$operation",
    "OrganizationId": "$organisation",
    "UserType": 0,
    "UserKey": "$user_key",
    "Version": 1,
    "UserId": "$email",
}
SIGN_IN = {
    **COMMON,
    "RecordType": 15,
    "ResultStatus": "$result",
    "Workload": "AzureActiveDirectory",
    "ClientIP": "$ip",
    "ObjectId": "$application",
    "AzureActiveDirectoryEventType": 1,
    "ExtendedProperties": [
        {"Name": "ResultStatusDetail", "Value": "$detail"},
        {"Name": "UserAgent", "Value": "$agent"},
        {"Name": "RequestType", "Value": "OAuth2:Authorize"},
    ],
    "ModifiedProperties": [],
    "Actor": [{"ID": "$object_id", "Type": 0}, {"ID": "$email", "Type": 5}],
    "ActorContextId": "$organisation",
    "ActorIpAddress": "$ip",
    "InterSystemsId": "$session",
    "IntraSystemId": "$uuid",
    "SupportTicketId": "",
    "Target": [{"ID": "$application", "Type": 0}],
    "TargetContextId": "$organisation",
    "ApplicationId": "$application",
    "DeviceProperties": [
        {"Name": "OS", "Value": "$system"},
        {"Name": "BrowserType", "Value": "$browser"},
        {"Name": "SessionId", "Value": "$session"},
    ],
    "ErrorNumber": "$error",
}
FILE = {
    **COMMON,
    "RecordType": 6,
    "Workload": "$workload",
    "ClientIP": "$ip",
    "CorrelationId": "$session",
    "EventSource": "SharePoint",
    "ItemType": "File",
    "ListId": "$organisation",
    "ListItemUniqueId": "$file_id",
    "Site": "$organisation",
    "UserAgent": "$agent",
    "WebId": "$organisation",
    "SourceFileExtension": "$extension",
    "SiteUrl": "https://$host/sites/team/",
    "SourceFileName": "$file",
    "SourceRelativeUrl": "Shared Documents/General",
    "ObjectId": "https://$host/sites/team/Shared Documents/General/$file",
    "AppAccessContext": {"AADSessionId": "$session", "CorrelationId": "$session"},
}
MAIL = {
    **COMMON,
    "RecordType": 50,
    "ResultStatus": "Succeeded",
    "Workload": "Exchange",
    "ClientIPAddress": "$ip",
    "ClientInfoString": "$client",
    "ExternalAccess": False,
    "InternalLogonType": 0,
    "LogonType": 0,
    "MailboxGuid": "$object_id",
    "MailboxOwnerUPN": "$email",
    "OrganizationName": "$tenant",
    "OriginatingServer": "AM0PR04MB0001 (15.20.7700.000)\r\n",
    "SessionId": "$session",
    "ClientAppId": "$application",
    "OperationCount": 1,
    "OperationProperties": [
        {"Name": "MailAccessType", "Value": "Bind"},
        {"Name": "IsThrottled", "Value": "False"},
    ],
    "Folders": [
        {"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": "<$digits@$tenant>"}]},
    ],
}
RULE = {
    **COMMON,
    "RecordType": 1,
    "ResultStatus": "True",
    "Workload": "Exchange",
    "ClientIP": "$ip_port",
    "ObjectId": "$email\\Newsletters",
    "ExternalAccess": False,
    "OrganizationName": "$tenant",
    "OriginatingServer": "AM0PR04MB0001 (15.20.7700.000)",
    "Parameters": [
        {"Name": "Name", "Value": "Newsletters"},
        {"Name": "MoveToFolder", "Value": "Archive"},
        {"Name": "StopProcessingRules", "Value": "False"},
    ],
    "SessionId": "$session",
}
TEAMS = {
    **COMMON,
    "RecordType": 25,
    "Workload": "MicrosoftTeams",
    "ClientIP": "$ip",
    "CommunicationType": "GroupChat",
    "ChatThreadId": "19:$file_id@thread.v2",
    "MessageId": "1700000000000",
    "ItemName": "19:$file_id@thread.v2",
}
APPLICATIONS = {  # Microsoft's own applications, by their published identifiers
    "Office 365 Exchange Online": "00000002-0000-0ff1-ce00-000000000000",
    "Office 365 SharePoint Online": "00000003-0000-0ff1-ce00-000000000000",
    "Microsoft Teams": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
}
RECORDS = {
    "UserLoggedIn": SIGN_IN,
    "FileAccessed": FILE,
    "FileModified": FILE,
    "FileDownloaded": FILE,
    "FileUploaded": FILE,
    "FilePreviewed": FILE,
    "FileSyncDownloadedFull": FILE,
    "MailItemsAccessed": MAIL,
    "Send": {**MAIL, "RecordType": 2},
    "New-InboxRule": RULE,
    "MessageSent": TEAMS,
}


class Log:
    """The unified audit log of the company's Microsoft 365."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("UserLoggedIn"),
        Action("FileAccessed", people=4.0, program=1.0),
        Action("FileModified", people=2.0),
        Action("FileDownloaded", people=0.5),
        Action("FileUploaded", people=0.5),
        Action("FilePreviewed", people=0.8),
        Action("FileSyncDownloadedFull", people=0.8, sync=2.0),
        Action("MailItemsAccessed", people=4.0, sync=6.0, program=0.5),
        Action("Send", people=1.0),
        Action("New-InboxRule", people=0.004),
        Action("MessageSent", people=2.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.40, "engineer": 0.25, "service": 0.10}
    guessable: ClassVar[bool] = True

    def __init__(self, company: Company) -> None:
        self._templates = {name: template(record) for name, record in RECORDS.items()}
        self._tenant = f"{company.name}.onmicrosoft.example"
        self._host = f"{company.name}.sharepoint.example"
        self._organisation = company.people[0].stable_uuid("organisation")

    def line(self, use: Use) -> str:
        agent, system, browser = agents.agent(use.person, use.device, use.session)
        extension = use.pick(EXTENSIONS)
        ip = use.address.text
        return self._templates[use.action.name] % {
            "time": use.time[:19],
            "uuid": use.uuid,
            "operation": "UserLoginFailed" if use.failed else use.action.name,
            "organisation": self._organisation,
            "user_key": "100320" + use.person.stable("puid", "0123456789ABCDEF", 10),
            "object_id": use.person.stable_uuid("entra"),
            "email": use.person.email,
            "result": "Failed" if use.failed else "Success",
            "detail": "UserError" if use.failed else "Redirect",
            "error": "50126" if use.failed else "0",
            "ip": ip,
            "ip_port": f"[{ip}]:{1024 + use.number % 60_000}",
            "agent": agent,
            "system": system,
            "browser": browser.title(),
            "session": f"{use.session:08x}-0000-4000-8000-{use.session:012x}",
            "application": use.pick(tuple(APPLICATIONS.values())),
            "client": "Client=OutlookMobile"
            if use.device == PHONE
            else "Client=OWA;Action=ViaProxy",
            "workload": "OneDrive" if use.number % 3 else "SharePoint",
            "host": self._host,
            "tenant": self._tenant,
            "file": f"{use.pick(FILES)} {use.number % 97}.{extension}",
            "file_id": use.uuid[::-1].replace("-", ""),
            "extension": extension,
            "digits": use.digits,
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        # Content blobs come unordered: records that end alike lie together, whatever their time.
        return ndjson(day, sorted(lines, key=lambda line: line[56:64]))

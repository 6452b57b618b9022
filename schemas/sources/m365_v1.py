"""Microsoft 365, Office 365 Management Activity API: one audit record of the common schema.

Azure AD, SharePoint and OneDrive, Exchange, and the general content type share the fields at the
top; which others are there depends on `RecordType`. Fields whose type differs among record types
(`Parameters` is a list in Exchange and one text in Security & Compliance) are taken as JSON.
"""

from typing import Any

from schemas.source import Source, SourceModel


class AccessContext(SourceModel):
    AADSessionId: str | None = None
    CorrelationId: str | None = None


class AuditRecord(SourceModel):
    Id: str | None = None
    CreationTime: str | int | None = None
    Operation: str | None = None
    RecordType: int | str | None = None
    Workload: str | int | None = None
    OrganizationId: str | None = None
    ResultStatus: str | bool | int | None = None
    UserType: int | str | None = None
    UserId: str | None = None
    UserKey: str | None = None
    ClientIP: str | None = None
    ClientIPAddress: str | None = None
    ActorIpAddress: str | None = None
    ObjectId: str | None = None
    ItemType: str | None = None
    SourceFileName: str | None = None
    SourceRelativeUrl: str | None = None
    TargetUserOrGroupName: str | None = None
    TargetUserOrGroupType: str | None = None
    UserAgent: str | None = None
    ClientInfoString: str | None = None
    ApplicationId: str | None = None
    ClientAppId: str | None = None
    SessionId: str | None = None
    InterSystemsId: str | None = None
    LogonError: str | None = None
    ErrorNumber: str | int | None = None
    MailboxOwnerUPN: str | None = None
    AppAccessContext: AccessContext | None = None
    Parameters: Any = None
    ExtendedProperties: Any = None
    ModifiedProperties: Any = None


SIGN_IN = """Operation IN ('UserLoggedIn', 'UserLoginFailed', 'MailboxLogin', 'TeamsSessionStarted',
  'SignInEvent')"""
# Each kind of act on a file, by OCSF's number.
FILE_OPERATIONS = {
    1: ("FileUploaded", "FileUploadedPartial", "FileSyncUploadedFull", "FolderCreated"),
    2: ("FileDownloaded", "FileSyncDownloadedFull", "FileSyncDownloadedPartial"),
    3: ("FileModified", "FileModifiedExtended", "FolderModified", "FileSensitivityLabelChanged"),
    4: (
        *("FileDeleted", "FileRecycled", "FileDeletedFirstStageRecycleBin", "FolderRecycled"),
        *("FileDeletedSecondStageRecycleBin", "FolderDeleted", "FileVersionsAllDeleted"),
        *("FolderDeletedFirstStageRecycleBin", "FolderDeletedSecondStageRecycleBin"),
    ),
    5: ("FileRenamed", "FolderRenamed"),
    6: ("FileCopied", "FolderCopied"),
    7: ("FileMoved", "FolderMoved"),
    8: ("FileRestored", "FolderRestored", "FileVersionRestored"),
    9: ("FilePreviewed",),
    10: ("FileCheckedOut", "LockRecord"),
    11: ("FileCheckedIn", "FileCheckOutDiscarded", "UnlockRecord"),
    12: (
        *("SharingSet", "SharingInvitationCreated", "SharingInvitationAccepted"),
        *("AddedToSecureLink",),
        *("AnonymousLinkCreated", "AnonymousLinkUpdated", "CompanyLinkCreated"),
        *("SecureLinkCreated", "SecureLinkUpdated", "SharingInheritanceBroken"),
    ),
    13: (
        *("SharingRevoked", "SharingInvitationRevoked", "AnonymousLinkRemoved", "UnshareFile"),
        *("CompanyLinkRemoved", "SecureLinkDeleted", "RemovedFromSecureLink"),
    ),
    14: (
        *("FileAccessed", "FileAccessedExtended", "AnonymousLinkUsed", "SecureLinkUsed"),
        *("CompanyLinkUsed", "FileViewed"),
    ),
}


def _file_activity() -> str:
    cases = (
        f"WHEN Operation IN ({', '.join(repr(name) for name in names)}) THEN {number}"
        for number, names in FILE_OPERATIONS.items()
    )
    return f"CASE {' '.join(cases)} ELSE 99 END"


FILE_ACTIVITY = _file_activity()
FILE_NAME = "coalesce(nullif(SourceFileName, ''), nullif(string_split(ObjectId, '/')[-1], ''))"
# SharePoint and OneDrive: acts on files (record types 2, 4, 6) and shares of them (14).
FILE = f"""(coalesce(Workload, 'SharePoint') IN ('SharePoint', 'OneDrive')
  AND coalesce(ItemType IN ('File', 'Folder'), Operation LIKE 'File%' OR Operation LIKE 'Folder%')
  AND {FILE_NAME} IS NOT NULL)"""
PAIRS = """'[{"Name": "VARCHAR", "Value": "VARCHAR", "NewValue": "VARCHAR"}]'"""


def extended(name: str) -> str:
    """Return the SQL of one extended property's value."""
    return f"""list_filter(json_transform(ExtendedProperties, {PAIRS}),
      lambda p: p.Name = '{name}')[1].Value"""


# Names of the parameters that are set, and the values of those that forward mail.
SET_PARAMETERS = f"""list_transform(list_filter(json_transform(Parameters, {PAIRS}),
    lambda p: coalesce(p.Value, '') NOT IN ('', 'False', 'false', '[]')
      OR p.Name IN ('AuditEnabled', 'UnifiedAuditLogIngestionEnabled')),
  lambda p: CASE WHEN p.Name IN ('ForwardTo', 'ForwardAsAttachmentTo', 'RedirectTo',
    'ForwardingAddress', 'ForwardingSmtpAddress', 'DeliverToMailboxAndForward', 'DeleteMessage',
    'User', 'AccessRights', 'AuditEnabled', 'UnifiedAuditLogIngestionEnabled')
    THEN p.Name || '=' || left(p.Value, 200) ELSE p.Name END)"""
# Parameters in one text, as Security & Compliance writes them: names, and values that are no text.
NAMED_IN_TEXT = """CASE WHEN json_type(Parameters) = 'VARCHAR' THEN regexp_extract_all(
  Parameters->>'$', '-[A-Za-z]+(?:[: ]"?[$]?(?:[Tt]rue|[Ff]alse)"?)?') END"""
# What became of the properties that decide: the second factor, the role, the consent.
MODIFIED = f"""list_transform(json_transform(ModifiedProperties, {PAIRS}),
  lambda p: CASE WHEN p.Name LIKE 'StrongAuthentication%' OR p.Name LIKE 'Role.%'
      OR p.Name LIKE 'ConsentContext.%' OR p.Name = 'AccountEnabled'
    THEN p.Name || '=' || left(replace(trim(p.NewValue), '"', ''), 200) ELSE p.Name END)"""
MESSAGE = f"""concat_ws(': ', Operation, nullif(concat_ws(', ',
  nullif(array_to_string({SET_PARAMETERS}, ', '), ''), array_to_string({NAMED_IN_TEXT}, ' '),
  nullif(array_to_string({MODIFIED}, ', '), ''),
  TargetUserOrGroupName || coalesce(' (' || TargetUserOrGroupType || ')', '')), ''))"""
OTHER = f"CASE WHEN NOT {SIGN_IN} THEN coalesce(TargetUserOrGroupName, MailboxOwnerUPN) END"
USER_KEY = "CASE WHEN UserKey NOT IN ('', 'Not Available') THEN UserKey END"

SOURCE = Source(
    model=AuditRecord,
    product=("Microsoft 365", "Microsoft"),
    columns={
        "time": "CreationTime",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 WHEN {FILE} THEN 6006 ELSE 6003 END",
        "activity_id": f"""CASE
            WHEN {SIGN_IN} THEN 1
            WHEN {FILE} THEN {FILE_ACTIVITY}
            WHEN regexp_matches(Operation, '(?i)^(New|Add|Create|Send|Copy|Set up|Consent|Invite)')
              OR suffix(Operation, 'Added') OR suffix(Operation, 'Created') THEN 1
            WHEN regexp_matches(Operation, '(?i)^(Get|View|Search|Export|MailItemsAccessed|Read)')
              OR suffix(Operation, 'Viewed') OR suffix(Operation, 'Accessed') THEN 2
            WHEN regexp_matches(Operation, '(?i)^(Set|Update|Change|Reset|Enable|Disable|Move)')
              OR suffix(Operation, 'Changed') OR suffix(Operation, 'Modified') THEN 3
            WHEN regexp_matches(Operation, '(?i)(^(Remove|Delete|SoftDelete|HardDelete)|Removed$)')
              OR suffix(Operation, 'Deleted') THEN 4
            ELSE 99 END""",
        "status_id": """CASE
            WHEN Operation = 'UserLoginFailed' THEN 2
            WHEN lower(ResultStatus) IN ('success', 'succeeded', 'true', 'partiallysucceeded')
              THEN 1
            WHEN lower(ResultStatus) IN ('failed', 'failure', 'false') THEN 2
            WHEN coalesce(ResultStatus, '') = '' AND Operation IS NOT NULL THEN 1
            ELSE 0 END""",
        "status_code": "coalesce(nullif(ErrorNumber, ''), ResultStatus)",
        "status_detail": f"coalesce(nullif(LogonError, ''), {extended('ResultStatusDetail')})",
        "message": MESSAGE,
        "metadata.uid": "Id",
        "metadata.event_code": "Operation",
        "metadata.log_name": "coalesce(Workload, RecordType)",
        "metadata.correlation_uid": "coalesce(AppAccessContext.CorrelationId, InterSystemsId)",
        "metadata.tenant_uid": "OrganizationId",
        "actor.user.uid": USER_KEY,
        "actor.user.name": "UserId",
        "actor.user.email_addr": "CASE WHEN contains(UserId, '@') THEN UserId END",
        # UserType: 0 regular, 2 administrator, 3 data centre administrator, 4 system,
        # 5 application, 6 service principal.
        "actor.user.type_id": f"""CASE
            WHEN coalesce(nullif(UserId, ''), {USER_KEY}) IS NULL THEN NULL
            WHEN UserType IN ('4', '5', '6', 'System', 'Application', 'ServicePrincipal') THEN 3
            WHEN UserType IN ('2', '3', 'Admin', 'DcAdmin') THEN 2
            WHEN UserType IN ('0', '1', 'Regular', 'Reserved') THEN 1
            ELSE 1 END""",
        "actor.session.uid": "coalesce(AppAccessContext.AADSessionId, SessionId)",
        "actor.app_name": "coalesce(ApplicationId, ClientAppId)",
        "user.name": OTHER,
        "user.email_addr": f"CASE WHEN contains({OTHER}, '@') THEN {OTHER} END",
        "service.name": f"CASE WHEN {SIGN_IN} THEN Workload END",
        "src_endpoint.ip": """coalesce(nullif(ClientIP, ''), nullif(ActorIpAddress, ''),
            nullif(ClientIPAddress, ''))""",
        "http_request.user_agent": f"""coalesce(UserAgent, {extended("UserAgent")},
            ClientInfoString)""",
        "api.operation": "Operation",
        "api.service.name": "Workload",
        "resources": """CASE WHEN ObjectId <> '' THEN
            [{'uid': ObjectId, 'name': coalesce(SourceFileName, ObjectId), 'type': ItemType}]
            END""",
        "file.name": f"CASE WHEN {FILE} THEN {FILE_NAME} END",
        "file.path": f"CASE WHEN {FILE} THEN coalesce(ObjectId, SourceRelativeUrl) END",
        "file.type_id": f"CASE WHEN {FILE} THEN if(ItemType = 'Folder', 2, 1) END",
    },
)

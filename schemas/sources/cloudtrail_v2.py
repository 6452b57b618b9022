"""AWS CloudTrail, version 2: events as trail files and event data stores hold them.

A file is an object whose `Records` are the events. Version 1 is the same, wrapped by EventBridge.

Who acted is told by `userIdentity`, whose fields differ with its type. A person is found by an
e-mail address as user name or as name of the role session (single sign-on writes it there), else
by the stable `principalId`. Session names that a program makes up anew each time are dropped from
it. Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element" and "record contents".
"""

from typing import Any

from schemas.source import Source, SourceModel

Time = str | int | float
Flag = bool | str


class Attributes(SourceModel):
    mfaAuthenticated: Flag | None = None


class SessionIssuer(SourceModel):
    userName: str | None = None


class SessionContext(SourceModel):
    attributes: Attributes | None = None
    sessionIssuer: SessionIssuer | None = None


class OnBehalfOf(SourceModel):
    userId: str | None = None


class UserIdentity(SourceModel):
    type: str | None = None
    principalId: str | None = None
    arn: str | None = None
    accountId: str | int | None = None
    accessKeyId: str | None = None
    userName: str | None = None
    invokedBy: str | None = None
    onBehalfOf: OnBehalfOf | None = None
    sessionContext: SessionContext | None = None


class Event(SourceModel):
    """One event. Parameters and answers differ from call to call and so stay JSON."""

    eventTime: Time | None = None
    eventID: str | int | None = None
    eventName: str | None = None
    eventSource: str | None = None
    eventType: str | None = None
    eventCategory: str | None = None
    sharedEventID: str | None = None
    requestID: str | int | None = None
    awsRegion: str | None = None
    recipientAccountId: str | int | None = None
    sourceIPAddress: str | None = None
    userAgent: str | None = None
    errorCode: str | None = None
    errorMessage: str | None = None
    readOnly: Flag | None = None
    userIdentity: UserIdentity | None = None
    requestParameters: Any = None
    responseElements: Any = None
    serviceEventDetails: Any = None
    additionalEventData: Any = None
    resources: Any = None


class TrailEvent(Event):
    """An event that lies bare; `detail` is the mark of the wrapped form."""

    detail: Any = None


LOGONS = """('ConsoleLogin', 'UserAuthentication', 'CredentialVerification',
    'ExternalIdPDirectoryLogin', 'Authenticate', 'Federate')"""
LOGOFFS = "('Logout', 'ConsoleLogout', 'ExitRole')"
CHALLENGES = "('CheckMfa', 'CredentialChallenge')"
TICKETS = """('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot',
    'GetSessionToken', 'GetFederationToken', 'GetSigninToken', 'SwitchRole', 'RenewRole')"""
READS = "(Get|List|Describe|Head|Lookup|Search|Query|Scan|BatchGet|Select|View|Download|Decrypt)"
CREATES = "(Create|Run|Allocate|Add|Register|Import|Generate|Issue|Copy|Restore|Request|Upload)"
DELETES = "(Delete|Terminate|Remove|Deregister|Release|Purge|BatchDelete|Destroy)"
# What a console sign-in answers with, and IAM Identity Center tells as details.
OUTCOMES = "['$.ConsoleLogin', '$.ExternalIdPDirectoryLogin', '$.CheckMfa', '$.SwitchRole', \
'$.UserAuthentication', '$.CredentialVerification', '$.CredentialChallenge', '$.PasswordUpdated']"
# Session names such as botocore-session-1700000000, new at each call.
MADE_UP_SESSION = r":(botocore-session|aws-go-sdk|aws-sdk-[a-z]+(-session)?|AWSCLI-Session)-?\d*$"
EMAIL = r"^[^@\s/:]+@[^@\s/:]+\.[^@\s/:]+$"
# Parameters that say how far a change goes. None of them holds a secret.
TELLING = {
    "acl": '$."x-amz-acl"[0]',
    "policy": "$.policyArn",
    "inline policy": "$.policyName",
    "user": "$.userName",
    "role": "$.roleName",
    "trail": "$.name",
    "bucket": "$.bucketName",
    "public access block": "$.PublicAccessBlockConfiguration",
    "image open to": "$.launchPermission.add.items[0].group",
    "image open to account": "$.launchPermission.add.items[0].userId",
    "snapshot open to": "$.createVolumePermission.add.items[0].group",
    "snapshot open to account": "$.createVolumePermission.add.items[0].userId",
    "snapshot values": "$.valuesToAdd",
    "publicly accessible": "$.publiclyAccessible",
    "source range": "$.ipPermissions.items[0].ipRanges.items[0].cidrIp",
    "source range v6": "$.ipPermissions.items[0].ipv6Ranges.items[0].cidrIpv6",
    "database source range": "$.cIDRIP",
    "granted principal": "$.principal",
}


def columns(e: str) -> dict[str, str]:
    """Return the mapping; `e` stands before each field of the event: nothing, or `detail.`."""
    return {**_action(e), **_actor(e), **_surroundings(e)}


def _logon(e: str) -> str:
    return f"""({e}eventName IN {LOGONS}
        OR json_extract_string({e}responseElements, '$.ConsoleLogin') IS NOT NULL)"""


def _authentication(e: str) -> str:
    return f"""({_logon(e)} OR {e}eventName IN {LOGOFFS} OR {e}eventName IN {CHALLENGES}
        OR {e}eventName IN {TICKETS})"""


def _action(e: str) -> dict[str, str]:
    parameters = f"{e}requestParameters"
    outcomes = f"""list_concat(json_extract_string({e}responseElements, {OUTCOMES}),
        json_extract_string({e}serviceEventDetails, {OUTCOMES}))"""
    return {
        "time": f"{e}eventTime",
        "class_uid": f"CASE WHEN {_authentication(e)} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE WHEN {_logon(e)} THEN 1
            WHEN {e}eventName IN {LOGOFFS} THEN 2 WHEN {e}eventName IN {TICKETS} THEN 3
            WHEN {e}eventName IN {CHALLENGES} THEN 6
            WHEN regexp_matches({e}eventName, '^{READS}') THEN 2
            WHEN regexp_matches({e}eventName, '^{CREATES}') THEN 1
            WHEN regexp_matches({e}eventName, '^{DELETES}') THEN 4
            WHEN lower({e}readOnly) = 'true' THEN 2
            WHEN {e}eventName IS NULL THEN 0 ELSE 3 END""",
        "status_id": f"""CASE WHEN {e}errorCode <> '' OR list_contains({outcomes}, 'Failure')
            THEN 2 ELSE 1 END""",
        "status_code": f"{e}errorCode",
        "status_detail": f"{e}errorMessage",
        "message": f"""nullif(concat_ws('; ', {_telling(parameters)},
            CASE WHEN {e}eventName = 'PutBucketPolicy' THEN {_opened(parameters)} END), '')""",
        "metadata.event_code": f"{e}eventName",
        "metadata.log_name": f"{e}eventCategory",
        "user.name": f"""CASE WHEN {e}eventSource = 'iam.amazonaws.com'
            THEN json_extract_string({parameters}, '$.userName') END""",
        "service.name": f"CASE WHEN {_authentication(e)} THEN {e}eventSource END",
        "api.operation": f"{e}eventName",
        "api.service.name": f"{e}eventSource",
        "api.response.error": f"{e}errorCode",
        "api.response.message": f"{e}errorMessage",
    }


def _actor(e: str) -> dict[str, str]:
    who = f"{e}userIdentity"
    user_name = f"nullif(nullif({who}.userName, ''), 'HIDDEN_DUE_TO_SECURITY_REASONS')"
    session_name = f"""coalesce(
        nullif(regexp_extract({who}.principalId, ':([^:]+)$', 1), ''),
        nullif(regexp_extract({who}.arn, '/([^/]+)$', 1), ''))"""
    center_name = f"json_extract_string({e}additionalEventData, '$.UserName')"
    by_service = f"({who}.type = 'AWSService' OR {e}eventType = 'AwsServiceEvent')"
    service = f"coalesce({who}.invokedBy, {e}eventSource)"
    uid = f"""CASE WHEN {by_service} THEN {service} ELSE coalesce(
        nullif(regexp_replace({who}.principalId, '{MADE_UP_SESSION}', ''), ''),
        {who}.onBehalfOf.userId, nullif({who}.arn, ''),
        CASE WHEN {user_name} IS NOT NULL THEN concat_ws(':', {who}.accountId, {user_name})
            WHEN {who}.type IS DISTINCT FROM 'IAMUser' THEN {who}.accountId END) END"""
    name = f"""CASE WHEN {by_service} THEN {service}
        WHEN {who}.type = 'Root' THEN coalesce({user_name}, 'root')
        ELSE coalesce({user_name}, {session_name}, {center_name}) END"""
    return {
        "actor.user.uid": uid,
        "actor.user.name": name,
        "actor.user.email_addr": f"""list_filter([{user_name}, {session_name}, {center_name}],
            lambda x: regexp_matches(x, '{EMAIL}'))[1]""",
        "actor.user.type_id": f"""CASE WHEN coalesce({uid}, {name}) IS NULL THEN NULL
            WHEN {by_service} THEN 3
            WHEN {who}.sessionContext.sessionIssuer.userName LIKE 'AWSServiceRoleFor%' THEN 3
            WHEN {who}.type = 'Root' THEN 2
            WHEN {who}.type = 'AWSAccount' THEN 99
            WHEN {who}.type = 'Unknown' OR {who}.type IS NULL THEN 0 ELSE 1 END""",
        # The access key of a session is its name; those of sessions begin with ASIA.
        "actor.session.uid": f"CASE WHEN {who}.accessKeyId LIKE 'ASIA%' THEN {who}.accessKeyId END",
        "actor.invoked_by": f"CASE WHEN {by_service} THEN {service} ELSE {who}.invokedBy END",
        "is_mfa": f"""CASE WHEN {_authentication(e)} THEN coalesce(
            CASE json_extract_string({e}additionalEventData, '$.MFAUsed')
                WHEN 'Yes' THEN true WHEN 'No' THEN false END,
            lower({who}.sessionContext.attributes.mfaAuthenticated) = 'true') END""",
    }


def _surroundings(e: str) -> dict[str, str]:
    return {
        # Ids are GUIDs. What is far too short to be one is not unique by itself.
        "metadata.uid": f"""CASE WHEN length({e}eventID) < 8
            THEN {e}eventID || '/' || md5(record_text) ELSE {e}eventID END""",
        "metadata.correlation_uid": f"{e}sharedEventID",
        "src_endpoint.ip": f"{e}sourceIPAddress",
        "http_request.user_agent": f"{e}userAgent",
        "api.request.uid": f"{e}requestID",
        "resources": f"""list_filter(list_transform(json_transform({e}resources, '["JSON"]'),
            lambda r: {{'uid': coalesce(r ->> '$.ARN', r ->> '$.arn'), 'name': NULL,
                'type': r ->> '$.type'}}), lambda r: r.uid IS NOT NULL)""",
        "cloud.provider": "'AWS'",
        "cloud.region": f"{e}awsRegion",
        "cloud.account.uid": f"coalesce({e}recipientAccountId, {e}userIdentity.accountId)",
    }


def _telling(parameters: str) -> str:
    """Return SQL for the telling parameters of a call, `name: value; name: value`."""
    names = ", ".join(f"'{name}'" for name in TELLING)
    paths = ", ".join(f"'{path}'" for path in TELLING.values())
    return f"""left(nullif(array_to_string(list_filter(list_transform(
        list_zip([{names}], json_extract_string({parameters}, [{paths}])),
        lambda p: p[1] || ': ' || p[2]), lambda text: text IS NOT NULL), '; '), ''), 500)"""


def _opened(parameters: str) -> str:
    """Return SQL that says so when one statement of a bucket's policy lets everybody in."""
    # The policy is an object, or text that holds one.
    policy = f"TRY_CAST(json_extract_string({parameters}, '$.bucketPolicy') AS JSON)"
    statements = f"""json_transform(json_extract({policy}, '$.Statement'),
        '[{{"Effect": "VARCHAR", "Principal": "JSON"}}]')"""
    return f"""CASE WHEN len(list_filter({statements}, lambda s: s.Effect = 'Allow'
        AND (json_extract_string(s.Principal, '$') = '*'
            OR list_contains(json_extract_string(s.Principal, ['$.AWS', '$.AWS[0]']), '*')))) > 0
        THEN 'principal: *; effect: Allow' END"""


SOURCE = Source(
    model=TrailEvent,
    product=("AWS CloudTrail", "AWS"),
    accepts="detail IS NULL",
    columns=columns(""),
    envelope=("Records",),
)

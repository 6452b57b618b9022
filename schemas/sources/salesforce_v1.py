"""Salesforce sign-ins, version 1: objects LoginHistory and LoginEvent, as a query answers.

LoginHistory names the user by id alone; LoginEvent (Real-Time Event Monitoring) also by name.
Version 2 takes the rows of event log files.
Source: Salesforce Object Reference, "LoginHistory"; Platform Events Developer Guide, "LoginEvent".
"""

from schemas.source import Source, SourceModel

Time = str | int | float


class Login(SourceModel):
    Id: str | None = None
    EventIdentifier: str | None = None
    LoginTime: Time | None = None
    EventDate: Time | None = None
    UserId: str | None = None
    Username: str | None = None
    UserType: str | None = None
    SourceIp: str | None = None
    Status: str | None = None
    LoginType: str | None = None
    LoginSubType: str | None = None
    LoginUrl: str | None = None
    LoginKey: str | None = None
    SessionKey: str | None = None
    Application: str | None = None
    AuthMethodReference: str | None = None
    Browser: str | None = None
    UserAgent: str | None = None


SOURCE = Source(
    model=Login,
    product=("Salesforce Login History", "Salesforce"),
    columns={
        "time": "coalesce(LoginTime, EventDate)",
        "class_uid": "3002",
        "activity_id": "1",
        "status_id": """CASE WHEN "Status" IS NULL THEN 0
            WHEN "Status" = 'Success' THEN 1 ELSE 2 END""",
        "status_detail": """nullif("Status", 'Success')""",
        "message": "LoginSubType",
        "metadata.uid": "coalesce(EventIdentifier, Id)",
        # Every record is a sign-in; LoginType says through what door.
        "metadata.event_code": """CASE WHEN coalesce(LoginTime, EventDate) IS NOT NULL
            THEN coalesce(LoginType, 'Login') END""",
        "metadata.log_name": """CASE WHEN EventIdentifier IS NULL THEN 'LoginHistory'
            ELSE 'LoginEvent' END""",
        "actor.user.uid": "UserId",
        "actor.user.name": "Username",
        "actor.user.email_addr": "CASE WHEN contains(Username, '@') THEN Username END",
        "actor.user.type_id": "CASE WHEN coalesce(UserId, Username) IS NOT NULL THEN 1 END",
        "actor.session.uid": "coalesce(SessionKey, LoginKey)",
        "actor.app_name": "Application",
        "is_mfa": """CASE WHEN AuthMethodReference <> ''
            THEN regexp_matches(lower(AuthMethodReference), 'mfa|otp|hwk|swk') END""",
        "service.name": "coalesce(nullif(LoginUrl, ''), 'Salesforce')",
        "src_endpoint.ip": "SourceIp",
        "http_request.user_agent": "coalesce(UserAgent, Browser)",
        "api.operation": """CASE WHEN coalesce(LoginTime, EventDate) IS NOT NULL
            THEN 'Login' END""",
    },
    envelope=("records",),
)

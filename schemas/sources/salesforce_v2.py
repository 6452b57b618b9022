"""Salesforce Event Monitoring, version 2: rows of event log files (EventLogFile, CSV).

The rows of one request share a REQUEST_ID, so the row's own text completes the id. A user name has
the form of an e-mail address; it is there in sign-ins and few others. TIMESTAMP is UTC, written
without signs (20240124103015.789); TIMESTAMP_DERIVED says the same in ISO 8601.
Source: Salesforce Object Reference, "EventLogFile Supported Event Types".
"""

from schemas.source import Source, SourceModel

Text = str | int | float


class Row(SourceModel):
    """Columns common to all files, and those of the few kinds that tell more."""

    EVENT_TYPE: str | None = None
    TIMESTAMP: Text | None = None
    TIMESTAMP_DERIVED: Text | None = None
    REQUEST_ID: Text | None = None
    ORGANIZATION_ID: str | None = None
    USER_ID: str | None = None
    USER_ID_DERIVED: str | None = None
    USER_NAME: str | None = None
    USER_TYPE: str | None = None
    DELEGATED_USER_NAME: str | None = None
    DELEGATED_USER_ID_DERIVED: str | None = None
    SOURCE_IP: str | None = None
    CLIENT_IP: str | None = None
    LOGIN_STATUS: str | None = None
    REQUEST_STATUS: str | None = None
    STATUS_CODE: Text | None = None
    AUTHENTICATION_METHOD_REFERENCE: str | None = None
    LOGIN_KEY: str | None = None
    SESSION_KEY: str | None = None
    BROWSER_TYPE: Text | None = None
    USER_AGENT: Text | None = None
    CLIENT_NAME: str | None = None
    CONNECTED_APP_NAME: str | None = None
    METHOD_NAME: str | None = None
    METHOD: str | None = None
    OPERATION: str | None = None
    TRANSACTION_TYPE: str | None = None
    URI: str | None = None
    URI_ID_DERIVED: str | None = None
    ENTITY_NAME: str | None = None
    REPORT_ID_DERIVED: str | None = None
    DOCUMENT_ID_DERIVED: str | None = None
    ROWS_PROCESSED: Text | None = None
    ROW_COUNT: Text | None = None


def _present(column: str) -> str:
    return f"nullif(trim({column}), '')"


SIGN_IN = "(EVENT_TYPE IN ('Login', 'LoginAs', 'Logout'))"
# What was done within an event type, where the row says.
DONE = f"""coalesce({_present("METHOD_NAME")}, {_present("OPERATION")},
    {_present("TRANSACTION_TYPE")}, {_present("METHOD")})"""
COMPACT = r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([.]\d+)?$"
WITH_SIGNS = r"\1-\2-\3T\4:\5:\6\7Z"
READS = (
    "^(query|queryall|querymore|search|retrieve|get|describe|list|head|read|view|preview|download)"
)
DELETES = "^(delete|hard_?delete|remove|purge|undelete)"
CREATES = "^(insert|create|upload|post|add)"
UPDATES = "^(update|upsert|put|patch|merge|convert|set)"
READ_TYPES = """('Report', 'ReportExport', 'URI', 'LightningPageView', 'Dashboard', 'Search',
    'DocumentAttachmentDownloads', 'VisualforceRequest', 'AuraRequest', 'ListViewEvent',
    'WaveDownload', 'KnowledgeArticleView')"""


SOURCE = Source(
    model=Row,
    product=("Salesforce Event Monitoring", "Salesforce"),
    accepts='coalesce(EVENT_TYPE, "TIMESTAMP", TIMESTAMP_DERIVED) IS NOT NULL',
    columns={
        "time": f"""coalesce({_present("TIMESTAMP_DERIVED")},
            regexp_replace({_present('"TIMESTAMP"')}, '{COMPACT}', '{WITH_SIGNS}'))""",
        "class_uid": f"CASE WHEN {SIGN_IN} THEN 3002 ELSE 6003 END",
        "activity_id": f"""CASE WHEN EVENT_TYPE = 'Logout' THEN 2 WHEN {SIGN_IN} THEN 1
            WHEN regexp_matches(lower({DONE}), '{READS}') THEN 2
            WHEN regexp_matches(lower({DONE}), '{DELETES}') THEN 4
            WHEN regexp_matches(lower({DONE}), '{CREATES}') THEN 1
            WHEN regexp_matches(lower({DONE}), '{UPDATES}') THEN 3
            WHEN EVENT_TYPE IN {READ_TYPES} THEN 2
            WHEN EVENT_TYPE IS NULL THEN 0 ELSE 99 END""",
        "status_id": f"""CASE WHEN EVENT_TYPE = 'Login' AND {_present("LOGIN_STATUS")} IS NOT NULL
                THEN CASE LOGIN_STATUS WHEN 'LOGIN_NO_ERROR' THEN 1 ELSE 2 END
            WHEN REQUEST_STATUS IN ('S', 'R', 'Success') OR TRY_CAST(STATUS_CODE AS INTEGER) < 400
                THEN 1
            WHEN {_present("REQUEST_STATUS")} IS NOT NULL OR TRY_CAST(STATUS_CODE AS INTEGER) >= 400
                THEN 2
            WHEN {SIGN_IN} THEN 1 ELSE 0 END""",
        "status_code": f"""coalesce({_present("LOGIN_STATUS")}, {_present("REQUEST_STATUS")},
            {_present("STATUS_CODE")})""",
        "message": f"""nullif(concat_ws('; ', {DONE}, 'entity: ' || {_present("ENTITY_NAME")},
            'rows: ' || coalesce({_present("ROWS_PROCESSED")}, {_present("ROW_COUNT")}),
            'as user: ' || coalesce({_present("DELEGATED_USER_NAME")},
                {_present("DELEGATED_USER_ID_DERIVED")})), '')""",
        "metadata.uid": "concat_ws('/', REQUEST_ID, md5(record_text))",
        "metadata.event_code": "EVENT_TYPE",
        "metadata.log_name": "'EventLogFile'",
        "metadata.correlation_uid": "REQUEST_ID",
        "metadata.tenant_uid": "ORGANIZATION_ID",
        "actor.user.uid": f"coalesce({_present('USER_ID_DERIVED')}, {_present('USER_ID')})",
        "actor.user.name": "USER_NAME",
        "actor.user.email_addr": "CASE WHEN contains(USER_NAME, '@') THEN USER_NAME END",
        "actor.user.type_id": f"""CASE
            WHEN USER_TYPE IN ('A', 'AutomatedProcess', 'Automated Process') THEN 3
            WHEN coalesce({_present("USER_ID_DERIVED")}, {_present("USER_ID")},
                {_present("USER_NAME")}) IS NOT NULL THEN 1 END""",
        "actor.session.uid": f"coalesce({_present('SESSION_KEY')}, LOGIN_KEY)",
        "actor.app_name": f"coalesce({_present('CONNECTED_APP_NAME')}, CLIENT_NAME)",
        "is_mfa": f"""CASE
            WHEN {SIGN_IN} AND {_present("AUTHENTICATION_METHOD_REFERENCE")} IS NOT NULL
            THEN regexp_matches(lower(AUTHENTICATION_METHOD_REFERENCE), 'mfa|otp|hwk|swk') END""",
        "service.name": f"CASE WHEN {SIGN_IN} THEN 'Salesforce' END",
        "src_endpoint.ip": f"coalesce({_present('SOURCE_IP')}, CLIENT_IP)",
        "http_request.user_agent": f"coalesce({_present('BROWSER_TYPE')}, USER_AGENT)",
        "api.operation": "EVENT_TYPE",
        "api.request.uid": "REQUEST_ID",
        "resources": f"""list_filter([
            {{'uid': {_present("URI_ID_DERIVED")}, 'name': {_present("URI")}, 'type': 'uri'}},
            {{'uid': {_present("REPORT_ID_DERIVED")}, 'name': NULL, 'type': 'report'}},
            {{'uid': {_present("DOCUMENT_ID_DERIVED")}, 'name': NULL, 'type': 'document'}}],
            lambda r: r.uid IS NOT NULL OR r.name IS NOT NULL)""",
    },
)

"""Salesforce: `api.operation` is the event type of an event log file.

Changes of users, roles and policies are in the setup audit trail, which these logs do not hold.
"""

from enrichment.sensitive_rule import Rule

EVENT_TYPES = (
    "https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/"
    "sforce_api_objects_eventlogfile_supportedeventtypes.htm"
)

RULES = (
    Rule(
        id="salesforce.acted_as_another",
        title="An administrator signed in as another person",
        severity="medium",
        operations=("LoginAs",),
        technique="T1078.004",
        reference=EVENT_TYPES,
        fires=({"api.operation": "LoginAs", "class_uid": 3002, "status_id": 1},),
        spares=({"api.operation": "Login", "class_uid": 3002, "status_id": 1},),
    ),
    Rule(
        id="salesforce.report_exported",
        title="All rows of a report were exported",
        severity="medium",
        operations=("ReportExport",),
        technique="T1213.004",
        reference=EVENT_TYPES,
        fires=({"api.operation": "ReportExport"},),
        spares=({"api.operation": "Report"},),
    ),
    Rule(
        id="salesforce.bulk_read",
        title="Records were read in bulk through the interface made for that",
        severity="medium",
        operations=("BulkApi", "BulkApi2", "BulkApiRequest"),
        where="regexp_matches(message, '^query', 'i')",
        technique="T1213.004",
        reference=EVENT_TYPES,
        fires=({"api.operation": "BulkApi", "message": "query; entity: Account; rows: 90000"},),
        spares=({"api.operation": "BulkApi", "message": "insert; entity: Account; rows: 20"},),
    ),
    Rule(
        id="salesforce.public_link",
        title="A document was handed out by a link",
        severity="low",
        operations=("ContentDistribution",),
        technique="T1567.002",
        reference=EVENT_TYPES,
        fires=({"api.operation": "ContentDistribution"},),
        spares=({"api.operation": "ContentTransfer"},),
    ),
    Rule(
        id="salesforce.permissions_changed",
        title="What a profile or permission set allows was changed",
        severity="medium",
        operations=("PermissionUpdate",),
        technique="T1098.003",
        reference=EVENT_TYPES,
        fires=({"api.operation": "PermissionUpdate"},),
        spares=({"api.operation": "ApexExecution"},),
    ),
)

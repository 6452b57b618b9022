"""Log entries with an audit log in them ("LogEntry", "AuditLog" of Google Cloud)."""

import json
from typing import Any

from provider_simulator.records import Series, Template


def entry(service: str, method: str, resource: str, *, code: int = 0) -> dict[str, Any]:
    read = method.rsplit(".", 1)[-1].lower().startswith(("get", "list"))
    log = "data_access" if read else "activity"
    return {
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "status": {"code": code, "message": "Permission denied"} if code else {},
            "authenticationInfo": {
                "principalEmail": "$login@$tenant.example",
                "principalSubject": "user:$login@$tenant.example",
            },
            "requestMetadata": {
                "callerIp": "$ip",
                "callerSuppliedUserAgent": "google-cloud-sdk gcloud/480.0.0",
                "requestAttributes": {"time": "$time", "auth": {}},
                "destinationAttributes": {},
            },
            "serviceName": service,
            "methodName": method,
            "authorizationInfo": [
                {"resource": resource, "permission": f"{service}.use", "granted": not code}
            ],
            "resourceName": resource,
        },
        "insertId": "$number-$digits",
        "resource": {"type": "project", "labels": {"project_id": "$tenant"}},
        "timestamp": "$time",
        "severity": "ERROR" if code else "NOTICE",
        "logName": f"projects/$tenant/logs/cloudaudit.googleapis.com%2F{log}",
        "receiveTimestamp": "$received",
    }


def uids(line: bytes, _series: Series, _number: int) -> list[str]:
    found = json.loads(line)
    return [f"{found['insertId']}/{found['logName']}/{found['timestamp']}"]


ENTRY = Template.of(
    entry("iam.googleapis.com", "google.iam.admin.v1.CreateServiceAccountKey",
          "projects/-/serviceAccounts/71"),
    entry("storage.googleapis.com", "storage.objects.get", "projects/_/buckets/plans/objects/a"),
    entry("compute.googleapis.com", "v1.compute.instances.insert",
          "projects/$tenant/zones/europe-west2-a/instances/i$number"),
    entry("compute.googleapis.com", "v1.compute.firewalls.patch",
          "projects/$tenant/global/firewalls/inside", code=7),
    entry("cloudresourcemanager.googleapis.com", "SetIamPolicy", "projects/$tenant"),
)  # fmt: skip

"""A flagged place as an OCSF Detection Finding (class 2004, version 1.8.0)."""

from datetime import datetime
from importlib.metadata import version
from typing import Any

from antipode.anomaly_list import Row, place

SEVERITY_IDS = {"low": 2, "medium": 3, "high": 4, "critical": 5}
NEW, ARCHIVED = 1, 5
CREATE, CLOSE = 1, 3
IP_ADDRESS, EMAIL_ADDRESS, USER = 2, 5, 4  # observable types


def finding(row: Row) -> dict[str, Any]:
    """Return the finding; times are milliseconds since 1970."""
    activity = CLOSE if row["withdrawn"] else CREATE
    return {
        "activity_id": activity,
        "category_uid": 2,
        "class_uid": 2004,
        "type_uid": 200400 + activity,
        "severity_id": SEVERITY_IDS[row["severity"]],
        "severity": row["severity"].capitalize(),
        "status_id": ARCHIVED if row["withdrawn"] else NEW,
        "time": _milliseconds(row["last_time"]),
        "start_time": _milliseconds(row["first_time"]),
        "end_time": _milliseconds(row["last_time"]),
        "count": row["event_count"],
        "message": "; ".join(row["reasons"]),
        "metadata": {
            "version": "1.8.0",
            "uid": f"{row['run_id']}/{row['id']}",
            "product": {
                "name": "Antipode",
                "vendor_name": "Antipode",
                "version": version("antipode"),
            },
            "tenant_uid": row["tenant"],
        },
        "finding_info": _info(row),
        "evidences": _evidences(row),
        "observables": _observables(row),
        "unmapped": {
            "score": row["score"],
            "votes": row["votes"],
            "usual_place": row["usual_place"],
            "distance_km": row["distance_km"],
            "speed_kmh": row["speed_kmh"],
        },
    }


def _info(row: Row) -> dict[str, Any]:
    return {
        "uid": row["id"],
        "title": f"{row['user']} was used from {place(row)}",
        "desc": "\n".join(row["reasons"]),
        "types": ["Location anomaly"],
        "data_sources": row["sources"],
        "first_seen_time": _milliseconds(row["first_time"]),
        "last_seen_time": _milliseconds(row["last_time"]),
        "related_events": [{"uid": uid} for uid in row["event_uids"]],
        "related_events_count": row["event_count"],
    }


def _evidences(row: Row) -> list[dict[str, Any]]:
    return [
        {
            "user": {"name": row["user"]},
            "src_endpoint": {"name": ip, "ip": ip, "location": _location(row)},
        }
        for ip in row["ips"]
    ]


def _observables(row: Row) -> list[dict[str, Any]]:
    kind = EMAIL_ADDRESS if "@" in row["user"] else USER
    return [
        {"name": "evidences.user.name", "type_id": kind, "value": row["user"]},
        *(
            {"name": "evidences.src_endpoint.ip", "type_id": IP_ADDRESS, "value": ip}
            for ip in row["ips"]
        ),
    ]


def _location(row: Row) -> dict[str, Any]:
    known = {
        "country": row["country"],
        "region": row["region"],
        "city": row["city"],
        "lat": row["latitude"],
        "long": row["longitude"],
    }
    return {name: value for name, value in known.items() if value is not None}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)

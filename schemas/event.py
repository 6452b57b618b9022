"""The standard event: one row of `events/`, in the names of OCSF 1.3.

Columns that a mapper fills are listed in `schemas/source.py`; the others are derived from them or
added by enrichment. The names up to `cloud` are those of the Open Cybersecurity Schema Framework,
version 1.3 (classes Authentication 3002, API Activity 6003 and File Hosting Activity 6006).
"""

import pyarrow as pa

OCSF_VERSION = "1.3.0"

USER = pa.struct(
    {
        "uid": pa.string(),  # the source's stable id
        "name": pa.string(),  # as the provider writes it
        "email_addr": pa.string(),  # lower case
        "type_id": pa.int32(),  # 0 unknown, 1 user, 2 admin, 3 system, 99 other
    }
)
LOCATION = pa.struct(
    {
        "country": pa.string(),  # ISO 3166-1 alpha-2
        "region": pa.string(),
        "city": pa.string(),
        "lat": pa.float64(),  # degrees
        "long": pa.float64(),  # degrees
    }
)
AUTONOMOUS_SYSTEM = pa.struct({"number": pa.int64(), "name": pa.string()})
NAMED = pa.struct({"uid": pa.string(), "name": pa.string()})

EVENT = pa.schema(
    {
        "time": pa.timestamp("us", tz="UTC"),
        "class_uid": pa.int32(),
        "class_name": pa.string(),
        "category_uid": pa.int32(),
        "activity_id": pa.int32(),
        "activity_name": pa.string(),
        "type_uid": pa.int64(),
        "severity_id": pa.int32(),  # 1 informational .. 5 critical; raised by sensitive activity
        "status_id": pa.int32(),  # 0 unknown, 1 success, 2 failure
        "status": pa.string(),
        "status_code": pa.string(),
        "status_detail": pa.string(),
        "message": pa.string(),
        "metadata": pa.struct(
            {
                "uid": pa.string(),
                "version": pa.string(),
                "event_code": pa.string(),  # the provider's own name of the kind of event
                "log_name": pa.string(),  # the provider's log or application
                "correlation_uid": pa.string(),
                "product": pa.struct({"name": pa.string(), "vendor_name": pa.string()}),
                "original_time": pa.string(),  # as the provider wrote it
                "tenant_uid": pa.string(),  # the provider's name of the customer
            }
        ),
        "actor": pa.struct(
            {
                "user": USER,
                "session": pa.struct({"uid": pa.string()}),
                "app_name": pa.string(),
                "invoked_by": pa.string(),
            }
        ),
        "user": USER,  # whom it was done to; in Authentication, who signed in
        "is_mfa": pa.bool_(),
        "service": NAMED,
        "src_endpoint": pa.struct(
            {
                "name": pa.string(),  # the address as the provider wrote it
                "ip": pa.string(),  # canonical text; null where `name` is no address
                "port": pa.int32(),
                "hostname": pa.string(),
                "svc_name": pa.string(),
                "location": LOCATION,
                "autonomous_system": AUTONOMOUS_SYSTEM,
            }
        ),
        "dst_endpoint": pa.struct({"name": pa.string(), "svc_name": pa.string()}),
        "http_request": pa.struct({"user_agent": pa.string()}),
        "api": pa.struct(
            {
                "operation": pa.string(),
                "service": pa.struct({"name": pa.string()}),
                "request": pa.struct({"uid": pa.string()}),
                "response": pa.struct({"error": pa.string(), "message": pa.string()}),
            }
        ),
        "resources": pa.list_(
            pa.struct({"uid": pa.string(), "name": pa.string(), "type": pa.string()})
        ),
        "file": pa.struct(
            {
                "uid": pa.string(),
                "name": pa.string(),
                "path": pa.string(),
                "type_id": pa.int32(),  # 0 unknown, 1 regular file, 2 folder, 99 other
            }
        ),
        "cloud": pa.struct(
            {
                "provider": pa.string(),
                "region": pa.string(),
                "account": NAMED,
            }
        ),
        # Beside OCSF.
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the event's day, UTC
        "source": pa.string(),  # okta, cloudtrail, ...
        "mapper": pa.string(),  # okta_v1, ...
        "raw_object": pa.string(),  # key of the raw object, relative to the lake
        "person": pa.string(),  # lower-case e-mail address, else the source's stable id
        "time_zone_assumed": pa.bool_(),  # the provider wrote no zone: taken as UTC
        "place": pa.struct(
            {
                "precision": pa.string(),  # city, region or country
                "radius_km": pa.float64(),  # uncertainty of the place
                "database": pa.string(),  # name and build of the database that placed it
            }
        ),
        # isp, mobile, hosting, vpn, relay, corporate, education; null where unknown
        "network": pa.struct({"kind": pa.string()}),
        "reputation": pa.list_(
            pa.struct(
                {
                    "list": pa.string(),
                    "category": pa.string(),
                    "weight": pa.float64(),  # 0..1: how much a hit says
                    "as_of": pa.timestamp("us", tz="UTC"),  # when the list was brought
                }
            )
        ),
        "sensitive": pa.list_(pa.string()),  # ids of the rules of enrichment/sensitive that fired
    }
)
PARTITIONS = ("tenant", "date")

QUARANTINE = pa.schema(
    {
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the day of ingest, UTC
        "source": pa.string(),
        "mapper": pa.string(),  # the version that refused it; null where none was asked
        "reason": pa.string(),  # one of a small set, such as wrong_type
        "detail": pa.string(),  # what exactly, such as "client.ipAddress: number, wants string"
        "record": pa.binary(),  # the record's bytes, at most 1 MiB of them
        "record_id": pa.string(),  # hash of the whole record: quarantined once
        "raw_object": pa.string(),
        "line": pa.int64(),  # ordinal of the record in the raw object, from 0
    }
)

ANOMALY = pa.schema(
    {
        "id": pa.string(),
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the last day looked at
        "user": pa.string(),
        "country": pa.string(),
        "region": pa.string(),
        "city": pa.string(),
        "latitude": pa.float64(),
        "longitude": pa.float64(),
        "radius_km": pa.float64(),
        "first_time": pa.timestamp("us", tz="UTC"),
        "last_time": pa.timestamp("us", tz="UTC"),
        "event_count": pa.int64(),
        "sources": pa.list_(pa.string()),
        "ips": pa.list_(pa.string()),
        "asns": pa.list_(pa.int64()),
        "score": pa.float64(),
        "severity": pa.string(),
        "reasons": pa.list_(pa.string()),
        "votes": pa.map_(pa.string(), pa.float64()),
        "usual_place": pa.string(),
        "distance_km": pa.float64(),
        "speed_kmh": pa.float64(),
        "event_uids": pa.list_(pa.string()),
        "run_id": pa.string(),
        "withdrawn": pa.bool_(),
    }
)

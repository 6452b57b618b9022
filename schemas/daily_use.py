"""What people did in a day, as detection remembers it: one row of `daily_use/` for each (tenant,
day, person, address), and one for each filter that kept events out that day.

The rows are made from the day's events and from nothing else; made again, they are the same. So the
table can be deleted at any time: the next run makes it anew.
"""

import pyarrow as pa

# An hour (UTC) with successes by one device.
ACTIVE_HOUR = pa.struct(
    {
        "hour": pa.int32(),  # of the day, 0 to 23
        "first": pa.int32(),  # second of the hour of the first success
        "last": pa.int32(),  # and of the last
        "device_id": pa.int64(),  # hash of the user agent without its numbers; null: unknown
        "events": pa.int32(),
    }
)

DAILY_USE = pa.schema(
    {
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the events' day, UTC
        "made_from": pa.string(),  # hash of the names of the day's files of events
        "refused": pa.string(),  # the filter that kept these events out; null: none did
        "person": pa.string(),  # null where refused, as all of the address
        "address_id": pa.int64(),  # hash of the IP and of where the databases put it
        "ip": pa.string(),
        "country": pa.string(),
        "region": pa.string(),
        "city": pa.string(),
        "latitude": pa.float64(),
        "longitude": pa.float64(),
        "asn": pa.int64(),
        "organisation": pa.string(),
        "kind": pa.string(),  # of the network
        "precision": pa.string(),
        "radius_km": pa.float64(),
        "events": pa.int64(),  # all of the row
        "failures": pa.int64(),  # those of them that failed, which are in no hour
        "sensitive": pa.int32(),  # 1: one of them at least was sensitive
        "reputation": pa.float64(),  # the greatest weight of a list that names the address
        "hours": pa.list_(ACTIVE_HOUR),
    }
)

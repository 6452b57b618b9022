"""The form of the rows of hours that Spark hands over, and three people, for tests."""

import pyarrow as pa

ROWS = pa.schema(
    {
        "refused": pa.string(),
        "person_id": pa.int64(),
        "address_id": pa.int64(),
        "device_id": pa.int64(),
        "packed": pa.int64(),
        "events": pa.int32(),
        "sensitive": pa.int32(),
        "reputation": pa.float64(),
    }
)
PEOPLE = pa.table({"person_id": pa.array([7, -3, 50], pa.int64()), "person": ["cy", "ana", "bob"]})

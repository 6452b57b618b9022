"""How a run of the detection went: one row of `health/` for each (tenant, last day looked at)."""

import pyarrow as pa

HEALTH = pa.schema(
    {
        "tenant": pa.string(),  # partition
        "date": pa.date32(),  # partition: the last day looked at
        "run_id": pa.string(),
        "days": pa.int64(),  # how many days were looked at
        "events": pa.int64(),
        "people": pa.int64(),
        "cells": pa.int64(),
        "addresses": pa.int64(),
        "places": pa.int64(),
        "active_hours": pa.int64(),
        "cases": pa.int64(),
        "flagged": pa.int64(),
        "quiet": pa.int64(),  # flagged, but judged benign before
        "withdrawn": pa.int64(),  # flagged by runs of days before, and taken back
        "rarity": pa.float64(),  # by how much log-odds must be higher, as attacks are rare here
        "filtered": pa.map_(pa.string(), pa.int64()),  # filter -> how much it kept out
        "explained": pa.map_(pa.string(), pa.int64()),  # explanation -> cases it took
        "warnings": pa.list_(pa.string()),
    }
)

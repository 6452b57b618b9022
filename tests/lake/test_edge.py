"""Only rows of exactly the declared schema pass the edge of a table."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from lake_rows import DAY, anomalies, anomaly, event, events

from lake.edge import SchemaError, check
from lake.lake import ANOMALIES, EVENTS, QUARANTINED, Lake


def test_rows_of_the_schema_pass_in_any_order_of_columns() -> None:
    rows = events([event("1"), event("2")])
    assert check(rows, EVENTS).equals(rows)
    assert check(rows.select(rows.schema.names[::-1]), EVENTS).equals(rows)


def test_names_of_list_items_do_not_matter() -> None:
    rows = anomalies([anomaly("1", ips=["192.0.2.1"])])
    position = rows.schema.get_field_index("ips")
    other = pa.array([["192.0.2.1"]], pa.list_(pa.field("l", pa.string())))
    assert check(rows.set_column(position, "ips", other), ANOMALIES).equals(rows)


def _cast(name: str, type_: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        return rows.set_column(rows.schema.get_field_index(name), name, rows[name].cast(type_))

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_cast("class_uid", pa.int64()), r"events\.class_uid: rows have int64, the table int32"),
        (_cast("time", pa.timestamp("ns", "UTC")), r"events\.time: rows have timestamp\[ns"),
        (_cast("time", pa.timestamp("us", "Etc/UTC")), r"events\.time: .*Etc/UTC"),
        (_cast("source", pa.large_string()), r"events\.source: rows have large_string"),
        (lambda rows: rows.drop_columns(["person", "api"]), "lack the columns api, person"),
        (lambda rows: rows.append_column("extra", rows["source"]), "has no columns extra"),
        (lambda rows: rows.append_column("source", rows["source"]), "given twice"),
    ],
)
def test_another_shape_is_refused_and_named(
    change: Callable[[pa.Table], pa.Table], message: str
) -> None:
    with pytest.raises(SchemaError, match=message):
        check(change(events([event("1")])), EVENTS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"time": None}, r"events\.time is null in 1 rows"),
        ({"raw_object": None}, r"events\.raw_object is null"),
        ({"mapper": ""}, r"events\.mapper is empty"),
        ({"tenant": ""}, r"events\.tenant is empty"),
        ({"metadata": None}, r"events\.metadata\.uid is null"),
        ({"metadata": {"uid": ""}}, r"events\.metadata\.uid is empty"),
        ({"date": date(2026, 1, 2)}, r"events\.date is not the day of time"),
    ],
)
def test_a_row_without_what_is_required_is_refused(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        check(events([event("1"), event("2") | columns]), EVENTS)


@pytest.mark.parametrize("spec", [EVENTS, QUARANTINED, ANOMALIES])
def test_no_rows_of_the_schema_pass(spec: Any) -> None:
    assert check(spec.schema.empty_table(), spec).num_rows == 0


def test_a_table_takes_nothing_past_its_edge(folder_lake: Lake) -> None:
    table = folder_lake.table("events")
    with pytest.raises(SchemaError):
        table.write_files(events([event("1", DAY), event("")]))
    assert table.version() == -1
    assert list(folder_lake.objects.list("")) == []

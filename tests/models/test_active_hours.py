"""Rows of active hours to cells and devices, compared with counting them one by one."""

from collections import defaultdict

import pyarrow as pa
from hourly_rows import PEOPLE, ROWS
from hypothesis import given
from hypothesis import strategies as st

from models.active_hours import EVENT_MASK, SECOND_BITS, to_cells

NAMES = dict(zip(PEOPLE["person_id"].to_pylist(), PEOPLE["person"].to_pylist(), strict=True))

seconds = st.tuples(st.integers(0, 3599), st.integers(0, 3599)).map(sorted)
active = st.builds(
    lambda hour, span: (hour << SECOND_BITS | span[0]) << SECOND_BITS | span[1],
    st.integers(0, 3),
    seconds,
)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "refused": st.none(),
            "person_id": st.sampled_from(PEOPLE["person_id"].to_pylist()),
            "address_id": st.sampled_from([-9, 1, 2**60]),
            "device_id": st.sampled_from([None, 5, -(2**61)]),
            "packed": st.none() | active,
            "events": st.integers(1, EVENT_MASK + 9),
            "sensitive": st.integers(0, 1),
            "reputation": st.sampled_from([0.0, 0.25, 0.9]),
        }
    ),
    max_size=40,
)


def one_by_one(rows: list[dict]) -> dict[tuple[str, int], tuple]:
    """Count the cells the slow way."""
    of_cell = defaultdict(list)
    for row in rows:
        of_cell[NAMES[row["person_id"]], row["address_id"]].append(row)
    mask = 2**SECOND_BITS - 1
    cells = {}
    for key, mine in of_cell.items():
        hours: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for row in mine:
            if row["packed"] is not None:
                at = row["packed"]
                hours[at >> 24].append((at >> SECOND_BITS & mask, at & mask, row["events"]))
        cells[key] = (
            sum(events for spans in hours.values() for *_, events in spans),
            sum(row["events"] for row in mine if row["packed"] is None),
            max(row["sensitive"] for row in mine),
            max(row["reputation"] for row in mine),
            [
                (hour, min(first), max(last), min(EVENT_MASK, sum(events)))
                for hour, spans in sorted(hours.items())
                for first, last, events in [zip(*spans, strict=True)]
            ],
        )
    return cells


@given(rows)
def test_cells_are_what_counting_one_by_one_gives(rows: list[dict]) -> None:
    cells, devices = to_cells(pa.Table.from_pylist(rows, ROWS), PEOPLE)
    found = {
        (row["person"], row["address_id"]): (
            row["successes"],
            row["failures"],
            row["sensitive"],
            row["reputation"],
            [(at >> 40, at >> 28 & 0xFFF, at >> 16 & 0xFFF, at & 0xFFFF) for at in row["hours"]],
        )
        for row in cells.to_pylist()
    }
    assert found == one_by_one(rows)
    assert list(found) == sorted(found)
    made: dict[tuple, int] = defaultdict(int)
    for row in rows:
        if row["device_id"] is not None:
            made[NAMES[row["person_id"]], row["address_id"], row["device_id"]] += row["events"]
    assert {
        (row["person"], row["address_id"], row["device_id"]): row["events"]
        for row in devices.to_pylist()
    } == made


def test_what_was_kept_out_is_counted_by_filter() -> None:
    out = [
        {"refused": "no_place", "events": 3, "sensitive": 0, "reputation": 0.0},
        {"refused": "no_person", "events": 1, "sensitive": 1, "reputation": 0.5},
    ]
    cells, devices = to_cells(pa.Table.from_pylist(out, ROWS), PEOPLE)
    assert [
        (row["refused"], row["person"], row["successes"], row["failures"])
        for row in cells.to_pylist()
    ] == [("no_place", None, 3, 0), ("no_person", None, 1, 0)]
    assert devices.num_rows == 0

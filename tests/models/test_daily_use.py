"""Days of use: put together they are the active hours that they were made from."""

from datetime import date, timedelta
from itertools import permutations

import pyarrow as pa
from hourly_rows import PEOPLE, ROWS
from hypothesis import given, settings
from hypothesis import strategies as st

from models.active_hours import SECOND_BITS, to_cells
from models.daily_use import active_hours, addresses, by_day
from schemas.daily_use import DAILY_USE

FIRST = date(2026, 3, 2)
DAYS = 4
IDS = (-9, 1, 2**60)

seconds = st.tuples(st.integers(0, 3599), st.integers(0, 3599)).map(sorted)
success = st.builds(
    lambda hour, span: (hour << SECOND_BITS | span[0]) << SECOND_BITS | span[1],
    st.integers(0, 24 * DAYS - 1),
    seconds,
)
failure = st.integers(-DAYS, -1)
used = st.fixed_dictionaries(
    {
        "refused": st.none(),
        "person_id": st.sampled_from(PEOPLE["person_id"].to_pylist()),
        "address_id": st.sampled_from(IDS),
        "device_id": st.sampled_from([None, 5, -(2**61)]),
        "packed": success | failure,
        "events": st.integers(1, 70_000),
        "sensitive": st.integers(0, 1),
        "reputation": st.sampled_from([0.0, 0.25, 0.9]),
    }
).map(lambda row: row if row["packed"] >= 0 else row | {"device_id": None})
kept_out = st.fixed_dictionaries(
    {
        "refused": st.sampled_from(["no_person", "no_place"]),
        "packed": failure,
        "events": st.integers(1, 9),
        "sensitive": st.just(0),
        "reputation": st.just(0.0),
    }
)
rows = st.lists(used | kept_out, max_size=40)


def day_of(row: dict) -> int:
    packed = row["packed"]
    return -1 - packed if packed < 0 else (packed >> 2 * SECOND_BITS) // 24


def from_midnight(row: dict) -> dict:
    """Return a row as Spark would make it of that day alone."""
    if row["packed"] < 0:
        return row | {"packed": -1}
    return row | {"packed": row["packed"] - (day_of(row) * 24 << 2 * SECOND_BITS)}


def places(of: list[dict], day: int) -> pa.Table:
    """Return the addresses of a day; the name of the network of address 1 changes on the third."""
    known = sorted({row["address_id"] for row in of if row["refused"] is None})
    return pa.table(
        {
            "day": pa.array([day] * len(known), pa.int32()),
            "address_id": pa.array(known, pa.int64()),
            "organisation": pa.array(
                ["Renamed" if (number, day >= 2) == (1, True) else "Zed" for number in known],
                pa.string(),
            ),
        }
    )


def made_of(given: list[dict]) -> tuple[pa.Table, pa.Table]:
    """Return the days made at once, and made one by one and put together backwards."""
    days = range(DAYS)
    of = [[row for row in given if day_of(row) == day] for day in days]
    known = pa.concat_tables([places(of[day], day) for day in days])
    at_once = by_day(pa.Table.from_pylist(given, ROWS), PEOPLE, known, FIRST)
    alone = [
        by_day(
            pa.Table.from_pylist([from_midnight(row) for row in of[day]], ROWS),
            PEOPLE,
            places(of[day], day).set_column(0, "day", pa.array([0] * len(places(of[day], day)))),
            FIRST + timedelta(days=day),
        )
        for day in days
    ]
    return at_once, pa.concat_tables(alone[::-1])


@settings(deadline=None, max_examples=50)
@given(rows)
def test_days_put_together_are_the_cells_of_the_whole_window(given: list[dict]) -> None:
    plain = [row | {"packed": row["packed"] if row["packed"] >= 0 else None} for row in given]
    cells, devices = to_cells(pa.Table.from_pylist(plain, ROWS), PEOPLE)
    for use in made_of(given):
        again, devices_again = to_cells(*active_hours(use, FIRST))
        uses = again.filter(pa.compute.is_null(again["refused"]))
        assert uses.to_pylist() == [row for row in cells.to_pylist() if row["refused"] is None]
        assert devices_again.to_pylist() == devices.to_pylist()
        assert kept_out_of(again) == kept_out_of(cells)


def kept_out_of(cells: pa.Table) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in cells.to_pylist():
        if row["refused"]:
            counts[row["refused"]] = counts.get(row["refused"], 0) + row["successes"]
    return counts


@settings(deadline=None, max_examples=50)
@given(rows)
def test_every_event_is_in_one_row_of_its_day(given: list[dict]) -> None:
    at_once, alone = made_of(given)
    assert [f"{name}: {at_once.schema.field(name).type}" for name in at_once.column_names] == [
        f"{name}: {DAILY_USE.field(name).type}"
        for name in DAILY_USE.names
        if name not in ("tenant", "made_from")
    ]
    for use in (at_once, alone):
        events: dict[date, int] = {}
        for row in use.to_pylist():
            events[row["date"]] = events.get(row["date"], 0) + row["events"]
            inside = sum(hour["events"] for hour in row["hours"] or ())
            assert row["refused"] or inside + row["failures"] == row["events"]
        assert events == {
            FIRST + timedelta(days=day): sum(row["events"] for row in given if day_of(row) == day)
            for day in {day_of(row) for row in given}
        }


def test_the_order_in_which_spark_brings_devices_changes_nothing() -> None:
    of_an_hour = [
        {
            "refused": None,
            "person_id": PEOPLE["person_id"][0].as_py(),
            "address_id": 1,
            "device_id": device,
            "packed": (9 << SECOND_BITS | first) << SECOND_BITS | 3000,
            "events": 2,
            "sensitive": 0,
            "reputation": 0.0,
        }
        for device, first in ((7, 20), (None, 10), (-(2**61), 30))
    ]
    made = [
        by_day(pa.Table.from_pylist(list(brought), ROWS), PEOPLE, places(of_an_hour, 0), FIRST)
        for brought in permutations(of_an_hour)
    ]
    assert made[0]["hours"].combine_chunks().flatten().field("device_id").to_pylist() == [
        *(None, -(2**61), 7)
    ]
    assert all(use == made[0] for use in made)


@settings(deadline=None, max_examples=50)
@given(rows)
def test_an_address_is_what_it_was_first_called_in_order_whichever_days_are_there(
    given: list[dict],
) -> None:
    for use in made_of(given):
        for first in (0, 2):
            left = [row for row in use.to_pylist() if row["date"] >= FIRST + timedelta(days=first)]
            seen = {
                row["address_id"]: min(
                    other["organisation"]
                    for other in left
                    if other["address_id"] == row["address_id"]
                )
                for row in left
                if row["refused"] is None
            }
            kept = pa.Table.from_pylist(left, use.schema)
            named = addresses(kept, ("address_id", "organisation")).to_pylist()
            assert named == [
                {"address_id": number, "organisation": seen[number]} for number in sorted(seen)
            ]

"""What is new in a bucket: all of it, each file once, without looking at the past again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from bucket_of_files import BucketOfFiles
from hypothesis import given
from hypothesis import strategies as st

from lake.folder import FolderObjects
from lake.input_days import dated
from lake.input_memory import LATE_DAYS, Memory, new_files

FIRST = date(2026, 1, 1)
TODAY = date(2026, 3, 1)
STYLES = ("%Y/%m/%d/", "%Y-%m-%d/", "%Y%m%d/", "year=%Y/month=%m/day=%d/", "conn.%Y-%m-%d.")


def _days(group: str, days: int, style: str = "%Y/%m/%d/", first: date = FIRST) -> dict[str, bytes]:
    keys = (
        group + (first + timedelta(days=day)).strftime(style) + f"{part}.json.gz"
        for day in range(days)
        for part in range(3)
    )
    return dict.fromkeys(keys, b"x")


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "lake")


def _take(bucket: BucketOfFiles, objects: FolderObjects, today: date = TODAY) -> list[str]:
    """Take everything new, as a run does; return the keys."""
    bucket.pages = 0
    memory = Memory(objects, "acme", bucket.uri)
    found = list(new_files(bucket, memory))
    for each in found:
        memory.add(each)
    memory.complete(today)
    memory.save()
    return [each.key for each in found]


def test_a_first_run_lists_a_thousand_files_a_call(objects: FolderObjects) -> None:
    files = {f"okta/{number:05}.json": b"x" for number in range(4500)}
    bucket = BucketOfFiles(files)
    assert _take(bucket, objects) == sorted(files)
    assert bucket.pages == 5


def test_what_was_taken_is_not_taken_again_what_is_new_or_changed_is(
    objects: FolderObjects,
) -> None:
    bucket = BucketOfFiles(_days("cloudtrail/eu/", 3) | {"okta/a.json": b"1", "okta/b.json": b"1"})
    assert len(_take(bucket, objects)) == 11
    assert _take(bucket, objects) == []
    new = {"okta/b.json": b"2", "okta/0.json": b"1", "cloudtrail/eu/2026/01/02/late.json.gz": b"1"}
    bucket.files |= new
    assert _take(bucket, objects) == sorted(new)


def test_tenants_and_inputs_are_remembered_apart(objects: FolderObjects) -> None:
    bucket = BucketOfFiles({"okta/a.json": b"x"})
    _take(bucket, objects)
    for tenant, uri in (("other", bucket.uri), ("acme", "s3://logs/another")):
        assert list(new_files(bucket, Memory(objects, tenant, uri)))


@pytest.mark.parametrize("style", STYLES)
def test_the_past_is_not_listed_again(objects: FolderObjects, style: str) -> None:
    bucket = BucketOfFiles(
        _days("cloudtrail/eu/", 59, style) | _days("cloudtrail/us/", 59, style), page_size=30
    )
    assert len(_take(bucket, objects)) == 2 * 59 * 3
    assert bucket.pages == 12
    newest = FIRST + timedelta(days=59)
    bucket.files |= _days("cloudtrail/us/", 1, style, first=newest)
    assert len(_take(bucket, objects)) == 3
    # For each group one call finds where its last week begins, one or two list it.
    assert bucket.pages <= 6


def test_a_file_that_comes_a_week_late_is_taken(objects: FolderObjects) -> None:
    bucket = BucketOfFiles(_days("zeek/", 59))
    _take(bucket, objects)
    newest = FIRST + timedelta(days=58)
    late = {
        f"zeek/{newest - timedelta(days=days):%Y/%m/%d}/late.log": b"x" for days in (0, LATE_DAYS)
    }
    bucket.files |= late
    assert _take(bucket, objects) == sorted(late)


def test_a_day_far_ahead_does_not_hide_what_comes_before_it(objects: FolderObjects) -> None:
    bucket = BucketOfFiles({"zeek/2999/01/01/a.log": b"x"} | _days("zeek/", 3))
    _take(bucket, objects, today=FIRST + timedelta(days=2))
    more = _days("zeek/", 1, first=FIRST + timedelta(days=3))
    bucket.files |= more
    assert _take(bucket, objects, today=FIRST + timedelta(days=3)) == sorted(more)


def test_a_run_that_was_cut_short_goes_on_where_it_was(objects: FolderObjects) -> None:
    bucket = BucketOfFiles(_days("zeek/", 59), page_size=10)
    memory = Memory(objects, "acme", bucket.uri)
    taken = []
    for each in new_files(bucket, memory):
        memory.add(each)
        taken.append(each.key)
        if len(taken) == 50:
            break
    memory.save()  # but nothing was completed
    assert sorted(taken + _take(bucket, objects)) == sorted(bucket.files)


def test_two_runs_at_once_remember_what_both_took(objects: FolderObjects) -> None:
    bucket = BucketOfFiles(_days("zeek/", 2) | {"okta/a.json": b"x"})
    one, two = (Memory(objects, "acme", bucket.uri) for _ in range(2))
    found = list(new_files(bucket, one))
    for number, each in enumerate(found):
        (one if number % 2 else two).add(each)
    one.save()
    two.save()
    assert list(new_files(bucket, Memory(objects, "acme", bucket.uri))) == []


def test_only_the_last_days_are_remembered_by_file(objects: FolderObjects) -> None:
    few, many = BucketOfFiles(_days("zeek/", 20)), BucketOfFiles(_days("zeek/", 59))
    many.uri = "s3://logs/many"
    sizes = []
    for bucket in (few, many):
        _take(bucket, objects)
        keys = set(objects.list("inputs/acme/"))
        sizes.append(sum(len(objects.get(key).data) for key in keys) - sum(sizes))
    assert sizes[0] == pytest.approx(sizes[1], abs=50)


@given(
    st.lists(st.dates(date(2001, 1, 1), date(2900, 1, 1)), min_size=2, max_size=2),
    st.sampled_from(STYLES),
    st.sampled_from(["", "cloudtrail/AWSLogs/123456789012/CloudTrail/eu-west-1/", "zeek/host.a/"]),
)
def test_days_in_keys_are_found_and_begin_in_the_order_of_keys(
    days: list[date], style: str, group: str
) -> None:
    one, other = (dated(f"{group}{day.strftime(style)}x.log.gz") for day in days)
    assert one is not None
    assert other is not None
    assert (one.day, other.day) == tuple(days)
    assert one.group == other.group
    key = f"{group}{days[0].strftime(style)}x.log.gz"
    assert (one.at(days[1]) > key) == (days[1] > days[0])


@pytest.mark.parametrize(
    "key",
    [
        "okta/a.json",
        "cloudtrail/AWSLogs/123456789012/x.json",
        "zeek/2026/13/01/x.log",
        "zeek/2026-01/x.log",
        "zeek/v20260101x/x.log",
    ],
)
def test_digits_that_are_no_day_are_left_alone(key: str) -> None:
    assert dated(key) is None

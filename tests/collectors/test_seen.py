"""Which blobs were read is remembered by the hour in which they were made, and forgotten."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from provider_script import NOW

from collectors.seen import Seen

MADE = "2026-03-09T11:59:59.000Z"


def test_a_blob_is_known_after_it_was_added_and_after_a_round_through_json():
    seen = Seen().adding("blob", MADE)
    kept = json.loads(json.dumps(seen.kept()))
    again = Seen.read(kept, NOW - timedelta(hours=2))
    for one in (seen, again):
        assert one.has("blob", MADE)
        assert not one.has("another", MADE)
    assert not Seen().has("blob", MADE)


@given(st.lists(st.text(min_size=1), unique=True, max_size=30))
def test_only_those_added_are_known(blobs: list[str]):
    seen = Seen()
    for blob in blobs[::2]:
        seen = seen.adding(blob, MADE)
    assert [seen.has(blob, MADE) for blob in blobs] == [i % 2 == 0 for i in range(len(blobs))]


def test_hours_before_the_oldest_list_are_forgotten():
    seen = Seen().adding("old", "2026-03-09T09:59:00+0000").adding("new", MADE)
    left = Seen.read(seen.kept(), NOW - timedelta(hours=2))
    assert not left.has("old", "2026-03-09T09:59:00+0000")
    assert left.has("new", MADE)


def test_thousands_of_blobs_are_few_bytes():
    seen = Seen()
    for number in range(2000):
        seen = seen.adding(f"{number}$" + "f28ab78ad40140608012736e373933eb" * 5, MADE)
    assert len(json.dumps(seen.kept())) < 2000 * 20

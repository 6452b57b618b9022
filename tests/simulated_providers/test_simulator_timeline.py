"""Which events there are: the same at any time and in any window, whatever the order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from provider_simulator.blobs import BLOBS
from provider_simulator.clock import DAY, HOUR, MINUTE
from provider_simulator.log_files import LOG_FILES
from provider_simulator.timeline import GROUP, Lag, LatePeriod, Timeline

ORIGIN = 1_790_812_800_000
timelines = st.builds(
    Timeline,
    key=st.integers(0, 2**64 - 1),
    origin=st.just(ORIGIN),
    per_day=st.integers(20, 400_000),
    lag=st.builds(Lag, usual=st.integers(0, MINUTE), longest=st.integers(MINUTE, 2 * HOUR)),
    late=st.sampled_from([[], [LatePeriod(ORIGIN, ORIGIN + DAY, 0.3, 3 * DAY)]]),
    batches=st.sampled_from([None, BLOBS, LOG_FILES]),
)
moments = st.integers(0, 2 * DAY).map(lambda past: ORIGIN + past)


@given(timelines, st.integers(0, 10_000))
def test_moments_never_decrease_and_come_in_fours(timeline: Timeline, first: int) -> None:
    times = timeline.times(first * GROUP, first * GROUP + 40).tolist()
    assert times == sorted(times)
    assert all(times[n] == times[n + 1] for n in range(0, 40, GROUP))
    assert min(times) >= ORIGIN


@given(timelines, moments)
def test_a_moment_parts_the_events_before_it_from_the_others(
    timeline: Timeline, moment: int
) -> None:
    number = timeline.first_at(moment)
    times = timeline.times(max(0, number - 1), number + 1).tolist()
    assert times[-1] >= moment
    assert number == 0 or times[0] < moment


@given(timelines, st.integers(0, 5_000))
def test_nothing_is_published_before_it_happens_or_after_the_longest_time(
    timeline: Timeline, first: int
) -> None:
    times = timeline.times(first, first + 50)
    waits = timeline.published(first, first + 50, times) - times
    assert waits.min() >= 0
    if timeline.batches is not LOG_FILES:
        assert waits.max() <= timeline.longest


@settings(max_examples=50)
@given(timelines, moments, st.integers(1, 60))
def test_pages_by_time_are_a_partition_of_what_is_published(
    timeline: Timeline, now: int, limit: int
) -> None:
    first, end = timeline.first_at(max(ORIGIN, now - 100 * timeline.step)), timeline.first_at(now)
    whole = timeline.by_time(first, end, now, 1 << 40).numbers
    up: list[int] = []
    place, more = first, True
    while more:
        page = timeline.by_time(place, end, now, limit)
        up, more = up + page.numbers, page.more
        place = page.numbers[-1] + 1 if page.numbers else end
    down: list[int] = []
    place, more = end, True
    while more:
        page = timeline.by_time(first, place, now, limit, newest_first=True)
        down, more = down + page.numbers, page.more
        place = page.numbers[-1] if page.numbers else first
    assert up == whole == down[::-1]


@settings(max_examples=50)
@given(timelines, moments, st.integers(1, 60))
def test_pages_by_publication_are_the_same_events_in_that_order(
    timeline: Timeline, now: int, limit: int
) -> None:
    begin = max(ORIGIN, now - 60 * timeline.step)
    found: list[tuple[int, int]] = []
    after, more = (begin, -1), True
    while more:
        page = timeline.by_publication(after, now, limit)
        found += zip(page.published, page.numbers, strict=True)
        more = page.more
        after = found[-1] if found else after
    assert found == sorted(found)
    every = timeline.existing(now)
    expected = {
        (published, number)
        for published, number in zip(every.published, every.numbers, strict=True)
        if published >= begin
    }
    assert set(found) == expected


@given(timelines, moments)
def test_what_was_published_stays_when_a_period_of_lateness_begins(
    timeline: Timeline, now: int
) -> None:
    first = timeline.first_at(max(ORIGIN, now - 50 * timeline.step))
    before = timeline.by_time(first, first + 60, now, 60)
    timeline.late = [*timeline.late, LatePeriod(now + 1, now + DAY, 1.0, 3 * DAY)]
    assert timeline.by_time(first, first + 60, now, 60) == before

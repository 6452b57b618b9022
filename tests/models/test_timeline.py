"""What the times of use say: visits, ways, silences, crossings."""

import numpy as np
import pytest

from models.timeline import Timeline, timeline

HOUR = 3600


def laid_out(*uses: tuple[float, float, bool], km: float = 5000.0) -> Timeline:
    """Lay out uses (from hour, to hour, at the site?), `km` away from elsewhere."""
    first = np.array([int(start * HOUR) for start, *_ in uses])
    last = np.array([int(end * HOUR) for _, end, _ in uses])
    here = np.array([at_site for *_, at_site in uses])
    return timeline(first, last, here, np.where(here, 0.0, km), 240.0)


def test_uses_without_use_elsewhere_in_between_are_one_visit() -> None:
    times = laid_out((1, 2, False), (30, 31, True), (50, 51, True), (90, 91, False))
    (visit,) = times.visits
    assert (visit.first, visit.last, visit.active_hours) == (30, 51, 2)
    assert (visit.silence_start, visit.silence_end) == (2, 90)
    assert times.impossible == []


def test_a_way_too_long_for_the_time_is_impossible() -> None:
    times = laid_out((1, 2, False), (3, 3, True), (20, 20, False))
    arrival, departure = times.visits[0].ways
    assert arrival.kmh == pytest.approx(5000)
    assert not arrival.possible
    assert departure.possible
    assert times.impossible == [arrival]
    assert times.fastest == arrival


def test_at_the_edge_of_the_window_there_is_no_way() -> None:
    times = laid_out((1, 2, True), (40, 41, False))
    assert times.visits[0].arrival is None
    assert times.visits[0].silence_start == 0.0


def test_the_longest_stay_is_the_silence_less_the_travel() -> None:
    times = laid_out((0, 1, False), (20, 21, True), (41, 42, False), km=4500.0)
    assert times.visits[0].longest_stay_hours == pytest.approx(40 - 2 * 5.5)


def test_uses_within_the_same_minutes_cross() -> None:
    times = laid_out((1.0, 1.8, False), (1.5, 1.9, True), (2.0, 2.2, False))
    assert (times.overlapping, times.hours) == (1, 1)


def test_uses_in_turns_do_not_cross() -> None:
    times = laid_out((1.0, 1.4, False), (1.5, 1.9, True), (2.0, 2.2, False))
    assert times.overlapping == 0


def test_a_site_alone_has_neither_ways_nor_crossings() -> None:
    times = laid_out((1, 2, True), (9, 10, True))
    assert times.ways == []
    assert times.fastest is None
    assert times.overlapping == 0

"""One budget for an account: its share of the rate, and what the provider says is left."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.budget import Budget
from collectors.contract import Limits, Quota
from collectors.quota import DailyQuota, UsedQuota

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def most_in(period: timedelta, sent: list[datetime]) -> int:
    """The most that were sent in any span of a period, its end not included."""
    sent = sorted(sent)
    return max(
        sum(first <= one < first + period for one in sent[at:]) for at, first in enumerate(sent)
    )


class TestRate:
    @given(
        share=st.floats(0.05, 1),
        limit=st.integers(1, 60),
        waits=st.lists(
            st.one_of(st.just(0.0), st.floats(0, 1), st.floats(0, 200)), min_size=1, max_size=150
        ),
        closed=st.dictionaries(st.integers(0, 150), st.floats(0, 300), max_size=3),
    )
    @settings(deadline=None)
    def test_in_no_period_more_than_the_share_is_sent(
        self, share: float, limit: int, waits: list[float], closed: dict[int, float]
    ) -> None:
        """However requests come, also after a time at which nothing might be sent."""
        budget, now, sent = Budget(Limits(limit, 60 * SECOND), share), NOON, []
        for number, wait in enumerate(waits):
            now += wait * SECOND
            if number in closed:
                now = max([now, *sent])  # who had waited has been told
                budget.close(now + closed[number] * SECOND)
            sent.append(now + timedelta(seconds=budget.take(now)))
        assert most_in(60 * SECOND, sent) <= max(1, limit * share) + 1e-9

    @pytest.mark.parametrize(
        ("limit", "share", "least"), [(50, 0.5, 22), (120, 0.5, 54), (1, 1, 1)]
    )
    def test_who_always_wants_more_gets_most_of_the_share(
        self, limit: int, share: float, least: int
    ) -> None:
        budget, sent, now = Budget(Limits(limit, 60 * SECOND), share), 0, NOON
        while now < NOON + 600 * SECOND:
            now += timedelta(seconds=budget.take(now))
            sent += 1
        assert least * 10 <= sent <= limit * share * 10 + 1

    def test_half_a_request_in_a_period_is_one_in_two(self) -> None:
        budget = Budget(Limits(1, 60 * SECOND), 0.5)
        assert [budget.take(NOON) for _ in range(3)] == [0, 120, 240]

    def test_a_long_period_gives_no_burst_of_hours(self) -> None:
        budget = Budget(Limits(1750, timedelta(hours=1)), 1.0)
        waits = [budget.take(NOON) for _ in range(100)]
        assert waits[28] == 0
        assert waits[99] > 60

    def test_after_a_pause_that_was_asked_for_not_all_that_waited_go_at_once(self) -> None:
        budget = Budget(Limits(60, 60 * SECOND), 1.0)
        budget.close(NOON + 600 * SECOND)
        waits = [budget.take(NOON) for _ in range(30)]
        assert waits[5] == 600
        assert waits[29] > 620


class TestSeveralLimits:
    DAY = timedelta(days=1)
    LIMITS = Limits(10, SECOND, also=(Limits(3_000, DAY),))

    @given(waits=st.lists(st.floats(0, 3_000), min_size=20, max_size=200))
    @settings(deadline=None)
    def test_each_of_them_holds(self, waits: list[float]) -> None:
        limits = Limits(4, 10 * SECOND, also=(Limits(20, 600 * SECOND),))
        budget, now, sent = Budget(limits, 1.0), NOON, []
        for wait in waits:
            now += (wait if wait < 1_000 else 0.0) * SECOND
            sent.append(now + timedelta(seconds=budget.take(now)))
        assert most_in(10 * SECOND, sent) <= 4
        assert most_in(600 * SECOND, sent) <= 20

    def test_that_of_a_day_is_spread_over_it(self) -> None:
        budget = Budget(self.LIMITS, 0.5)
        waits = [budget.take(NOON) for _ in range(1_500)]
        assert waits[1] == pytest.approx(57.6)
        assert 0.99 < waits[-1] / self.DAY.total_seconds() <= 1.0

    def test_both_are_handed_over(self) -> None:
        first, second = Budget(self.LIMITS, 0.5), Budget(self.LIMITS, 0.5)
        waits = [first.take(NOON) for _ in range(100)]
        second.restore(first.saved())
        assert second.take(NOON) == pytest.approx(2 * waits[-1] - waits[-2], abs=0.01)


class TestQuota:
    def budget(self, share: float, quota: Quota) -> Budget:
        return Budget(Limits(1000, SECOND, quota), share)

    def wait_after(self, budget: Budget, limit: str, remaining: str, reset: str) -> float:
        headers = {
            "x-rate-limit-limit": limit,
            "x-rate-limit-remaining": remaining,
            "x-rate-limit-reset": reset,
        }
        budget.heed(headers, NOON)
        return budget.take(NOON)

    def test_the_customers_part_is_left(self) -> None:
        budget = self.budget(0.25, Quota(reset_is="seconds"))
        assert self.wait_after(budget, "100", "76", "20") == 0
        assert self.wait_after(budget, "100", "75", "20") == 20

    def test_a_moment_since_1970_is_understood(self) -> None:
        moment = str(int((NOON + 9 * SECOND).timestamp()))
        assert self.wait_after(self.budget(0.5, Quota()), "100", "10", moment) == 9

    def test_of_a_quota_of_one_the_one_is_ours(self) -> None:
        assert self.wait_after(self.budget(0.5, Quota(reset_is="seconds")), "1", "1", "9") == 0

    def test_nonsense_is_not_heeded(self) -> None:
        budget = self.budget(0.5, Quota())
        assert self.wait_after(budget, "many", "none", "soon") == 0
        assert self.wait_after(budget, "100", "1", "99999999999999") <= 3600

    def test_of_zooms_headers_those_of_the_day_count(self) -> None:
        quota = DailyQuota("x-rate-limit-limit", "x-rate-limit-remaining")
        for kind, wait in (("QPS", 0), ("Daily-limit", 3600), ("", 0)):
            budget = self.budget(0.5, quota)
            headers = {"x-rate-limit-limit": "30000", "x-rate-limit-remaining": "15000"}
            budget.heed(headers | {"x-ratelimit-type": kind}, NOON)
            assert budget.take(NOON) == wait

    def test_of_the_day_that_is_ending_only_its_end_is_waited_for(self) -> None:
        late = NOON.replace(hour=23, minute=50)
        headers = {"x-ratelimit-limit": "9", "x-ratelimit-remaining": "0"}
        left = DailyQuota("x-ratelimit-limit", "x-ratelimit-remaining").left(
            headers | {"x-ratelimit-type": "Daily-limit"}, late
        )
        assert left is not None
        assert left.reset - late == timedelta(minutes=10)

    def test_salesforce_tells_what_is_used(self) -> None:
        for used, wait in (("49999/100000", 0), ("50000/100000", 3600), ("x", 0)):
            budget = self.budget(0.5, UsedQuota())
            budget.heed({"sforce-limit-info": f"api-usage={used}"}, NOON)
            assert budget.take(NOON) == wait

    def test_a_provider_without_such_headers_has_none(self) -> None:
        assert self.wait_after(Budget(Limits(1000, SECOND), 0.5), "100", "0", "9") == 0


class TestHandOver:
    def test_the_next_holder_goes_on_with_what_is_left(self) -> None:
        limits = Limits(60, 60 * SECOND)
        first, second = Budget(limits, 1.0), Budget(limits, 1.0)
        for _ in range(6):
            first.take(NOON)
        first.close(NOON + 30 * SECOND)
        second.restore(first.saved())
        assert second.take(NOON) == 30
        assert second.take(NOON + 40 * SECOND) == 0

    def test_what_cannot_be_read_is_as_new(self) -> None:
        budget = Budget(Limits(60, 60 * SECOND), 1.0)
        for state in ({}, {"buckets": [["x", 1]], "closed_until": None}):
            budget.restore(state)
        assert budget.take(NOON) == 0

    def test_what_was_taken_and_not_sent_is_given_back(self) -> None:
        budget = Budget(Limits(1, 60 * SECOND), 1.0)
        assert budget.take(NOON) == 0
        assert budget.take(NOON) == 60
        budget.give_back()
        assert budget.take(NOON) == 60

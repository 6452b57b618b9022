"""One budget for an account: its share of the rate, and what the provider says is left."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.budget import Budget
from collectors.contract import Limits, Quota

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class TestRate:
    @given(
        share=st.floats(0.05, 1),
        limit=st.integers(1, 500),
        gaps=st.lists(st.floats(0, 5), min_size=1, max_size=60),
    )
    def test_more_than_the_share_is_never_sent(
        self, share: float, limit: int, gaps: list[float]
    ) -> None:
        budget = Budget(Limits(limit, 60 * SECOND), share)
        now, sent = NOON, []
        for gap in gaps:
            now += gap * SECOND
            now += budget.take(now) * SECOND
            sent.append(now)
        for first in range(len(sent)):
            for last in range(first, len(sent)):
                span = (sent[last] - sent[first]).total_seconds()
                # A full bucket at once, and what came in since.
                most = max(1.0, limit * share) + limit * share * span / 60 + 0.01
                assert last - first + 1 <= most + 1e-6

    def test_a_long_period_gives_no_burst_of_hours(self) -> None:
        budget = Budget(Limits(1750, timedelta(hours=1)), 1.0)
        waits = [budget.take(NOON) for _ in range(100)]
        assert waits[28] == 0
        assert waits[99] > 60


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

    def test_a_provider_without_such_headers_has_none(self) -> None:
        assert self.wait_after(Budget(Limits(1000, SECOND), 0.5), "100", "0", "9") == 0


class TestHandOver:
    def test_the_next_holder_goes_on_with_what_is_left(self) -> None:
        limits = Limits(60, 60 * SECOND)
        first, second = Budget(limits, 1.0), Budget(limits, 1.0)
        for _ in range(60):
            first.take(NOON)
        first.close(NOON + 30 * SECOND)
        second.restore(first.saved())
        assert second.take(NOON) == 30
        assert second.take(NOON + 40 * SECOND) == 0

    def test_what_cannot_be_read_is_as_new(self) -> None:
        budget = Budget(Limits(60, 60 * SECOND), 1.0)
        for state in ({}, {"tokens": "x", "at": 1, "closed_until": None}):
            budget.restore(state)
        assert budget.take(NOON) == 0

    def test_what_was_taken_and_not_sent_is_given_back(self) -> None:
        budget = Budget(Limits(1, 60 * SECOND), 1.0)
        assert budget.take(NOON) == 0
        assert budget.take(NOON) == 60
        budget.give_back()
        assert budget.take(NOON) == 60

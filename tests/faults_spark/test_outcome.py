"""What a run under faults proves, with its safeguards and without one."""

import pytest

from faults_spark.outcome import Outcome

ALL_WELL = Outcome(wanted=10, done=10, ended=10, equal=10, half_seen=0, untold=0)


def test_all_faults_without_any_harm_prove_that_the_safeguards_hold() -> None:
    assert ALL_WELL.harmless
    assert not ALL_WELL.harmful


@pytest.mark.parametrize(
    "harm",
    [
        Outcome(10, 10, 10, 9, 0, 0),
        Outcome(10, 10, 10, 10, 1, 0),
        Outcome(10, 10, 10, 10, 0, 1),
    ],
)
def test_any_harm_is_seen(harm: Outcome) -> None:
    assert harm.harmful
    assert not harm.harmless


@pytest.mark.parametrize(
    "broken",
    [
        Outcome(10, 9, 10, 10, 0, 0),  # a fault was not done
        Outcome(10, 9, 9, 8, 1, 0),  # it broke off
        Outcome(1, 1, 0, 0, 0, 0),  # a step that never succeeds leaves other tables, too
        Outcome(10, 0, 0, 0, 0, 0),
    ],
)
def test_a_run_that_is_not_complete_proves_neither(broken: Outcome) -> None:
    assert not broken.harmless
    assert not broken.harmful

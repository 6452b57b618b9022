"""What a process that takes logs in leaves as it was."""

import gc

import pytest

from jobs.hands import hands
from jobs.normalize import Target


def test_the_garbage_collector_passes_over_what_was_there_for_as_long_as_it_takes(
    target: Target,
) -> None:
    before = gc.get_freeze_count()
    with hands(target, 1):
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == before


def test_also_where_the_run_fails(target: Target) -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError), hands(target, 1):
        raise ZeroDivisionError
    assert gc.get_freeze_count() == before


def test_worker_processes_end_without_a_word(
    target: Target, capfd: pytest.CaptureFixture[str]
) -> None:
    with hands(target, 2) as found:
        found.recover()
    assert "leaked" not in capfd.readouterr().err

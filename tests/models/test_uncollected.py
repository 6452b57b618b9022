"""The garbage collector waits, and goes on as before."""

import gc

import pytest

from models.uncollected import uncollected


def test_it_waits_and_then_sets_in_again() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_sets_in_again_where_the_work_failed() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()

"""How many spans may be read side by side."""

from collectors.slots import Slots


def test_as_many_as_are_free_are_lent_and_come_back() -> None:
    slots = Slots(5)
    with slots.lent() as first, slots.lent(3) as second:
        assert (first, second) == (5, 0)
    with slots.lent(2) as first, slots.lent(9) as second:
        assert (first, second) == (2, 3)


def test_they_come_back_from_who_failed() -> None:
    slots = Slots(1)
    try:
        with slots.lent():
            raise ValueError
    except ValueError:
        pass
    with slots.lent() as found:
        assert found == 1


def test_an_account_has_no_more_than_its_process_has_left() -> None:
    process = Slots(4)
    one, other = Slots(3, above=process), Slots(3, above=process)
    with one.lent() as first, other.lent() as second:
        assert (first, second) == (3, 1)
    with other.lent() as found:
        assert found == 3


def test_what_an_account_cannot_have_of_its_process_others_can() -> None:
    process = Slots(1)
    account = Slots(3, above=process)
    with account.lent() as first, process.lent() as none:
        assert (first, none) == (1, 0)


def test_a_busy_process_lends_nothing() -> None:
    streams = 3
    slots = Slots(4, busy=lambda: streams)
    with slots.lent() as found:
        assert found == 1
    streams = 200
    with slots.lent() as found:
        assert found == 0

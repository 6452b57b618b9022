"""Who else uses what a person uses: everybody but that person."""

import numpy as np
import pytest
from month_of_use import DAYS, Line, Month, boston, lagos, paris

from models.company import Company, company
from models.learned import Learned, learn
from models.others import Others, settled_on_block

ANA, BEN = "ana@example.com", "ben@example.com"
OFFICE = paris("85.0.0.1", asn=850)


def a_month() -> Month:
    """Let Ana and Ben work over one line, Ana for longer; who else uses its network passes."""
    month = Month()
    month.colleagues(12)
    month.work(ANA, OFFICE, range(DAYS))
    month.work(BEN, OFFICE, range(2))
    month.work(BEN, boston("20.0.9.9"), range(2, DAYS))
    month.use("colleague3@example.com", paris("85.0.7.1", asn=850), 8, 15.0)
    return month


def at(known: Company, person: str, line: Line) -> int:
    """Return the cell of a person's use of a line."""
    who, where = known.people.index(person), known.addresses.ip.index(line.ip)
    (cell,) = np.flatnonzero((known.cells.person == who) & (known.cells.address == where)).tolist()
    return int(cell)


def others_of(month: Month) -> tuple[Company, Learned, Others]:
    known = company(month.cells())
    learned = learn(known)
    return known, learned, Others.of(known, learned)


def test_the_person_is_left_out_of_those_on_the_address() -> None:
    known, _, others = others_of(a_month())
    ana, ben = at(known, ANA, OFFICE), at(known, BEN, OFFICE)
    assert others.on_address[[ana, ben]].tolist() == [1, 1]
    assert others.settled_on_address[[ana, ben]].tolist() == [0, 1]  # Ben is there for two days


def test_the_person_is_left_out_of_those_on_the_network() -> None:
    known, _, others = others_of(a_month())
    ana, ben = at(known, ANA, OFFICE), at(known, BEN, OFFICE)
    assert others.on_network[[ana, ben]].tolist() == [2, 2]
    assert others.unsettled_on_network[[ana, ben]].tolist() == [1.0, 0.5]


def test_one_is_settled_on_a_block_that_one_uses_for_days() -> None:
    known, learned, _ = others_of(a_month())
    settled = settled_on_block(known, learned)
    assert settled[at(known, ANA, OFFICE)]
    assert not settled[at(known, BEN, OFFICE)]


def test_nobody_is_settled_where_attempts_failed_only() -> None:
    month = a_month()
    month.fail(ANA, lagos(), 5, 15.0)
    known, learned, others = others_of(month)
    cell = at(known, ANA, lagos())
    assert not settled_on_block(known, learned)[cell]
    assert others.on_address[cell] == 0


def test_ones_own_jumps_are_held_against_no_network() -> None:
    month = a_month()
    month.use("colleague0@example.com", lagos(), 3, 14.6)
    known, learned, others = others_of(month)
    assert learned.jump_share_of_network.max() > 0.1
    assert others.jump_share[at(known, "colleague0@example.com", lagos())] < 0.05


def test_those_that_were_not_honest_count_neither_among_the_others_nor_among_those_who_jump() -> (
    None
):
    month = a_month()
    for number in range(4):
        month.use(f"colleague{number}@example.com", lagos(), 3, 14.6)
    known, learned, others = others_of(month)
    cell = at(known, "colleague0@example.com", lagos())
    assert others.jump_share[cell] > 0.3
    none = np.zeros(len(learned.using))
    distrusted = Others.of(known, learned.trusting((none, none)))
    assert distrusted.jump_share[cell] == pytest.approx(0.04)

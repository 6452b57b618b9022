"""Whose habit a VPN is: a person's own, or everybody's."""

from month_of_use import DAYS, Line, Month, boston, lagos, paris

from models.casebook import cases
from models.company import company
from models.detection import prepared
from models.person import Person
from models.suspicion import Suspicion

ANA = "ana@example.com"


def habits(month: Month) -> frozenset[str]:
    """Return how Ana hides, as the case of her use of Lagos has it."""
    context, _ = prepared(company(month.cells()))
    known = context.known
    number = known.people.index(ANA)
    part = known.presences.person == number
    person = Person.of(context, number, part.nonzero()[0])
    (case,) = [
        case
        for case in cases(context, person, Suspicion())
        if known.places.city[case.place] == "Lagos"
    ]
    return case.hidden.kinds


def a_month(machines: Line, colleagues_on_it: int) -> Month:
    """Let Ana work over machines in Paris, as so many colleagues do, and once from Lagos."""
    month = Month()
    month.colleagues(12)
    for number in range(colleagues_on_it):
        month.work(f"colleague{number}@example.com", machines, range(DAYS), hours=(16,))
    month.work(ANA, machines, range(DAYS))
    month.work(ANA, boston(), range(DAYS), hours=(22,))
    month.use(ANA, lagos(), 8, 3.0)
    return month


def test_one_who_works_over_machines_of_her_own_hides() -> None:
    assert habits(a_month(paris("80.0.9.9", kind="hosting"), 0)) == {"hosting"}


def test_one_who_works_over_the_companys_vpn_does_not() -> None:
    assert habits(a_month(paris("80.0.9.9", kind="hosting"), 12)) == set()

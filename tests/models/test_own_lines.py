"""People's own lines, and what it says that they fall silent."""

from month_of_use import DAYS, Month, boston, chicago, paris

from models.company import company
from models.detection import prepared
from models.judge import Verdict, judge_all

ANA = "ana@example.com"
OFFICE = boston("20.9.9.9", asn=750)


def own_lines(month: Month) -> set[str]:
    """Return Ana's addresses that are taken for lines of her own."""
    context, _ = prepared(company(month.cells()))
    known = context.known
    hers = context.own_line & (known.presences.person == known.people.index(ANA))
    return {known.addresses.ip[at] for at in known.presences.address[hers].tolist()}


def judged(month: Month) -> Verdict:
    """Return the verdict on Ana's use of Paris."""
    context, _ = prepared(company(month.cells()))
    (verdict,) = [
        verdict
        for verdict in judge_all(context, 0.5)
        if context.known.people[verdict.case.person] == ANA
        and context.known.places.city[verdict.case.place] == "Paris"
    ]
    return verdict


def days_at_the_office(month: Month, evenings_at_home: range) -> None:
    month.colleagues(12, OFFICE)
    month.work(ANA, OFFICE, range(DAYS), hours=(13, 14, 15, 17, 18))
    month.work(ANA, boston(), evenings_at_home, hours=(23,))


def test_own_lines_are_neither_shared_nor_telephones_nor_machines() -> None:
    month = Month()
    days_at_the_office(month, range(DAYS))
    month.work(ANA, chicago(), range(DAYS), hours=(12,))
    month.work(ANA, boston("20.8.8.8", asn=760, kind="hosting"), range(DAYS), hours=(16,))
    assert own_lines(month) == {"20.0.1.5"}


def test_a_line_that_replaces_that_of_home_is_misplaced() -> None:
    month = Month()
    days_at_the_office(month, range(14))
    month.work(ANA, paris(), range(14, DAYS), hours=(23,))
    verdict = judged(month)
    lines = verdict.case.times.lines
    assert lines.used == 0
    assert lines.days >= 8
    assert lines.usually > 0.8
    assert verdict.score < 0.2


def test_one_beside_which_that_of_home_goes_on_is_an_attackers() -> None:
    month = Month()
    days_at_the_office(month, range(DAYS))
    month.work(ANA, paris(), range(14, DAYS), hours=(23,))
    assert judged(month).case.times.lines.used >= 8
    assert judged(month).score > 0.5

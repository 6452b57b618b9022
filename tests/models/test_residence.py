"""Who lives away from the line that most of the use comes over is no attacker; who breaks in is."""

from month_of_use import DAYS, Line, Month, boston, paris

from models.company import company
from models.detection import prepared
from models.judge import Verdict, judge_all

ANA = "ana@example.com"
OFFICE = boston("20.9.9.9", asn=650, kind="corporate")


def judged(month: Month) -> Verdict:
    """Return what is said of Ana's use of Paris."""
    context, _ = prepared(company(month.cells()))
    known = context.known
    (verdict,) = (
        verdict
        for verdict in judge_all(context, 0.5)
        if known.people[verdict.case.person] == ANA
        and known.places.country[verdict.case.place] == "FR"
    )
    return verdict


def beside_the_office(line: Line, days: int, hours: tuple[float, ...], agent: str) -> Month:
    """Let Ana work over her office's line, and be at `line` on the first so many days as well."""
    month = Month()
    month.colleagues(20, OFFICE)
    month.work(ANA, OFFICE, range(DAYS))
    for day in [day for day in range(DAYS) if day % 7 < 5][:days]:
        for hour in hours:
            month.use(ANA, line, day, hour, events=2, agent=agent)
    return month


def test_one_who_lives_elsewhere_with_the_same_device_is_explained_by_it() -> None:
    verdict = judged(beside_the_office(paris(), 20, (13.4, 17.4, 20.4), "laptop"))
    assert verdict.best_benign == "residence"
    assert verdict.score < 0.5


def test_a_few_visits_are_no_residence() -> None:
    verdict = judged(beside_the_office(paris(), 3, (13.4, 17.4, 20.4), "laptop"))
    assert verdict.totals["residence"] < verdict.totals["attack"] - 3.0
    assert verdict.score > 0.3


def test_brief_visits_on_many_days_are_no_residence() -> None:
    verdict = judged(beside_the_office(paris(), 20, (13.4,), "laptop"))
    assert verdict.totals["residence"] < verdict.totals["attack"] - 3.0


def test_an_attacker_who_stays_with_a_machine_of_his_own_at_night_is_seen() -> None:
    verdict = judged(beside_the_office(paris(), 20, (3.4, 4.4, 13.4), "stranger"))
    assert verdict.score > 0.9

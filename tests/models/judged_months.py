"""Months of use, judged: what is flagged of them, by person and place."""

from month_of_use import DAYS, Month, boston

from models.company import company
from models.detection import prepared
from models.judge import Verdict, judge_all

ANA = "ana@example.com"


def flagged(month: Month) -> list[tuple[str, str]]:
    """Return (person, place) of what is flagged."""
    return [(person, place) for person, place, verdict in judged(month) if verdict.score >= 0.5]


def judged(month: Month) -> list[tuple[str, str, Verdict]]:
    context, _ = prepared(company(month.cells()))
    known = context.known
    return [
        (known.people[verdict.case.person], known.places.name(verdict.case.place), verdict)
        for verdict in judge_all(context, 0.5)
    ]


def a_month(colleagues: int = 30) -> Month:
    month = Month()
    month.colleagues(colleagues)
    return month


def at_home(month: Month, days: range | list[int] | None = None) -> None:
    month.work(ANA, boston(), range(DAYS) if days is None else days)

"""Ana of Boston, whose account is used from Nigeria: the month, and what is made of it."""

from month_of_use import DAYS, FIRST, Line, Month, boston, lagos

from models.company import company
from models.context import Context
from models.detection import prepared
from models.evidence import Evidence
from models.judge import Verdict, judge_all

ANA, BOB, EVE = "ana@example.com", "bob@example.com", "eve@example.com"
EVIDENCE = Evidence(FIRST, FIRST, 12, ["okta"], ["102.0.1.5"], [900], ["a", "b"])


def ibadan(ip: str = "102.7.1.5", asn: int = 901) -> Line:
    """Return a town 120 km from Lagos, known as well as it: one site with it."""
    return Line(ip, "NG", "Oyo", "Ibadan", 7.38, 3.95, asn)


def kano() -> Line:
    return Line("102.8.1.5", "NG", "Kano", "Kano", 12.0, 8.52, 902)


def a_month() -> Month:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    return month


def judged(month: Month, user: str = ANA) -> tuple[Context, list[Verdict]]:
    """Return the person's cases, the likeliest attack first."""
    context, _ = prepared(company(month.cells()))
    number = context.known.people.index(user)
    verdicts = [each for each in judge_all(context, 0.5) if each.case.person == number]
    return context, sorted(verdicts, key=lambda verdict: -verdict.log_odds)


def at(context: Context, verdict: Verdict, name: str) -> int:
    """Return the place of a case that is called so."""
    (place,) = [each for each in verdict.case.places if context.known.places.name(each) == name]
    return place


def a_month_abroad() -> Month:
    month = a_month()
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    return month

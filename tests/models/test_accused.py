"""What was judged malicious is flagged again, however little speaks for it now."""

from datetime import UTC, date, datetime
from typing import Any

from month_of_use import DAYS, Month, boston, paris

from models.accused import NOBODY, Accused, accused
from models.company import company
from models.detection import findings_of, flagged, prepared
from models.judge import judge_all
from models.params import Params
from models.votes import Votes

ANA = "ana@example.com"
DAY = date(2026, 3, 31)


def verdict(**more: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "time": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "verdict": "malicious",
        "scope": "person",
        "user": ANA,
        "country": "FR",
        "region": "Ile-de-France",
        "city": "Paris",
        "blocks": ["50.1.1"],
        "until": None,
    } | more


def a_trip() -> Month:
    """Return a month with a trip to Paris of which nothing is strange."""
    month = Month()
    month.colleagues(20)
    month.work(ANA, boston(), [*range(10), *range(16, DAYS)])
    month.work(ANA, paris(ip="50.1.1.7"), range(11, 15))
    return month


def found(month: Month, *verdicts: dict[str, Any], day: date = DAY) -> list[tuple[str, str, float]]:
    """Return (person, place, score) of what is flagged in the light of verdicts."""
    context, _ = prepared(company(month.cells()))
    known, params = context.known, Params()
    scored = findings_of(judge_all(context, params.threshold), Votes({}))
    findings = flagged(known, scored, params, accused=accused(verdicts, day))
    return [
        (known.people[one.verdict.case.person], known.places.name(one.place), one.score)
        for one in findings
    ]


def test_a_trip_is_nothing_until_it_is_judged_malicious() -> None:
    month = a_trip()
    assert found(month) == []
    ((person, place, score),) = found(month, verdict())
    assert (person, place) == (ANA, "Paris, FR")
    assert score < Params().flagged_from


def test_for_the_company_anybody_from_the_block_is_flagged() -> None:
    month = a_trip()
    ((person, _, _),) = found(month, verdict(scope="company", user="ben@example.com"))
    assert person == ANA
    assert found(month, verdict(scope="company", blocks=["50.1.2"])) == []


def test_another_person_another_place_or_another_time_is_not_meant() -> None:
    month = a_trip()
    assert found(month, verdict(user="ben@example.com")) == []
    assert found(month, verdict(city="Lyon")) == []
    assert found(month, verdict(until=date(2026, 3, 2))) == []


def test_what_was_taken_back_or_is_benign_accuses_nobody() -> None:
    later = datetime(2026, 3, 2, tzinfo=UTC)
    assert accused([verdict(), verdict(verdict="undecided", time=later)], DAY) == NOBODY
    assert accused([verdict(verdict="benign")], DAY) == Accused()

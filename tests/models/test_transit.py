"""What is seen of a person on the way: stops on a journey, an aircraft's network."""

import pytest
from judged_months import ANA, a_month, at_home, flagged, judged
from month_of_use import DAYS, Line, boston, lagos

from models.explanations.transit import ASIDE


def test_a_stop_on_a_journey_is_none() -> None:
    month = a_month()
    dubai = Line("94.0.1.5", "AE", "Dubai", "Dubai", 25.2, 55.27, 1200)
    singapore = Line("103.0.1.5", "SG", None, "Singapore", 1.35, 103.82, 1300)
    at_home(month, [day for day in range(DAYS) if day not in range(8, 13)])
    month.use(ANA, dubai, 8, 14.0, events=1, agent="laptop")
    month.work(ANA, singapore, range(9, 12), hours=(2, 4, 7, 9))
    assert flagged(month) == []


def test_nor_is_one_on_a_journey_whose_end_nobody_sees() -> None:
    """A week without any use, and on the way back a look at the mail."""
    month = a_month()
    dubai = Line("94.0.1.5", "AE", "Dubai", "Dubai", 25.2, 55.27, 1200)
    at_home(month, [day for day in range(DAYS) if day not in range(7, 14)])
    month.use(ANA, dubai, 12, 14.0, events=1, agent="laptop")
    (verdict,) = [verdict for person, _, verdict in judged(month) if person == ANA]
    assert verdict.totals["transit"] > verdict.totals["attack"] - 2.5
    month.use(ANA, boston(), 12, 20.0, agent="laptop")
    (verdict,) = [verdict for person, _, verdict in judged(month) if person == ANA]
    assert verdict.totals["transit"] < verdict.totals["attack"] - 5


def test_a_network_that_all_only_pass_is_an_aircrafts() -> None:
    month = a_month(40)
    month.colleagues(40)
    for number in range(12):
        air = Line(f"144.0.{number}.5", "FR", None, "Paris", 48.86, 2.35, 4000, None)
        month.use(f"colleague{number}@example.com", air, number * 2, 14.6, 4, agent="laptop")
    assert flagged(month) == []


def test_an_attack_on_a_traveller_that_crosses_the_journey_is_no_stop_on_it() -> None:
    month = a_month()
    singapore = Line("103.0.1.5", "SG", None, "Singapore", 1.35, 103.82, 1300)
    at_home(month, [day for day in range(DAYS) if day not in range(8, 13)])
    month.use(ANA, boston(), 8, 14.0, agent="laptop")
    month.use(ANA, lagos(), 8, 14.05, events=12, agent="stranger")
    month.work(ANA, singapore, range(10, 12), hours=(2, 4, 7, 9))
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_one_changes_between_the_two_ends_of_a_journey() -> None:
    """On the way from Boston to Singapore one is seen in Dubai, hardly ever in Sao Paulo."""

    def transit(stop: Line) -> float:
        month = a_month()
        singapore = Line("103.0.1.5", "SG", None, "Singapore", 1.35, 103.82, 1300)
        at_home(month, [day for day in range(DAYS) if day not in range(8, 13)])
        month.use(ANA, stop, 8, 22.0, events=1, agent="laptop")
        month.work(ANA, singapore, range(10, 12), hours=(2, 4, 7, 9))
        found = {place: v for person, place, v in judged(month) if person == ANA}
        return found[f"{stop.city}, {stop.country}"].terms["transit"]["prior"]

    dubai = Line("94.0.1.5", "AE", "Dubai", "Dubai", 25.2, 55.27, 1200)
    sao_paulo = Line("177.0.1.5", "BR", "Sao Paulo", "Sao Paulo", -23.55, -46.63, 960)
    assert transit(dubai) - transit(sao_paulo) == pytest.approx(-ASIDE)


@pytest.mark.parametrize("explanation", ["transit", "habit"])
def test_stops_and_private_exits_are_rather_where_colleagues_are(explanation: str) -> None:
    def place(colleagues: int) -> float:
        month = a_month()
        for number in range(colleagues):
            line = Line(f"94.0.{number}.9", "AE", "Dubai", "Dubai", 25.2, 55.27, 1200)
            month.work(f"dubai{number}@example.com", line, range(DAYS))
        at_home(month, range(DAYS))
        dubai = Line("94.0.99.5", "AE", "Dubai", "Dubai", 25.2, 55.27, 1300)
        month.use(ANA, dubai, 8, 22.0, events=1, agent="laptop")
        (verdict,) = [verdict for person, _, verdict in judged(month) if person == ANA]
        return verdict.terms[explanation]["place"]

    assert place(4) > place(1) > place(0)

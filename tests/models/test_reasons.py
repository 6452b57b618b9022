"""The sentences of a row hold for the row: its place, its times, its addresses."""

from dataclasses import replace
from datetime import date

import pytest
from ana_abroad import ANA, BOB, EVE, EVIDENCE, a_month, at, ibadan, judged, kano
from month_of_use import DAYS, boston, chicago, lagos, paris

from models.company import company
from models.detection import prepared
from models.findings import Finding, Run, rows
from models.judge import judge_all
from models.reasons_of_network import network_reasons
from models.reasons_of_place import place_reasons
from models.reasons_of_times import elsewhere, hour_reasons, time_reasons


def test_a_second_place_of_a_country_is_not_called_the_first_access() -> None:
    month = a_month()
    month.use(ANA, lagos(), 8, 15.4, agent="stranger")
    month.use(ANA, kano(), 16, 15.4, agent="stranger")
    context, verdicts = judged(month)
    said = [place_reasons(context, verdict, verdict.case.place)[0] for verdict in verdicts]
    use = "One of 2 places in NG from which the account was used in 28 days; usual is US"
    assert said == [use, use]


def test_a_place_known_by_its_country_only_is_no_town_that_colleagues_are_near() -> None:
    month = a_month()
    month.use(ANA, replace(boston("33.0.0.5", asn=701), region=None, city=None), 8, 15.4)
    month.use(BOB, chicago(kind="isp"), 8, 15.4, events=9)
    context, _ = prepared(company(month.cells()))
    places, peers = context.known.places, context.peers
    chicago_, somewhere = (
        next(at for at in range(len(places)) if places.name(at) == name)
        for name in ("Chicago, US", "US")
    )
    assert places.spoken(somewhere) == "somewhere in US"
    ana, bob = (context.known.people.index(name) for name in (ANA, BOB))
    assert ana in peers.seen_in("US").tolist()
    assert peers.near(chicago_, bob) == 1  # Ana, who may be anywhere in the country
    assert peers.seen_in_towns_near(chicago_).tolist() == [bob]


def test_what_a_case_says_of_several_places_is_said_to_be_of_all() -> None:
    month = a_month()
    month.use(ANA, lagos(), 8, 15.4, events=6, agent="stranger")
    month.use(ANA, ibadan(), 12, 23.4, events=3, agent="stranger")
    context, (verdict, *_) = judged(month)
    town = at(context, verdict, "Ibadan, NG")
    together = place_reasons(context, verdict, town)[-1]
    assert together.startswith("Judged as one with Lagos, NG: the other sentences speak of all")
    assert together.endswith("9 events that succeeded")
    way, *_ = time_reasons(context, verdict, town)
    assert way.startswith("Used from Boston, US 12 minutes before use from Lagos, NG, at least 8,")
    own, *_ = time_reasons(context, verdict, at(context, verdict, "Lagos, NG"))
    assert own.startswith("Used from Boston, US 12 minutes earlier, at least 8,143 km away (40,7")
    assert own.endswith(": 2026-03-10 15:12 UTC")


def test_hours_are_those_of_the_clock_however_many_addresses() -> None:
    month = a_month()
    for number in range(3):
        month.use(ANA, lagos(f"102.0.1.{number}"), 8, 15.11 + number / 100, agent="stranger")
    context, (verdict, *_) = judged(month)
    assert verdict.case.times.timeline.hours == 3
    said = time_reasons(context, verdict, verdict.case.place)
    assert said[-1] == "In the same hour by the clock the account was in use elsewhere as well"


def test_where_nothing_is_impossible_the_use_before_and_after_is_told() -> None:
    month = a_month()
    month.use(ANA, lagos(), 12, 15.4, agent="stranger")  # a Saturday
    context, (verdict, *_) = judged(month)
    assert not verdict.case.times.timeline.impossible
    (sentence,) = time_reasons(context, verdict, verdict.case.place)
    assert (
        sentence
        == "Used elsewhere 19 hours before, from Boston, US; 46 hours after, from Boston, US"
    )
    assert elsewhere(context, verdict, verdict.case.place) == [sentence]


def test_hours_at_which_the_person_is_not_active_are_told() -> None:
    month = a_month()
    month.use(ANA, lagos(), 8, 4.4, agent="stranger")
    context, (verdict, *_) = judged(month)
    (sentence,) = hour_reasons(context, verdict)
    assert sentence.startswith("Used in hours of the day (04 UTC) in which the person is active on")


@pytest.mark.parametrize(
    ("elsewhere", "said"),
    [(False, "no colleague uses it"), (True, "no colleague uses it in NG, 1 does elsewhere")],
)
def test_a_network_that_colleagues_use_elsewhere_is_not_called_unseen(
    elsewhere: bool, said: str
) -> None:
    month = a_month()
    month.use(ANA, lagos(kind="hosting"), 8, 15.4, agent="stranger")
    if elsewhere:
        month.use(BOB, paris(asn=900, kind="hosting"), 8, 15.4)
    context, (verdict, *_) = judged(month)
    assert verdict.case.network.new_to_company
    assert network_reasons(context, verdict) == [
        f"Came through a hosting provider, Network 900 (AS900); {said}; new for this person"
    ]


def test_accounts_of_one_attack_name_each_other_and_are_no_colleagues() -> None:
    month = a_month()
    month.work(EVE, boston("20.7.1.5"), range(DAYS))
    month.use(ANA, lagos(), 8, 15.4, agent="stranger")
    month.use(ANA, kano(), 16, 15.4, agent="stranger")
    month.use(EVE, lagos("102.0.1.6"), 8, 16.4, agent="stranger")
    context, _ = judged(month)
    flagged = [verdict for verdict in judge_all(context, 0.5) if verdict.score >= 0.5]
    findings = [Finding(verdict, verdict.case.place, 0.9, {}) for verdict in flagged]
    ips = {"Lagos": ["102.0.1.5"], "Kano": ["102.8.1.5"]}
    evidence = {
        each.person_place: replace(EVIDENCE, ips=ips[context.known.places.city[each.place] or ""])
        for each in findings
    }
    made = rows(context, findings, evidence, Run("acme", date(2026, 3, 29), "run")).to_pylist()
    said = {(row["user"], row["city"]): row["reasons"] for row in made}
    assert len(said) == 3
    block = "Flagged as well from the same block of addresses: "
    assert f"{block}{EVE}" in said[ANA, "Lagos"]
    assert f"{block}{ANA}" in said[EVE, "Lagos"]
    assert "Flagged as well of this account: Kano, NG" in said[ANA, "Lagos"]
    assert "Flagged as well of this account: Lagos, NG" in said[ANA, "Kano"]
    network = "Came over Network 900 (AS900); no other colleague uses it; new for this person"
    assert network in said[ANA, "Lagos"]
    assert not any(text.startswith("Others who used its block") for text in said[EVE, "Lagos"])

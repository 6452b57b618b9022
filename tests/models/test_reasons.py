"""The sentences of a row hold for the row: its place, its times, its addresses."""

from dataclasses import replace
from datetime import date

import pytest
from month_of_use import DAYS, FIRST, Line, Month, boston, chicago, lagos, paris

from models.company import company
from models.context import Context
from models.detection import prepared
from models.devices import Device, Use
from models.evidence import Evidence
from models.findings import Finding, Run, rows
from models.judge import ATTACK, Verdict, judge_all
from models.reasons import agent_reasons, device_reasons, mark_reasons, other_reasons
from models.reasons_of_network import network_reasons
from models.reasons_of_place import listed, place_reasons
from models.reasons_of_times import elsewhere, hour_reasons, time_reasons
from models.user_agents import COMPUTER, TOOL
from models.weighed import weighed

ANA, BOB, EVE = "ana@example.com", "bob@example.com", "eve@example.com"
CHANCES = (0.01, 0.02, 0.005, 0.03)
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
    assert peers.seen_near(chicago_).tolist() == [bob]


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


def test_all_that_is_new_counts_not_only_the_most_used_of_it() -> None:
    browser, mail = Use(0.55, 0.0, 0.1, COMPUTER), Use(0.45, 0.0, 0.1, COMPUTER)
    (sentence,) = device_reasons(Device((browser, mail), CHANCES), 9)
    assert sentence == "By a browser that is not the person's own, as in 1 of 100 honest visits"
    program, own = Use(0.2, 0.0, 0.1, TOOL), Use(0.3, 0.5, 0.1, COMPUTER)
    (sentence,) = device_reasons(Device((replace(browser, share=0.5), program, own), CHANCES), 9)
    assert sentence.startswith("70% of it by what is new to the person, mostly a browser that is")


def test_events_that_name_no_user_agent_are_told() -> None:
    device = Device((Use(1.0, 0.0, 0.1, COMPUTER),), CHANCES, events=2.0)
    (sentence,) = device_reasons(device, 13)
    assert sentence.endswith("; 2 of 13 events name a user agent")
    assert "name a user agent" not in device_reasons(device, 2)[0]


def test_user_agents_and_what_was_done_are_named() -> None:
    _, (verdict, *_) = judged(a_month_abroad())
    evidence = replace(
        EVIDENCE,
        agents=(("curl/8", 3), ("x" * 200, 1), ("wget", 1)),
        sensitive=(("m365.inbox_rule_made", 2),),
        lists=("tor",),
    )
    (agents,) = agent_reasons(evidence)
    assert agents.startswith("Named as user agent: curl/8 (3 events); xxxx")
    assert agents.endswith("x… (1 event); and 1 more")
    assert agent_reasons(EVIDENCE) == []
    case = replace(verdict.case, sensitive=True, reputation=0.9, failures=0)
    sensitive, reputation = mark_reasons(replace(verdict, case=case), evidence)
    assert sensitive == (
        "Sensitive activity: An inbox rule was made that neither forwards nor deletes "
        "(m365.inbox_rule_made, 2 events)"
    )
    assert reputation == "The address is on a list of known bad ones: tor"
    sensitive, _ = mark_reasons(replace(verdict, case=case), EVIDENCE)
    assert sensitive == "Sensitive activity: at a place judged with it"


def a_month_abroad() -> Month:
    month = a_month()
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    return month


def test_an_attack_that_no_other_explanation_beats_alone_is_not_said_to_be_beaten() -> None:
    _, (verdict, *_) = judged(a_month_abroad())
    topics = dict.fromkeys(verdict.terms[ATTACK], 0.0)
    even = replace(verdict, terms=dict.fromkeys(("trip", "habit", ATTACK), topics))
    attack = replace(even, terms={**even.terms, ATTACK: topics | {"device": 0.2}})
    assert attack.log_odds < 0
    told = "Explained best by an attack, though not as well as by a trip and all else"
    assert weighed(attack)[-1] == f"{told} (log-odds {attack.log_odds:.2f})"
    trip = replace(even, terms={**even.terms, "trip": topics | {"context": 0.6}})
    balance, outcome = weighed(trip)
    assert balance == "In log-odds, for a trip: no mark of an attack 0.6"
    assert outcome.startswith("Explained best by a trip rather than by an attack")


def test_without_rows_to_name_what_is_suspect_is_told() -> None:
    _, (verdict, *_) = judged(a_month_abroad())
    case = replace(verdict.case, campaign=0.87, flagged_elsewhere=True)
    account, others = other_reasons(replace(verdict, case=case))
    assert account == "Another place of this account looks like an attack's as well"
    assert others.endswith("look attacked, with a chance of 87%")


def test_long_lists_end_in_a_number() -> None:
    assert listed(["a", "b", "c"], 2) == "a; b; and 1 more"
    assert listed(["a", "b"], 2) == "a; b"

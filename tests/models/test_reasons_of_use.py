"""The sentences on devices, on what was done, and on what the sum of it is."""

from dataclasses import replace

from ana_abroad import ANA, EVIDENCE, a_month, a_month_abroad, judged
from month_of_use import lagos

from models.devices import Device, Use
from models.judge import ATTACK
from models.reasons import (
    agent_reasons,
    device_reasons,
    mark_reasons,
    other_reasons,
    volume_reasons,
)
from models.reasons_of_place import listed
from models.user_agents import COMPUTER, TOOL
from models.weighed import weighed

CHANCES = (0.01, 0.02, 0.005, 0.03)


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


def test_how_busy_the_account_was_is_told_by_the_clock() -> None:
    month = a_month()
    for number in range(2):
        month.use(ANA, lagos(f"102.0.1.{number}"), 8, 15.1 + number / 100, 6, agent="stranger")
    context, (verdict, *_) = judged(month)
    said = "12 events an hour with use, 3.0 times as many as in the person's other use"
    assert volume_reasons(context, verdict) == [said]


def test_an_attack_that_no_other_explanation_beats_alone_is_not_said_to_be_beaten() -> None:
    _, (verdict, *_) = judged(a_month_abroad())
    topics = dict.fromkeys(verdict.terms[ATTACK], 0.0)
    even = replace(verdict, terms=dict.fromkeys(("trip", "habit", ATTACK), topics))
    attack = replace(even, terms={**even.terms, ATTACK: topics | {"device": 0.2}})
    assert attack.log_odds < 0
    told = "Explained best by an attack, but less well than by all else together; next by a trip"
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

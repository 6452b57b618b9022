"""Rows of `anomalies`: stable identities, severity, and reasons one can read."""

from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from month_of_use import DAYS, FIRST, Month, boston, lagos, paris

from models import patience
from models.company import company
from models.context import Context
from models.detection import finding, flagged, needed_score, prepared
from models.devices import Device, Use
from models.evidence import Evidence, gathered, sampled
from models.findings import Finding, Run, anomaly_id, rows, run_id, severity, voted
from models.judge import judge_all
from models.params import Params
from models.reasons import device_reasons, other_reasons
from models.reasons_of_times import duration
from models.turnover import CHANCE_LEAST
from models.user_agents import TELEPHONE, TOOL
from models.weighed import TELLING, spoken, weighed
from schemas.event import ANOMALY

ANA = "ana@example.com"
RUN = Run("acme", date(2026, 3, 29), "run")
EVIDENCE = Evidence(FIRST, FIRST, 12, ["okta"], ["102.0.1.5"], [900], ["a", "b"])


def ana_in_lagos(tried: int = 0) -> Context:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    if tried:
        month.fail(ANA, lagos(), 8, 14.0, events=tried)
    context, _ = prepared(company(month.cells()))
    return context


def a_row() -> dict[str, object]:
    context = ana_in_lagos(tried=5)
    (verdict,) = [verdict for verdict in judge_all(context, 0.5) if verdict.score >= 0.5]
    finding = Finding(verdict, verdict.case.place, 0.95, {"kmeans": 1.0})
    key = (verdict.case.person, verdict.case.place)
    table = rows(context, [finding], {key: EVIDENCE}, RUN)
    assert table.schema.equals(ANOMALY)
    (row,) = table.to_pylist()
    return dict(row)


def test_a_row_says_who_where_and_from_which_events() -> None:
    row = a_row()
    assert (row["user"], row["country"], row["city"]) == (ANA, "NG", "Lagos")
    assert row["date"] == date(2026, 3, 29)
    assert row["event_uids"] == ["a", "b"]
    assert row["usual_place"] == "Boston, US"
    assert row["severity"] == "high"
    assert row["votes"] == [("kmeans", 1.0)]
    assert 8200 < float(str(row["distance_km"])) < 8300
    assert row["withdrawn"] is False


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (Use(1.0, 0.5, 0.1, TELEPHONE), "By a device such as the person's own"),
        (Use(1.0, 0.0, 0.1, TELEPHONE), "By a telephone that is not the person's own, as in 1 of"),
        (Use(1.0, 0.0, 0.1, TOOL), "By a program that is not the person's own, as in 1 of 200 "),
        (Use(1.0, 0.5, 0.1, TOOL, updated=True), "By a device such as the person's own, in a ver"),
    ],
)
def test_the_reasons_say_whose_the_device_is(use: Use, said: str) -> None:
    (sentence,) = device_reasons(Device((use,), (0.01, 0.02, 0.005, 0.03)), 4)
    assert sentence.startswith(said)
    assert device_reasons(Device((), ()), 4) == []


def test_what_is_new_is_told_beside_what_is_the_persons_own() -> None:
    own, new = Use(0.6, 0.5, 0.1, TELEPHONE), Use(0.4, 0.0, 0.1, TOOL)
    (sentence,) = device_reasons(Device((own, new), (0.01, 0.02, 0.005, 0.03)), 4)
    assert sentence.startswith("40% of it by a program that is not the person's own, as in 1 of")
    whiff = replace(new, share=0.05)
    (sentence,) = device_reasons(Device((own, whiff), (0.01, 0.02, 0.005, 0.03)), 4)
    assert sentence == "By a device such as the person's own"


def test_the_reasons_hold_the_numbers() -> None:
    reasons = a_row()["reasons"]
    assert isinstance(reasons, list)
    assert "First access from NG for this person in 28 days; usual is US" in reasons
    assert "0 of 30 colleagues were in NG in 28 days" in reasons
    assert any(
        text.startswith("Used from Boston, US 12 minutes earlier, at least 8,143 km away")
        for text in reasons
    )
    assert "Came over Network 900 (AS900); no colleague uses it; new for this person" in reasons
    assert "By a browser that is not the person's own, as in 1 of 476 honest visits" in reasons
    assert "5 failed attempts from there" in reasons
    assert any(text.startswith("In log-odds, for an attack: the devices ") for text in reasons)
    assert "Explained best by an attack; next best by" in reasons[-2]
    assert reasons[-1] == "The members' votes change the log-odds by +2.77: score 0.95"


def test_a_flagged_row_says_what_it_needed() -> None:
    context = ana_in_lagos()
    scored = [
        finding(verdict, place, {})
        for verdict in judge_all(context, 0.5)
        for place in verdict.case.places
    ]
    (found,) = flagged(context.known, scored, Params(), rare=1.0)
    more = 1.0 + patience.needed(context.known, found.verdict)
    assert found.needed == pytest.approx(needed_score(Params(), more))
    assert voted(found).endswith(f"score {found.score:.2f}, flagged from 0.82")


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0.02, "as in 1 of 50 honest"), (CHANCE_LEAST, "in at most 1 of 1,000")],
)
def test_what_is_never_seen_is_not_given_a_figure(chance: float, said: str) -> None:
    (sentence,) = device_reasons(Device((Use(1.0, 0.0, 0.1, TOOL),), (0.1, 0.1, chance, 0.1)), 4)
    assert said in sentence


def test_the_balance_names_what_speaks_for_either_side() -> None:
    """Both sides' sums, with what is too little to tell, make the log-odds against that one."""
    context = ana_in_lagos()
    (verdict,) = judge_all(context, 0.5)
    sentence, outcome = weighed(verdict)
    benign = spoken(verdict.best_benign)
    attack, other = sentence.removeprefix("In log-odds, ").split("; ")
    assert attack.startswith("for an attack: ")
    assert other.startswith(f"for {benign}: ")
    told = [
        sign * float(part.rpartition(" ")[2])
        for sign, side in ((1, attack), (-1, other))
        for part in side.partition(": ")[2].split(", ")
    ]
    untold = [share for share in verdict.difference().values() if abs(share) < TELLING]
    assert sum(told) + sum(untold) == pytest.approx(sum(verdict.difference().values()), abs=0.3)
    assert outcome.endswith(f"(log-odds {verdict.log_odds:.2f})")


def test_what_else_was_found_is_told() -> None:
    context = ana_in_lagos()
    (verdict,) = judge_all(context, 0.5)
    assert other_reasons(verdict) == []
    case = replace(verdict.case, campaign=0.87, flagged_elsewhere=True)
    elsewhere, others = other_reasons(replace(verdict, case=case))
    assert elsewhere == "Another place of this account looks like an attack's as well"
    assert others.endswith("look attacked, with a chance of 87%")


def test_of_two_findings_that_bear_one_name_the_surer_is_written() -> None:
    """The company's VPN comes out in Paris, and an attacker is there, too."""
    month = Month()
    month.colleagues(30)
    vpn, other = paris("80.0.9.9", kind="hosting"), paris("80.77.1.1", asn=810)
    for number in range(12):
        month.work(f"colleague{number}@example.com", vpn, range(DAYS), hours=(14, 16, 19))
    month.work(ANA, boston(), range(DAYS))
    month.work(ANA, vpn, range(DAYS), hours=(14, 16, 19))
    month.use(ANA, other, 8, 15.4, events=12, agent="stranger")
    context, _ = prepared(company(month.cells()))
    names, number = context.known.places, context.known.people.index(ANA)
    found = [
        verdict
        for verdict in judge_all(context, 0.5)
        if verdict.case.person == number and names.name(verdict.case.place) == "Paris, FR"
    ]
    findings = [
        Finding(verdict, verdict.case.place, score, {})
        for verdict, score in zip(found, (0.6, 0.9), strict=True)
    ]
    evidence = {(each.verdict.case.person, each.place): EVIDENCE for each in findings}
    assert len(evidence) == 2
    (row,) = rows(context, findings, evidence, RUN).to_pylist()
    assert (row["city"], row["score"]) == ("Paris", 0.9)


def test_an_identity_depends_on_tenant_user_and_place_alone() -> None:
    one = anomaly_id("acme", ANA, ("NG", "Lagos", "Lagos"))
    assert one == anomaly_id("acme", ANA, ("NG", "Lagos", "Lagos"))
    others = [
        anomaly_id("other", ANA, ("NG", "Lagos", "Lagos")),
        anomaly_id("acme", "bob@example.com", ("NG", "Lagos", "Lagos")),
        anomaly_id("acme", ANA, ("NG", "Lagos", None)),
        anomaly_id("acme", ANA, ("NG", None, "Lagos")),
    ]
    assert len({one, *others}) == 5


def test_a_run_is_named_by_its_inputs() -> None:
    named = run_id("acme", date(2026, 3, 30), 30, "0.1")
    assert named == run_id("acme", date(2026, 3, 30), 30, "0.1")
    assert named != run_id("acme", date(2026, 3, 30), 29, "0.1")


def test_severity_rises_with_the_score_and_with_what_was_done() -> None:
    class Acts:
        sensitive = False
        reputation = 0.0

    class Verdict:
        case = Acts()

    def of(score: float) -> str:
        return severity(Finding(Verdict(), 0, score, {}))  # type: ignore[arg-type]

    assert [of(score) for score in (0.8, 0.9, 0.96, 0.995)] == ["low", "medium", "high", "critical"]
    Acts.sensitive = True
    assert [of(score) for score in (0.8, 0.995)] == ["medium", "critical"]


def test_of_too_many_event_ids_the_first_and_last_are_kept() -> None:
    values = [str(number) for number in range(5000)]
    kept = sampled(values, 1000)
    assert len(kept) == len(set(kept)) == 1000
    assert (kept[0], kept[-1]) == ("0", "4999")
    assert sampled(values[:7], 1000) == values[:7]


def test_evidence_sums_up_all_events() -> None:
    table = pa.table(
        {
            "time": [FIRST, FIRST + timedelta(hours=1)],
            "uid": ["a", "b"],
            "source": ["okta", "m365"],
            "ip": ["192.0.2.1", "192.0.2.1"],
            "asn": [None, 900],
            "agent": ["curl/8", "curl/8"],
            "rules": [[], ["m365.inbox_rule_made"]],
            "lists": [None, ["tor"]],
        }
    )
    found = gathered(table, 1000)
    assert (found.count, found.uids, found.asns) == (2, ["a", "b"], [900])
    assert (found.sources, found.ips) == (["m365", "okta"], ["192.0.2.1"])
    assert found.agents == (("curl/8", 2),)
    assert (found.sensitive, found.lists) == ((("m365.inbox_rule_made", 1),), ("tor",))


def test_lengths_of_time_read_well() -> None:
    said = ["1 minute", "30 minutes", "5 hours", "3 days"]
    assert [duration(hours) for hours in (0.02, 0.5, 5.2, 72)] == said

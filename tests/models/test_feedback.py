"""What a verdict keeps quiet, what it does not, and what it raises."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest

from models.feedback import applied, blocks, meaning, what_is_same
from schemas.event import ANOMALY

DAY = date(2026, 3, 31)
LAGOS = {"country": "NG", "region": "Lagos", "city": "Lagos"}
ANA, BEN = "ana@example.com", "ben@example.com"


def anomaly(user: str = ANA, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{user} in Lagos",
        "tenant": "acme",
        "date": DAY,
        "user": user,
        **LAGOS,
        "ips": ["102.0.1.5"],
        "asns": [900],
        "score": 0.9,
        "severity": "medium",
        "reasons": ["first access"],
        "withdrawn": False,
    } | more


def verdict(**more: Any) -> dict[str, Any]:
    return {
        "id": f"{ANA} in Lagos",
        "time": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "verdict": "benign",
        "scope": "person",
        "same": "network",
        "user": ANA,
        **LAGOS,
        "networks": [900],
        "blocks": ["102.0.1"],
        "severity": "medium",
        "until": date(2026, 5, 1),
        "note": "visits her parents",
    } | more


def after(row: dict[str, Any], *verdicts: dict[str, Any], day: date = DAY) -> dict[str, Any]:
    """Return the row as it is with the verdicts on it."""
    found = applied(pa.Table.from_pylist([row], ANOMALY), verdicts, day)
    assert found.schema.equals(ANOMALY)
    (one,) = found.to_pylist()
    return dict(one)


def test_the_same_pattern_stays_quiet_and_says_why() -> None:
    row = after(anomaly(ips=["102.0.77.1"]), verdict())
    assert row["withdrawn"]
    assert row["reasons"] == [
        "first access",
        "Judged benign for this person on 2026-03-01 until 2026-05-01: visits her parents",
    ]
    assert (row["score"], row["severity"]) == (0.9, "medium")


@pytest.mark.parametrize(
    "other",
    [
        {"user": BEN},
        {"city": "Abuja"},
        {"country": "GH"},
        {"asns": [901]},
        {"asns": [900, 901]},  # the judged network and another one
        {"asns": [], "ips": ["102.0.2.5"]},  # of no known network, from another block
        {"severity": "high"},
    ],
    ids=str,
)
def test_anything_else_does_not(other: dict[str, Any]) -> None:
    assert not after(anomaly(**other), verdict())["withdrawn"]


def test_it_expires() -> None:
    assert after(anomaly(), verdict(), day=date(2026, 5, 1))["withdrawn"]
    assert not after(anomaly(), verdict(), day=date(2026, 5, 2))["withdrawn"]
    assert after(anomaly(), verdict(until=None), day=date(2036, 5, 2))["withdrawn"]


def test_where_a_network_number_says_too_little_the_block_must_be_the_same() -> None:
    """An attacker rents at the same hosting provider, in the same city."""
    judged = verdict(same="block")
    assert after(anomaly(ips=["102.0.1.77"]), judged)["withdrawn"]
    assert not after(anomaly(ips=["102.0.2.5"]), judged)["withdrawn"]
    assert not after(anomaly(ips=["102.0.1.77", "102.0.2.5"]), judged)["withdrawn"]
    assert not after(anomaly(ips=[]), judged)["withdrawn"]


def test_for_the_company_it_holds_for_everybody_from_those_blocks() -> None:
    judged = verdict(scope="company", same="network")  # whatever a hand-written row says
    assert after(anomaly(BEN, ips=["102.0.1.9"]), judged)["withdrawn"]
    assert not after(anomaly(BEN, ips=["102.0.2.9"]), judged)["withdrawn"]
    assert not after(anomaly(BEN, city="Abuja"), judged)["withdrawn"]


def test_a_malicious_verdict_makes_the_place_critical_for_this_person() -> None:
    judged = verdict(verdict="malicious")
    row = after(anomaly(asns=[901], ips=["41.1.1.1"]), judged)
    assert (row["severity"], row["withdrawn"], row["score"]) == ("critical", False, 0.9)
    assert row["reasons"][-1].startswith("Judged malicious for this person")
    assert after(anomaly(BEN), judged)["severity"] == "medium"


def test_a_malicious_verdict_for_the_company_follows_the_block() -> None:
    judged = verdict(verdict="malicious", scope="company")
    other = anomaly(BEN, city="Abuja", ips=["9.9.9.9", "102.0.1.200"])
    assert after(other, judged)["severity"] == "critical"
    assert after(anomaly(BEN, ips=["102.0.2.1"]), judged)["severity"] == "medium"


def test_the_newest_verdict_on_an_anomaly_stands() -> None:
    later = datetime(2026, 3, 2, tzinfo=UTC)
    changed = verdict(verdict="malicious", time=later)
    assert after(anomaly(), verdict(), changed)["severity"] == "critical"
    assert after(anomaly(), changed, verdict())["severity"] == "critical"
    taken_back = verdict(verdict="undecided", time=later)
    assert after(anomaly(), verdict(), taken_back) == after(anomaly())


def test_malicious_for_the_person_goes_before_benign_for_the_company() -> None:
    company = verdict(id="another", scope="company", same="block")
    person = verdict(verdict="malicious")
    row = after(anomaly(), company, person)
    assert (row["withdrawn"], row["severity"]) == (False, "critical")


@pytest.mark.parametrize(
    "damage",
    [{"verdict": "fine"}, {"scope": "everybody"}, {"time": None}, {"id": None}, {"blocks": None}],
    ids=str,
)
def test_rows_of_another_form_say_nothing(damage: dict[str, Any]) -> None:
    """Anybody may write the table."""
    assert not after(anomaly(), verdict(same="block") | damage)["withdrawn"]


def test_what_has_to_be_the_same() -> None:
    row = anomaly()
    assert what_is_same(row, ["isp", None], "person") == "network"
    assert what_is_same(row, ["isp", "hosting"], "person") == "block"
    assert what_is_same(row, ["isp"], "company") == "block"
    assert what_is_same(anomaly(city=None), ["isp"], "person") == "block"
    assert what_is_same(anomaly(asns=[]), ["isp"], "person") == "block"
    assert blocks(["102.0.1.5", "2001:db8:1:2::3", "102.0.1.9"]) == {"102.0.1", "2001:db8:1"}


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ({}, "this person's use of the same place over the same networks stays quiet, unless"),
        ({"same": "block"}, "the same place from the same blocks of addresses stays quiet, unless"),
        ({"scope": "company"}, "anybody's use of the same place from the same blocks of addresses"),
        ({"verdict": "malicious"}, "this person's use of the same place, over whatever network,"),
        ({"verdict": "malicious", "scope": "company"}, "anybody from the same blocks of addresses"),
        ({"verdict": "undecided"}, "What was said of it before is taken back"),
    ],
)
def test_what_follows_from_a_verdict_is_told(said: dict[str, Any], means: str) -> None:
    assert means in meaning(verdict(**said))

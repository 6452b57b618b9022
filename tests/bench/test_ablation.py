"""The ablation takes out what it says, counts what is true, and compares at equal false alarms."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from bench.ablation import variants as taken_out
from bench.ablation.company import PARAMS, Examined, examined, scored
from bench.ablation.scores import Row, Scored, line
from bench.ablation.variants import EVERYTHING, Variant, variants
from conf.settings import Settings
from lake.lake import Lake
from models import ensemble, judge, patience, rarity
from models.company import company
from models.detection import believed, findings_of, prepared
from models.judge import judge_all
from models.placeless import placeless
from models.stages import Stages
from models.votes import support, votes
from schemas.event import EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
sys.path.insert(0, str(Path(__file__).parent))
from attacked_month import ANA, TRAVELLERS, WAY_OUT, a_month
from month_of_use import lagos


def uids(events: list[dict[str, Any]], ip: str, status: int) -> list[str]:
    return [
        event["metadata"]["uid"]
        for event in events
        if event["src_endpoint"]["ip"] == ip and event["status_id"] == status
    ]


@pytest.fixture(scope="module")
def one(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """The month in a lake, beside its truth: an attack, and guesses as one of their own."""
    folder = tmp_path_factory.mktemp("ablation")
    events = a_month().events()
    table = Lake(str(folder / "lake"), Settings()).table("events")
    written = table.write_files(pa.Table.from_pylist(events, EVENT))
    table.commit(written, "test", 1, table.version())
    lines = [
        {"attack": attack, "kind": attack, "user": ANA, "event_uids": uids(events, lagos().ip, how)}
        for attack, how in (("break-in", 1), ("guesses", 2))
    ]
    lines.append({"attack": "unseen", "kind": "other", "user": ANA, "event_uids": ["elsewhere"]})
    truth = folder / "truth.ndjson"
    truth.write_text("".join(json.dumps(each) + "\n" for each in lines))
    stages = Stages()
    found = examined(spark, str(folder / "lake"), truth, stages)
    assert set(stages.seconds) == {
        *("cells", "learn", "explain"),
        *(f"member {name}" for name in ensemble.members()),
    }
    return found


def named(name: str) -> Variant:
    (found,) = [variant for variant in variants() if variant.name == name]
    return found


def at(rows: Scored, hit: bool) -> list[float]:
    return [row.log_odds for row in rows.rows if bool(row.hits) is hit]


def test_an_attack_is_found_by_the_place_of_any_of_its_events(one: Examined) -> None:
    ana, address = one.known.people.index(ANA), one.known.addresses.ip.index(lagos().ip)
    assert dict(one.attacks) == {(ana, address): {"break-in", "guesses"}}
    assert one.planted == 3
    user_days = {(event["person"], event["date"]) for event in a_month().events()}
    assert one.user_days == len(user_days)


def test_in_full_it_is_the_detection(one: Examined) -> None:
    found = line("everything", [scored(one, EVERYTHING)], PARAMS.flagged_from)
    assert (found.planted, found.found, found.false) == (3, 2, 0)
    assert found.found_at == {0.03: 2, 0.1: 2, 0.3: 2}
    assert found.average_precision == pytest.approx(2 / 3)


def test_without_trips_those_who_travel_are_false_rows(one: Examined) -> None:
    found = line("trip", [scored(one, named("without trip"))], PARAMS.flagged_from)
    assert (found.found, found.false) == (2, len(TRAVELLERS))
    assert found.false_per_1000_user_days == 1000 * len(TRAVELLERS) / one.user_days
    # What was taken out is back afterwards.
    assert "trip" in judge.explanations()
    assert line("all", [scored(one, EVERYTHING)], PARAMS.flagged_from).false == 0


def test_votes_move_the_log_odds_by_what_the_members_say(
    one: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rarity, "needed", taken_out.as_usual)  # it goes by the votes, too
    (full,), (none,) = (
        set(at(scored(one, each), hit=True)) for each in (EVERYTHING, named("without votes"))
    )
    judged, ana = one.judged, one.known.people.index(ANA)
    lagos_place = judged.context.known.places.country.index("NG")
    given = votes(judged.scores, judged.verdicts).of(ana, lagos_place)
    assert set(given) == set(ensemble.members())
    assert full - none == pytest.approx(support(given.values()))
    for name, vote in given.items():
        (alone,) = at(scored(one, named(f"only {name}")), hit=True)
        assert alone - none == pytest.approx(support([vote]))


def test_without_rarity_nothing_more_is_needed_either(
    one: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rarity, "USUAL", 1.0)  # few people: elsewhere, all are attacked daily
    scores = {}
    for each in (EVERYTHING, named("without rarity")):
        (scores[each.name],) = set(at(scored(one, each), hit=True))
    judged = one.judged
    every = findings_of(judged.verdicts, votes(judged.scores, judged.verdicts))
    known = judged.context.known
    more = rarity.needed(known, believed(known, every))
    assert more > 0
    assert scores["without rarity"] - scores["everything"] == pytest.approx(more)


def test_without_patience_nothing_more_is_needed(one: Examined) -> None:
    known = one.judged.context.known
    needed = {
        patience.needed(known, verdict)
        for verdict in one.judged.verdicts
        if known.people[verdict.case.person] == ANA
    }
    (full,), (none,) = (
        at(scored(one, each), hit=True) for each in (EVERYTHING, named("without patience"))
    )
    assert none - full == pytest.approx(*needed)
    assert none > full


def test_places_that_are_learned_otherwise_are_voted_on_again(one: Examined) -> None:
    found = scored(one, named("without jumps"))
    assert len(at(found, hit=True)) == 1
    assert found.planted == one.planted


def test_every_member_and_explanation_has_its_line() -> None:
    names = [variant.name for variant in variants()]
    assert names[0] == "everything"
    assert len(set(names)) == len(names)
    members, explanations = ensemble.members(), set(judge.explanations()) - {judge.ATTACK}
    expected = {
        *(f"without {name}" for name in (*members, *explanations)),
        *(f"only {name}" for name in members),
    }
    assert expected <= set(names)
    clusterings = [name for name in members if not named("without the clusterings").voting(name)]
    assert clusterings == ["bisecting_kmeans", "gaussian_mixture", "kmeans"]
    chosen = [variant.name for variant in variants(["members", "filters"])]
    assert chosen == [name for name in names if name.removeprefix("without ") not in explanations]


STAND_INS: dict[str, Callable[..., Any]] = {
    "without relearning": taken_out.as_it_was,
    "without devices": taken_out.unknown_device,
    "without telephones by their use": taken_out.so_named,
    "without own lines": taken_out.no_own_line,
    "without carriers": taken_out.no_carrier,
    "without jumps": taken_out.no_jump,
}


def test_what_stands_in_for_a_filter_is_asked_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, set[str]] = {}
    for stand_in in STAND_INS.values():

        def spied(*arguments: Any, spied_on: Callable[..., Any] = stand_in) -> Any:
            asked.setdefault(current, set()).add(spied_on.__name__)
            return spied_on(*arguments)

        monkeypatch.setattr(taken_out, stand_in.__name__, spied)
    known = company(a_month().cells())
    for variant in taken_out.of_filters():
        current = variant.name
        with variant.without():
            judge_all(prepared(known)[0], PARAMS.threshold)
    assert asked == {name: {stand_in.__name__} for name, stand_in in STAND_INS.items()}


def test_no_network_is_at_fault_when_none_may_be() -> None:
    def at_fault() -> bool:
        people, two = np.arange(10), np.array([10, 10])
        numbers = people * 0, people * 0 + 1, two
        shares = np.array([0.04, 0.35]), np.array([0.8, 0.1]), np.array([0.25, 0.5])
        return bool(placeless(people, *numbers, *shares).any())

    assert at_fault()
    with named("without networks at fault").without():
        assert not at_fault()


def test_intensity_is_as_in_companies_in_general_when_not_learned() -> None:
    usual, busy = company(a_month().cells()), a_month()
    for number in range(22):
        busy.use(f"colleague{number}@example.com", WAY_OUT, 9, 16.5, 25, "laptop")

    def learned() -> list[object]:
        return [prepared(known)[0].intensity for known in (usual, company(busy.cells()))]

    one, other = learned()
    assert one != other
    with named("without colleagues' intensity").without():
        one, other = learned()
    assert one == other


def test_without_dwellings_all_is_ones_own() -> None:
    with named("without dwellings").without():
        assert not prepared(company(a_month().cells()))[0].devices.strangers.any()
    assert prepared(company(a_month().cells()))[0].devices.strangers.any()


def row(log_odds: float, *attacks: str) -> Row:
    return Row(log_odds, frozenset(attacks))


def test_lines_are_compared_at_as_many_false_rows() -> None:
    rows = [row(9, "a"), row(8), row(7, "b"), row(6), row(5, "c"), row(4), row(3), row(2, "d")]
    found = line("", [Scored(rows, planted=5, user_days=10_000)], flagged_from=0.5)
    assert found.found_at == {0.03: 1, 0.1: 2, 0.3: 3}  # 0, 1 and 3 false rows
    assert (found.found, found.false, found.false_per_1000_user_days) == (4, 4, 0.4)


def test_of_rows_as_likely_none_is_preferred() -> None:
    rows = [row(1, "a"), row(1)]
    found = line("", [Scored(rows, planted=1, user_days=1)], flagged_from=0.9)
    assert found.found_at == {0.03: 0, 0.1: 0, 0.3: 0}
    assert (found.found, found.false) == (0, 0)


def test_attacks_of_the_same_name_in_two_companies_are_two() -> None:
    part = Scored([row(2, "a"), row(1, "a"), row(-1, "b")], planted=2, user_days=50)
    found = line("", [part, part], flagged_from=0.5)
    assert (found.planted, found.found, found.false) == (4, 2, 0)
    assert found.average_precision == 1.0

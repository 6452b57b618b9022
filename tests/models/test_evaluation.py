"""Anomalies measured against the truth, on lists small enough to count by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.errors import Damaged
from models.evaluation import evaluate, pooled
from models.outcome import Outcome
from models.truth import Noise, Truth, read_noise, read_truth
from schemas.event import ANOMALY

ANNA = Truth("attack-1", "far_burst", "anna@corp.example", frozenset({"a1", "a2"}))
BEN = Truth("attack-2", "far_slow", "ben@corp.example", frozenset({"b1"}))
CARA = Truth("attack-2", "far_slow", "cara@corp.example", frozenset({"c1"}))


def table(*rows: dict[str, Any]) -> pa.Table:
    whole = [
        {"id": f"id{number}", "score": 1 - number / 100, "event_uids": [], "ips": []} | row
        for number, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(whole, schema=ANOMALY)


def row(user: str, *uids: str, **more: Any) -> dict[str, Any]:
    return {"user": user, "event_uids": list(uids), **more}


def test_an_attack_is_found_by_a_row_of_its_user_that_holds_one_of_its_events() -> None:
    found = table(row("anna@corp.example", "x", "a2"), row("ben@corp.example", "other"))
    report = evaluate(found, [ANNA, BEN], users=10, user_days=200, days=30)
    assert (report["true"], report["false"]) == (1, 1)
    assert (report["attacks"], report["attacks_found"]) == (2, 1)
    assert report["precision"] == 0.5
    assert report["recall"] == 0.5
    assert report["missed"] == ["attack-2 far_slow ben@corp.example"]


def test_the_event_of_another_user_finds_nothing() -> None:
    report = evaluate(table(row("ben@corp.example", "a1")), [ANNA], 10, 200, 30)
    assert (report["attacks_found"], report["false"]) == (0, 1)


def test_users_are_the_same_in_upper_and_lower_case() -> None:
    report = evaluate(table(row("Anna@Corp.example", "a1")), [ANNA], 10, 200, 30)
    assert report["attacks_found"] == 1


def test_rows_and_attacks_are_told_apart() -> None:
    """Two rows may show one attack, and one attack may be on two accounts."""
    found = table(row("anna@corp.example", "a1"), row("anna@corp.example", "a2"))
    report = evaluate(found, [ANNA, BEN, CARA], 10, 200, 30)
    assert (report["true"], report["false"], report["flagged"]) == (2, 0, 2)
    assert (report["accounts"], report["accounts_found"]) == (3, 1)
    report = evaluate(table(row("cara@corp.example", "c1")), [ANNA, BEN, CARA], 10, 200, 30)
    assert report["attacks_found"] == 1
    assert report["by_kind"] == {
        "far_burst": {"attacks": 1, "found": 0, "median_hours_to_flag": None},
        "far_slow": {"attacks": 1, "found": 1, "median_hours_to_flag": None},
    }


def test_a_withdrawn_row_does_not_count() -> None:
    report = evaluate(table(row("anna@corp.example", "a1", withdrawn=True)), [ANNA], 10, 200, 30)
    assert (report["flagged"], report["attacks_found"]) == (0, 0)


def test_alarms_are_counted_for_users_and_days() -> None:
    found = table(row("x@corp.example"), row("y@corp.example"), row("anna@corp.example", "a1"))
    report = evaluate(found, [ANNA], users=50, user_days=1000, days=30)
    assert report["false_per_1000_user_days"] == 2.0
    assert report["alerts_per_1000_users_a_day"] == 1000 * 3 / (50 * 30)


def test_precision_at_k_looks_at_the_highest_scores() -> None:
    found = table(
        *(row("x@corp.example", score=0.1) for _ in range(4)),
        row("anna@corp.example", "a1", score=0.9),
    )
    report = evaluate(found, [ANNA], 10, 200, 30)
    assert report["precision_at"] == {"1": 1.0, "5": 0.2}


def test_average_precision_counts_each_attack_once_and_missed_ones_as_nothing() -> None:
    found = table(
        row("anna@corp.example", "a1"),
        row("anna@corp.example", "a2"),
        row("x@corp.example"),
        row("ben@corp.example", "b1"),
    )
    dora = Truth("attack-3", "far_once", "dora@corp.example", frozenset({"d"}))
    report = evaluate(found, [ANNA, BEN, dora], 10, 200, 30)
    assert report["average_precision"] == pytest.approx((1 / 1 + 3 / 4 + 0) / 3)


def test_nothing_flagged_and_nothing_planted_give_no_shares() -> None:
    report = evaluate(table(), [], users=0, user_days=0, days=0)
    assert report["precision"] is report["recall"] is report["average_precision"] is None
    assert report["false_per_1000_user_days"] is None
    assert report["precision_at"] == {}


def test_false_rows_are_counted_by_the_noise_that_brought_them() -> None:
    noise = [
        Noise("holiday", "x@corp.example", frozenset({"192.0.2.1"})),
        Noise("mobile", "y@corp.example", frozenset({"192.0.2.2"})),
    ]
    found = table(
        row("x@corp.example", ips=["192.0.2.1", "192.0.2.9"]),
        row("x@corp.example", ips=["192.0.2.2"]),
        row("anna@corp.example", "a1", ips=["192.0.2.1"]),
    )
    report = evaluate(found, [ANNA], 10, 200, 30, noise)
    assert report["by_noise"] == {
        "holiday": {"accounts": 1, "false": 1},
        "mobile": {"accounts": 1, "false": 0},
        "none": {"accounts": 0, "false": 1},
    }


def company(*rows: dict[str, Any], truth: Sequence[Truth] = (ANNA,), **more: Any) -> Outcome:
    flagged = [row for row in table(*rows).to_pylist() if not row["withdrawn"]]
    return Outcome(flagged, truth, users=10, user_days=100, days=30, **more)


def test_companies_are_pooled_and_their_rows_ranked_together() -> None:
    """Attacks of the same name in two companies are two; so are accounts of the same name."""
    one = company(row("anna@corp.example", "a1", score=0.9), row("x@corp.example", score=0.8))
    other = company(row("anna@corp.example", "nothing", score=0.95))
    report = pooled([one, other])
    assert (report["companies"], report["user_days"], report["flagged"]) == (2, 200, 3)
    assert (report["attacks"], report["attacks_found"], report["false"]) == (2, 1, 2)
    assert report["by_kind"]["far_burst"]["attacks"] == 2
    assert report["false_per_1000_user_days"] == 10.0
    # Ranked: false (0.95), true (0.9), false (0.8); the other company's attack is missed.
    assert report["average_precision"] == (1 / 2 + 0) / 2
    assert report["precision_at"] == {"1": 0.0}
    assert "ever_flagged" not in report


def test_time_to_flag_lasts_until_the_end_of_the_first_day_that_found_it() -> None:
    began = datetime(2026, 3, 2, 18, tzinfo=UTC)
    days = (date(2026, 3, 5), date(2026, 3, 3), date(2026, 3, 4))
    history = table(
        *(row("anna@corp.example", "a1", id="same", date=day) for day in days),
        row("x@corp.example", id="false", date=days[0], withdrawn=True),
    ).to_pylist()
    report = pooled([company(row("anna@corp.example", "a1"), history=history, began={ANNA: began})])
    # Flagged by the run that knew 3 March: at midnight, 6 hours and a day later.
    assert report["hours_to_flag"] == {"accounts": 1, "median": 30.0, "longest": 30.0}
    assert report["by_kind"]["far_burst"]["median_hours_to_flag"] == 30.0
    assert report["false"] == 0
    assert report["ever_flagged"] == {
        "flagged": 2,
        "false": 1,
        "recall": 1.0,
        "false_per_1000_user_days": 10.0,
    }


@given(st.lists(st.tuples(st.sampled_from([ANNA, BEN, CARA, None]), st.floats(0, 1)), max_size=12))
def test_shares_stay_within_bounds_and_rows_add_up(
    drawn: list[tuple[Truth | None, float]],
) -> None:
    rows = [
        row(
            line.user if line else "x@corp.example", *(line.event_uids if line else ()), score=score
        )
        for line, score in drawn
    ]
    report = evaluate(table(*rows), [ANNA, BEN, CARA], 10, 200, 30)
    assert report["true"] + report["false"] == report["flagged"] == len(drawn)
    assert report["true"] == sum(line is not None for line, _ in drawn)
    assert 0 <= report["average_precision"] <= report["recall"] <= 1


def test_a_truth_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "raw.truth.ndjson"
    path.write_text(
        '{"attack": "1", "kind": "far", "user": "Anna@Corp.example", "event_uids": ["a"]}\n\n'
    )
    assert read_truth(path) == [Truth("1", "far", "anna@corp.example", frozenset({"a"}))]
    path.write_text('{"noise": "trip", "user": "a@corp.example", "ips": ["192.0.2.1"]}')
    assert read_noise(path) == [Noise("trip", "a@corp.example", frozenset({"192.0.2.1"}))]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nothing", r"line 1: no JSON"),
        ("[]", r"line 1: 'attack' is missing"),
        ('{"attack": "1", "user": "a", "event_uids": []}', r"line 1: 'kind' is missing"),
    ],
)
def test_a_damaged_truth_file_is_told_with_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "truth.ndjson"
    path.write_text(line)
    with pytest.raises(Damaged, match=message):
        read_truth(path)

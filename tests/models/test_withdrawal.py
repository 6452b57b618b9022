"""What a run takes back of what earlier runs flagged, and what it leaves alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.findings import Run
from models.window import Window
from models.withdrawal import withdrawn

WINDOW = Window.before(date(2026, 3, 31), 30)
RUN = Run("acme", WINDOW.last_day, "this-run")
SEEN = datetime(2026, 3, 20, 9, tzinfo=UTC)


def row(**more: Any) -> dict[str, Any]:
    return {
        "id": "a",
        "tenant": "acme",
        "date": date(2026, 3, 20),
        "user": "ana@example.com",
        "country": "NG",
        "region": "Lagos",
        "city": "Lagos",
        "ips": ["102.0.1.5"],
        "first_time": SEEN,
        "last_time": SEEN + timedelta(hours=1),
        "score": 0.9,
        "severity": "medium",
        "reasons": ["First access from NG"],
        "run_id": "earlier",
        "withdrawn": False,
    } | more


def said(verdict: str, **more: Any) -> dict[str, Any]:
    return {
        **{name: row()[name] for name in ("id", "user", "country", "region", "city", "severity")},
        "time": SEEN + timedelta(days=1),
        "verdict": verdict,
        "scope": "person",
        "same": "network",
        "networks": [900],
        "blocks": ["102.0.1"],
        "until": None,
        "note": "",
    } | more


def ids(*earlier: dict[str, Any], flagged: tuple[str, ...] = (), verdicts: Any = ()) -> list[str]:
    return withdrawn(flagged, earlier, verdicts, WINDOW, RUN)["id"].to_pylist()


def test_what_is_no_longer_flagged_is_written_again_with_the_reason() -> None:
    (back,) = withdrawn((), [row()], (), WINDOW, RUN).to_pylist()
    assert (back["withdrawn"], back["date"], back["run_id"]) == (True, RUN.last_day, "this-run")
    assert back["reasons"][0] == "First access from NG"
    assert back["reasons"][1].startswith("Withdrawn: with what is known up to 2026-03-30")
    assert (back["score"], back["first_time"]) == (0.9, SEEN)


def test_what_is_still_flagged_is_left_alone() -> None:
    assert ids(row(), row(id="b"), flagged=("a",)) == ["b"]


def test_what_was_taken_back_before_is_not_taken_back_again_until_it_is_flagged_again() -> None:
    back = row(date=date(2026, 3, 22), withdrawn=True)
    assert ids(back, row()) == []
    assert ids(back, row(), row(date=date(2026, 3, 24))) == ["a"]


def test_what_has_left_the_memory_in_part_is_not_taken_back() -> None:
    assert ids(row(first_time=WINDOW.start)) == ["a"]
    assert ids(row(first_time=WINDOW.start - timedelta(seconds=1))) == []


def test_what_was_judged_malicious_is_never_taken_back() -> None:
    assert ids(row(), verdicts=[said("malicious")]) == []
    assert ids(row(), verdicts=[said("malicious", scope="company", user="b", id="b")]) == []
    assert ids(row(), verdicts=[said("benign")]) == ["a"]
    # Taken back by the analyst, or expired, it says nothing.
    undecided = said("undecided", time=SEEN + timedelta(days=2))
    assert ids(row(), verdicts=[said("malicious"), undecided]) == ["a"]
    assert ids(row(), verdicts=[said("malicious", until=date(2026, 3, 29))]) == ["a"]

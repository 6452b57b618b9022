"""What an analyst reads of flagged places: `antipode anomalies` and `antipode explain`."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from antipode import explained, output, printed
from antipode.explained import AT_ONCE, MOST_LINES

NIGHT = datetime(2026, 10, 3, 1, tzinfo=UTC)
ANN, BEN = "ann@example.com", "ben@example.com"


def row(user: str = ANN, city: str = "Lagos", **changed: Any) -> dict[str, Any]:
    return {
        "id": "0123456789abcdef",
        "tenant": "acme",
        "user": user,
        "country": "NG",
        "region": None,
        "city": city,
        "radius_km": 50.0,
        "first_time": NIGHT,
        "last_time": NIGHT + timedelta(hours=1),
        "event_count": 40,
        "sources": ["okta"],
        "ips": ["192.0.2.1"],
        "asns": [64500],
        "score": 0.97,
        "severity": "high",
        "reasons": ["First access from NG"],
        "votes": {"kmeans": 0.9},
        "usual_place": "Boston, US",
        "distance_km": 8490.0,
        "speed_kmh": 900.0,
        "run_id": "run",
        "withdrawn": False,
    } | changed


def event(minute: int, what: str = "sign in", agent: str | None = "curl/8") -> dict[str, Any]:
    return {
        "time": NIGHT + timedelta(minutes=minute),
        "source": "okta",
        "class_name": "Authentication",
        "api": {"operation": what},
        "status": "Failure" if what == "sign in" else "Success",
        "src_endpoint": {
            "ip": "192.0.2.1",
            "autonomous_system": {"number": 64500, "name": "Example Net"},
        },
        "network": {"kind": "hosting"},
        "http_request": {"user_agent": agent},
        "sensitive": ["okta.factor_added"] if what == "factor" else [],
    }


def told(found: list[dict[str, Any]], **changed: Any) -> str:
    said = io.StringIO()
    explained.show(row(**changed), found, Console(file=said, width=200))
    return said.getvalue()


def test_attempts_one_after_the_other_are_one_line() -> None:
    found = [*(event(minute) for minute in range(35)), event(40, "open", "wget"), event(41, "send")]
    said = told(found)
    assert "Events (37 of 40)" in said
    rows = [line.split("│")[1:-1] for line in said.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in each] for each in rows]
    assert [(each[1], each[3], each[7]) for each in cells] == [
        ("35", "sign in", "1"),
        ("1", "open", "2"),
        ("1", "send", "1"),
    ]
    assert "user agent 1: curl/8" in said
    assert "user agent 2: wget" in said
    assert "networks: AS64500 Example Net" in said


def test_what_is_sensitive_is_shown_however_late() -> None:
    many = [event(minute, f"read {minute}") for minute in range(50)]
    said = told([*many, event(55, "factor")])
    assert "okta.factor_added" in said
    assert f"Events ({MOST_LINES} of 40)" in said


@pytest.mark.parametrize(
    ("kmh", "says"), [(900.0, "speed: 900 km/h"), (461_996.0, AT_ONCE), (None, "speed: unknown")]
)
def test_a_speed_that_says_no_more_than_at_once_is_said_to_be_such(
    kmh: float | None, says: str
) -> None:
    assert says in told([], speed_kmh=kmh)


def test_what_is_to_be_done_next_is_told() -> None:
    said = told([], withdrawn=True)
    assert "(withdrawn)" in said
    assert "2026-10-03 01:00 to 2026-10-03 02:00 UTC, 40 events at okta" in said
    assert said.splitlines()[-1].startswith("To decide: antipode verdict 01234567 benign")


def test_places_of_one_account_are_listed_together() -> None:
    rows = [row(ANN), row(BEN), row(ANN, "Kano", score=0.7), row(BEN, "Kano", withdrawn=True)]
    assert [(each["user"], each["city"]) for each in printed.by_account(rows)] == [
        (ANN, "Lagos"),
        (ANN, "Kano"),
        (BEN, "Lagos"),
        (BEN, "Kano"),
    ]
    said = io.StringIO()
    printed.anomalies(rows, Console(file=said, width=200))
    assert "3 flagged, of 2 accounts; 1 withdrawn." in said.getvalue()


def test_tables_cut_nothing_off(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    columns = [f"column {number}" for number in range(20)]
    printed.table(columns, [["a rather long value"] * 20], output.console())
    said = capsys.readouterr().out
    assert said.count("a rather long value") == 20
    narrow = io.StringIO()
    printed.table(["what"], [["long " * 30 + "end"]], Console(file=narrow, width=30))
    assert "…" not in narrow.getvalue()
    assert "end" in narrow.getvalue()

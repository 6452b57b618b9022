"""Okta: the link is the cursor, and it is followed no further than the log goes."""

import pytest
from provider_script import (
    HOUR,
    NOW,
    Asked,
    answered,
    claims,
    in_turn,
    private_key,
    provider,
    records,
)

from collectors.contract import Cursor, utc
from collectors.errors import CursorLost, Stop
from collectors.providers.okta import PAGE_SIZE

BASE = "https://acme.okta.example"
ACCOUNT = {"base_url": BASE, "token": "env:OKTA_TOKEN"}


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKTA_TOKEN", "s3cret")
    monkeypatch.setenv("OKTA_KEY", private_key())


def page(number: int, *events: dict[str, str]):
    link = f'<{BASE}/api/v1/logs?after={number}>; rel="next"'
    return answered(list(events), headers={"link": f'<{BASE}/api/v1/logs>; rel="self", {link}'})


def event(uuid: str, minutes_ago: float = 30) -> dict[str, str]:
    return {"uuid": uuid, "published": utc(NOW - HOUR * minutes_ago / 60)}


def test_enters_by_time_without_end_and_goes_on_by_the_link():
    okta = provider("okta", ACCOUNT, in_turn(page(1, event("a")), page(2, event("b")), page(2)))
    found = list(okta.pages("log"))
    first, second, _ = okta.script.calls
    assert [record["uuid"] for one in found for record in records(one)] == ["a", "b"]
    assert first.path == "/api/v1/logs"
    assert first.query == {"since": "2026-03-09T10:00:00.000Z", "sortOrder": "ASCENDING"} | {
        "limit": str(PAGE_SIZE)
    }
    assert "until" not in first.query  # a bounded range misses what comes late
    assert first.headers["Authorization"] == "SSWS s3cret"
    assert second.query == {"after": "1"}
    assert [one.cursor.kept["next"] for one in found] == [
        "/api/v1/logs?after=1",
        "/api/v1/logs?after=2",
    ]


def test_a_later_poll_goes_on_where_the_last_one_ended_whatever_the_time():
    okta = provider("okta", ACCOUNT, in_turn(page(9, event("late", 60 * 72)), page(9)))
    kept = Cursor(NOW, kept={"next": "/api/v1/logs?after=8"})
    assert [record["uuid"] for record in okta.records("log", kept)] == ["late"]
    assert [call.query for call in okta.script.calls] == [{"after": "8"}, {"after": "9"}]


def test_a_page_that_is_not_full_and_up_to_date_needs_no_poll_more():
    okta = provider("okta", ACCOUNT, in_turn(page(1, event("a", 60), event("now", 1))))
    assert len(okta.records("log")) == 2


def test_a_full_page_is_always_followed():
    full = [event(str(number), 1) for number in range(PAGE_SIZE)]
    okta = provider("okta", ACCOUNT, in_turn(page(1, *full), page(1)))
    assert len(okta.records("log")) == PAGE_SIZE


def test_an_empty_first_page_is_remembered_and_followed():
    okta = provider("okta", ACCOUNT, in_turn(page(1), page(2, event("a", 1))))
    empty, last = okta.pages("log")
    assert (empty.count, empty.cursor.kept) == (0, {"next": "/api/v1/logs?after=1"})
    assert records(last)[0]["uuid"] == "a"


def test_a_page_that_comes_twice_ends_the_poll_and_loses_nothing():
    kept = Cursor(NOW, kept={"next": "/api/v1/logs?after=1"})
    okta = provider("okta", ACCOUNT, in_turn(page(1, event("a"))))
    (twice,) = okta.pages("log", kept)
    assert twice.cursor.kept == kept.kept


def test_a_past_span_is_read_again_as_a_range():
    last = answered([event("late to it", 60 * 24)])
    okta = provider("okta", ACCOUNT, in_turn(page(1, event("in it", 60 * 24)), last))
    again = Cursor(NOW - 25 * HOUR, NOW - 24 * HOUR, again=True)
    assert len(list(okta.pages("log", again, NOW - 24 * HOUR))) == 2
    first, second = okta.script.calls
    assert first.query["since"] == "2026-03-08T11:00:00.000Z"
    assert first.query["until"] == "2026-03-08T12:00:01.000Z"  # whether it is inclusive is unsaid
    assert second.query == {"after": "1"}


def test_a_record_without_time_is_no_reason_to_stop_or_fail():
    odd = [{"uuid": "x"}, {"uuid": "y", "published": "yesterday"}, {"published": "2026-01-01"}]
    okta = provider("okta", ACCOUNT, in_turn(page(1, *odd), page(1)))
    assert len(okta.records("log")) == 3


def test_a_refused_link_is_a_lost_cursor():
    okta = provider("okta", ACCOUNT, in_turn(answered({"errorCode": "E0000001"}, 400)))
    with pytest.raises(CursorLost):
        okta.records("log", Cursor(NOW, kept={"next": "/api/v1/logs?after=8"}))


def test_a_refused_time_is_not():
    okta = provider("okta", ACCOUNT, in_turn(answered({"errorCode": "E0000001"}, 400)))
    with pytest.raises(Stop):
        okta.records("log")


def test_a_missing_scope_is_named():
    okta = provider("okta", ACCOUNT, in_turn(answered({"errorCode": "E0000006"}, 403)))
    with pytest.raises(Stop, match=r"okta\.logs\.read"):
        okta.records("log")


def test_signs_in_as_a_service_app():
    account = {"base_url": BASE, "client_id": "0oa1", "private_key": "env:OKTA_KEY", "key_id": "k"}

    def log(asked: Asked):
        assert asked.headers["Authorization"] == "Bearer granted"
        return page(1, event("a", 1))

    okta = provider("okta", account, log)
    assert len(okta.records("log")) == 1
    (sign_in,) = okta.script.sign_ins
    assert (sign_in.path, sign_in.form["scope"]) == ("/oauth2/v1/token", "okta.logs.read")
    said = claims(sign_in.form["client_assertion"])
    assert (said["iss"], said["sub"]) == ("0oa1", "0oa1")
    assert said["aud"] == f"{BASE}/oauth2/v1/token"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"token": "env:OKTA_TOKEN", "client_id": "0oa1", "private_key": "env:OKTA_KEY"},
        {"client_id": "0oa1"},
        {"private_key": "env:OKTA_KEY"},
    ],
)
def test_an_account_has_one_way_in(given: dict[str, str]):
    with pytest.raises(ValueError, match="token"):
        provider("okta", {"base_url": BASE, **given})

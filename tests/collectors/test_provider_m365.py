"""Microsoft 365: subscriptions, lists of blobs, and every blob once."""

from datetime import timedelta
from typing import Any

import pytest
from provider_script import (
    HOUR,
    NOW,
    Asked,
    Provider,
    answered,
    in_turn,
    provider,
    records,
)

from collectors.contract import Cursor, Looked
from collectors.errors import CursorLost, Retry, Stop
from collectors.providers import m365

BASE = "https://manage.example"
FEED = "/api/v1.0/t-1/activity/feed"
LIST, START = f"{FEED}/subscriptions/content", f"{FEED}/subscriptions/start"
SUBSCRIBED = f"{FEED}/subscriptions/list"
NEXT = f"{BASE}{LIST}?contentType=Audit.Exchange&nextPage=2"
STREAM = "Audit.Exchange"
ACCOUNT = {
    "base_url": BASE,
    "tenant_id": "t-1",
    "client_id": "c-1",
    "client_secret": "env:M365_SECRET",
    "login_url": "https://login.example",
}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("M365_SECRET", "s3cret")


def blob(name: str, created: str = "2026-03-09T11:30:00.000Z") -> dict[str, str]:
    uri = f"{BASE}{FEED}/audit/{name}"
    return {"contentUri": uri, "contentId": name, "contentCreated": created, "contentType": STREAM}


def listed(*blobs: dict[str, str], following: str | None = None):
    headers = {"nextpageuri": following} if following else {}
    return answered(list(blobs), headers=headers)


def refused(code: str, status: int = 400):
    return answered({"error": {"code": code, "message": "no"}}, status)


def contents(asked: Asked):
    """Answers for any blob: two records that bear its name."""
    if "/audit/" not in asked.path:
        return None
    name = asked.path.rsplit("/", 1)[1]
    return answered([{"Id": f"{name}-1"}, {"Id": f"{name}-2"}])


def office(*answers: Any) -> Provider:
    return provider("m365", ACCOUNT, contents, *answers)


def ids(provider: Provider, since: Cursor | None = None) -> list[str]:
    return [record["Id"] for record in provider.records(STREAM, since)]


def test_lists_a_window_and_fetches_its_blobs():
    m = office(in_turn(listed(blob("a"), following=NEXT), listed(blob("b"))))
    pages = list(m.pages(STREAM, Cursor(NOW - HOUR), NOW))
    found = [record["Id"] for page in pages for record in records(page)]
    assert found == ["a-1", "a-2", "b-1", "b-2"]
    first, second = (call for call in m.script.calls if call.path == LIST)
    assert first.query == {
        "contentType": STREAM,
        "PublisherIdentifier": "t-1",
        "startTime": "2026-03-09T11:00:00",
        "endTime": "2026-03-09T12:00:01",
    }
    assert second.query["nextPage"] == "2"
    blobs = [call for call in m.script.calls if "/audit/" in call.path]
    assert all(call.query == {"PublisherIdentifier": "t-1"} for call in blobs)


def test_a_list_is_never_longer_than_a_day_nor_older_than_a_week():
    for stream in office().collector.streams:
        assert stream.window is not None
        assert stream.window + timedelta(seconds=2) < timedelta(hours=24)
        assert stream.look_back is not None
        assert stream.look_back < timedelta(days=7)


def test_a_blob_that_was_read_is_not_fetched_again():
    m = office(in_turn(listed(blob("a")), listed(blob("a"), blob("b"))))
    (page,) = m.pages(STREAM, Cursor(NOW - HOUR), NOW)
    later = NOW + HOUR
    (more,) = m.pages(STREAM, Cursor(NOW - HOUR, kept=page.cursor.kept), later)
    assert [record["Id"] for record in records(more)] == ["b-1", "b-2"]


def test_a_blob_named_twice_is_fetched_once():
    m = office(in_turn(listed(blob("a"), blob("a"))))
    assert ids(m) == ["a-1", "a-2"]


def test_what_was_read_is_remembered_as_long_as_any_list_goes_back():
    m = office(
        in_turn(listed(blob("old", "2026-03-08T18:00:00.000Z")), listed(), listed(blob("n")))
    )
    lag = m.stream(STREAM).lag
    (page,) = m.pages(STREAM, Cursor(NOW - 20 * HOUR), NOW)
    kept = page.cursor.kept
    assert list(m.pages(STREAM, Cursor(NOW, kept=kept), NOW + lag / 2)) == []
    (last,) = m.pages(STREAM, Cursor(NOW, kept=kept), NOW + 3 * lag)
    assert len(last.cursor.kept["read"]) == 1  # and no longer


def test_resumes_in_the_middle_of_a_list(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(m365, "PAGE_BYTES", 1)
    three = [blob("a"), blob("b"), blob("c")]
    m = office(in_turn(listed(*three), listed(*three)))
    first = next(m.pages(STREAM, Cursor(NOW - HOUR), NOW))
    assert [record["Id"] for record in records(first)] == ["a-1", "a-2"]
    assert ids(m, first.cursor) == ["b-1", "b-2", "c-1", "c-2"]


def test_resumes_on_a_later_page_of_a_list():
    m = office(in_turn(listed(blob("c"))))
    assert ids(m, Cursor(NOW - HOUR, NOW, {"link": NEXT})) == ["c-1", "c-2"]
    assert m.script.calls[0].query["nextPage"] == "2"


def test_a_past_span_is_read_again_with_the_blobs_that_came_after_it():
    m = office(in_turn(listed(blob("a"))))
    list(m.pages(STREAM, Cursor(NOW - 2 * HOUR, NOW - HOUR, again=True), NOW - HOUR))
    assert m.script.calls[0].query["endTime"] == "2026-03-09T14:00:00"


def test_an_empty_list_is_followed_and_a_list_that_comes_twice_is_passed():
    m = office(
        in_turn(listed(following=NEXT), listed(blob("a"), following=NEXT), listed(blob("b")))
    )
    assert ids(m) == ["a-1", "a-2", "b-1", "b-2"]


def test_starts_the_subscription_that_is_missing():
    m = office(in_turn(refused("AF20022"), answered({"status": "enabled"}), listed(blob("a"))))
    assert ids(m) == ["a-1", "a-2"]
    start = m.script.calls[1]
    assert (start.method, start.path, start.query["contentType"]) == ("POST", START, STREAM)


@pytest.mark.parametrize(
    ("code", "status", "remedy"),
    [
        ("AF20023", 400, "disabled the subscription"),
        ("AF20011", 400, "turn on auditing"),
        ("AF10001", 403, r"ActivityFeed\.Read"),
        ("AF20030", 400, "errors of the Activity API"),
    ],
)
def test_refusals_name_their_remedy(code: str, status: int, remedy: str):
    with pytest.raises(Stop, match=remedy):
        ids(office(in_turn(refused(code, status))))


@pytest.mark.parametrize("status", [400, 403, 429])
def test_too_many_requests_are_waited_for_whatever_the_status(status: int):
    assert len(ids(office(in_turn(refused("AF429", status), listed(blob("a")))))) == 2


def test_too_many_requests_without_end_end_the_run():
    with pytest.raises(Retry):
        ids(office(lambda asked: refused("AF429", 403)))


def test_records_that_speak_of_an_error_are_no_error():
    def of_errors(asked: Asked):
        return answered([{"Id": "AF429 AF20051"}]) if "/audit/" in asked.path else None

    m = provider("m365", ACCOUNT, of_errors, in_turn(listed(blob("a"))))
    assert ids(m) == ["AF429 AF20051"]


@pytest.mark.parametrize("gone", [refused("AF20051"), refused("AF20050", 404), refused("x", 410)])
def test_a_blob_that_expired_is_passed_over(gone: Any):
    def without_b(asked: Asked):
        return gone if asked.path.endswith("/audit/b") else None

    m = provider("m365", ACCOUNT, without_b, contents, in_turn(listed(blob("a"), blob("b"))))
    assert ids(m) == ["a-1", "a-2"]


def test_a_blob_that_is_refused_ends_the_run():
    m = provider("m365", ACCOUNT, in_turn(listed(blob("a")), refused("AF10001", 403)))
    with pytest.raises(Stop, match=r"ActivityFeed\.Read"):
        ids(m)


def test_a_refused_next_page_is_a_lost_cursor():
    with pytest.raises(CursorLost):
        ids(office(in_turn(refused("AF20031"))), Cursor(NOW - HOUR, NOW, {"link": NEXT}))


class TestLook:
    """What `antipode check` does: it starts no subscription."""

    def look(self, *subscriptions: dict[str, str]) -> tuple[Provider, Looked]:
        m = office(
            lambda asked: answered(list(subscriptions)) if asked.path == SUBSCRIBED else None,
            in_turn(listed(blob("a"))),
        )
        stream = m.stream(STREAM)
        return m, m.collector.look(m.http, stream, Cursor(NOW - HOUR), NOW)

    def test_a_page_where_there_is_a_subscription(self):
        m, found = self.look({"contentType": STREAM, "status": "enabled"})
        assert found == Looked(2)
        assert {call.method for call in m.script.calls} == {"GET"}

    @pytest.mark.parametrize(
        ("status", "said"), [(None, "no subscription yet"), ("disabled", "it is disabled")]
    )
    def test_tells_of_the_one_that_is_missing(self, status: str | None, said: str):
        known = [{"contentType": "DLP.All", "status": "enabled"}]
        known += [{"contentType": STREAM, "status": status}] if status else []
        m, found = self.look(*known)
        assert (found.records, len(m.script.calls)) == (0, 1)
        assert said in found.note

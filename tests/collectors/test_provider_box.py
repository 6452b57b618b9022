"""Box: the stream by its position, and once, before it, the history."""

import itertools
import json

import pytest
from provider_script import DAY, HOUR, NOW, Asked, answered, claims, in_turn, private_key, provider

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop

ACCOUNT = {
    "base_url": "https://box.example",
    "token_url": "https://box.example/oauth2/token",
    "enterprise_id": "e-1",
    "client_id": "c-1",
    "client_secret": "env:BOX_SECRET",
}
STREAMING = "admin_logs_streaming"


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOX_SECRET", "s3cret")
    monkeypatch.setenv("BOX_KEY", private_key())


def events(*ids: str, position: str | int):
    entries = [{"event_id": one} for one in ids]
    return answered(
        {"chunk_size": len(entries), "next_stream_position": position, "entries": entries}
    )


class Log:
    """Events of a stream or history, two a page; a position is how many were given."""

    def __init__(self, kind: str, *ids: str, empty_at: str | None = None) -> None:
        self.kind, self.ids, self.empty_at = kind, ids, empty_at
        self.positions: list[str] = []

    def __call__(self, asked: Asked):
        if asked.query["stream_type"] != self.kind:
            return None
        self.positions.append(asked.query.get("stream_position", ""))
        start = int(self.positions[-1] or 0)
        if self.positions[-1] == self.empty_at:
            self.empty_at = None  # once
            return events(position=start)
        part = self.ids[start : start + 2]
        return events(*part, position=start + len(part))


def ids(box, since: Cursor) -> list[str]:
    return [record["event_id"] for record in box.records("events", since)]


def test_a_first_run_begins_with_all_of_the_stream():
    log = Log(STREAMING, "a", "b", "c")
    box = provider("box", ACCOUNT, log)
    pages = list(box.pages("events", Cursor(NOW - HOUR)))
    assert [page.count for page in pages] == [2, 1]
    assert log.positions == ["0", "2", "3"]
    assert pages[-1].cursor.kept == {"position": "3"}
    assert box.script.calls[0].query["limit"] == "500"
    assert box.script.calls[0].path == "/2.0/events"


def test_a_later_poll_goes_on_at_the_position_whatever_the_time():
    box = provider("box", ACCOUNT, Log(STREAMING, "a", "b", "late"))
    assert ids(box, Cursor(NOW, kept={"position": "2"})) == ["late"]


def test_a_quiet_poll_has_no_pages():
    box = provider("box", ACCOUNT, Log(STREAMING, "a", "b"))
    assert list(box.pages("events", Cursor(NOW, kept={"position": "2"}))) == []


def test_an_empty_first_answer_is_remembered_nonetheless():
    box = provider("box", ACCOUNT, Log(STREAMING))
    (page,) = box.pages("events", Cursor(NOW - HOUR))
    assert (page.count, page.cursor.kept) == (0, {"position": "0"})


def test_an_empty_page_whose_position_moves_is_followed():
    turn = in_turn(events(position=5), events("a", position=6), events(position=6))
    box = provider("box", ACCOUNT, turn)
    assert ids(box, Cursor(NOW, kept={"position": "4"})) == ["a"]


def test_empty_pages_without_end_end():
    numbers = itertools.count()
    box = provider("box", ACCOUNT, lambda asked: events(position=next(numbers)))
    assert ids(box, Cursor(NOW, kept={"position": "x"})) == []
    assert len(box.script.calls) < 5


def test_a_page_that_comes_twice_ends_the_poll_and_loses_nothing():
    box = provider("box", ACCOUNT, in_turn(events("a", position="4")))
    (page,) = box.pages("events", Cursor(NOW, kept={"position": "4"}))
    assert page.cursor.kept == {"position": "4"}


def test_what_lies_before_the_stream_is_read_from_the_history_once():
    history, log = Log("admin_logs", "x", "y", "z"), Log(STREAMING, "a")
    box = provider("box", ACCOUNT, history, log)
    pages = list(box.pages("events", Cursor(NOW - 30 * DAY)))
    assert [page.count for page in pages] == [2, 1, 0, 0, 1]
    first = box.script.calls[0].query
    assert first["created_after"] == "2026-02-07T12:00:00.000Z"
    assert first["created_before"] == "2026-02-24T12:00:00.000Z"  # 13 days ago: they overlap
    before = len(history.positions)
    assert ids(box, Cursor(NOW, kept=pages[-1].cursor.kept)) == []
    assert len(history.positions) == before


def test_a_past_span_is_read_again_from_the_history():
    history = Log("admin_logs", "x", "y", "z")
    box = provider("box", ACCOUNT, history)
    again = Cursor(NOW - 2 * HOUR, NOW - HOUR, again=True)
    assert sum(page.count for page in box.pages("events", again, NOW - HOUR)) == 3
    asked = box.script.calls[0].query
    assert asked["created_after"] == "2026-03-09T10:00:00.000Z"
    assert asked["created_before"] == "2026-03-09T11:00:00.000Z"


@pytest.mark.parametrize("stop", [0, 1, 2, 3])
def test_resumes_from_every_page(stop: int):
    def answers() -> tuple[Log, Log]:
        return Log("admin_logs", "x", "y", "z"), Log(STREAMING, "a", "b", "c")

    box = provider("box", ACCOUNT, *answers())
    pages = list(box.pages("events", Cursor(NOW - 30 * DAY)))[: stop + 1]
    read = [line for page in pages for line in page.body.splitlines()]
    again = provider("box", ACCOUNT, *answers())
    rest = again.pages("events", pages[-1].cursor)
    found = read + [line for page in rest for line in page.body.splitlines()]
    assert sorted(json.loads(line)["event_id"] for line in found) == list("abcxyz")


def test_an_empty_page_amid_the_history_does_not_end_it():
    history = Log("admin_logs", "x", "y", "z", empty_at="2")
    box = provider("box", ACCOUNT, history, Log(STREAMING))
    assert ids(box, Cursor(NOW - 30 * DAY)) == ["x", "y", "z"]


def test_a_refused_position_is_a_lost_cursor():
    box = provider("box", ACCOUNT, in_turn(answered({"code": "bad_request"}, 400)))
    with pytest.raises(CursorLost):
        ids(box, Cursor(NOW, kept={"position": "9"}))


def test_a_missing_scope_is_named():
    box = provider("box", ACCOUNT, in_turn(answered({"code": "forbidden"}, 403)))
    with pytest.raises(Stop, match="Manage enterprise properties"):
        ids(box, Cursor(NOW))


def test_signs_in_for_the_enterprise_by_client_credentials():
    box = provider("box", ACCOUNT, Log(STREAMING))
    ids(box, Cursor(NOW))
    (sign_in,) = box.script.sign_ins
    assert sign_in.form == {
        "grant_type": "client_credentials",
        "client_id": "c-1",
        "client_secret": "s3cret",
        "box_subject_type": "enterprise",
        "box_subject_id": "e-1",
    }


def test_signs_in_for_the_enterprise_by_jwt():
    keyed = ACCOUNT | {"private_key": "env:BOX_KEY", "key_id": "k-1"}
    box = provider("box", keyed, Log(STREAMING))
    ids(box, Cursor(NOW))
    (sign_in,) = box.script.sign_ins
    assert sign_in.form["client_secret"] == "s3cret"
    said = claims(sign_in.form["assertion"])
    assert (said["iss"], said["sub"], said["box_sub_type"]) == ("c-1", "e-1", "enterprise")
    assert said["exp"] - said["iat"] <= 60  # all that Box allows


def test_a_key_needs_its_id():
    with pytest.raises(ValueError, match="key_id"):
        provider("box", ACCOUNT | {"private_key": "env:BOX_KEY"})

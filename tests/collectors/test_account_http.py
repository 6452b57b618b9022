"""Requests to an account: paced, signed in, tried again when that helps, refused with a remedy."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from scripted_log import ScriptedLog
from scripted_server import Answer, ScriptedServer, running
from stepping_clock import SteppingClock

from collectors.budget import Budget
from collectors.contract import Limits, Quota, SignIn, Stream
from collectors.errors import Retry, Skip, Stop, Unusable
from collectors.exchange import ATTEMPTS, Line
from collectors.http import AccountHttp
from collectors.secret import Secret
from collectors.sign_in import NoSignIn, StaticToken
from collectors.told import Told
from collectors.transport import Connections

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
OPEN = NoSignIn()
LIMITS = Limits(6000, timedelta(minutes=1), Quota())


class Account(ScriptedLog):
    """A collector whose remedies and origins a test can set."""

    remedies: ClassVar[dict[int, str]] = {}
    origins: tuple[str, ...] = ()

    def remedy(self, status: int, body: bytes) -> str | None:
        return self.remedies.get(status)

    def busy(self, status: int, body: bytes) -> bool:
        return b"AF429" in body


@pytest.fixture(scope="module")
def connections() -> Iterator[Connections]:
    found = Connections(read=timedelta(seconds=2))
    yield found
    found.close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with running() as found:
        yield found


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(NOON)


@pytest.fixture
def http(server: ScriptedServer, clock: SteppingClock, connections: Connections) -> AccountHttp:
    return open_http(server.address, clock, connections)


def open_http(
    address: str,
    clock: SteppingClock,
    connections: Connections,
    limits: Limits = LIMITS,
    sign_in: SignIn = OPEN,
) -> AccountHttp:
    line = Line(
        "acme", "x", connections, Budget(limits, 0.5), clock, Told(tenant="acme"), random.Random(1)
    )
    return AccountHttp(line, Account(clock, Stream("log"), sign_in=sign_in), address)


class TestSending:
    def test_a_path_lies_below_the_base_address(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        http.get("/v1/log", params={"a": 1, "none": None, "many": ["x", "y"]})
        assert server.asked[0].path == "/v1/log?a=1&many=x&many=y"
        assert server.asked[0].headers["accept"] == "application/json"

    def test_parameters_are_added_to_those_of_an_address(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        http.get(f"{server.address}/v1/log?after=1", params={"b": 2})
        assert server.asked[0].path == "/v1/log?after=1&b=2"

    def test_a_body_is_json_or_a_form_or_bytes(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        http.post("/", json={"a": [1]})
        http.post("/", data={"a": "b c", "none": None})
        http.post("/", data=b"\x00\x01", headers={"Content-Type": "x/y"})
        sent = [(one.headers["content-type"], one.body) for one in server.asked]
        assert sent == [
            ("application/json", b'{"a": [1]}'),
            ("application/x-www-form-urlencoded", b"a=b+c"),
            ("x/y", b"\x00\x01"),
        ]

    def test_the_answer_comes_whole_with_headers_in_lower_case(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        link = '<https://a/?x=1,2>; rel="self", <https://a/next>; rel="next"'
        server.answers = [Answer(200, b'[{"a": 1}]', {"Link": link, "X-Thing": "y"})]
        answer = http.get("/")
        assert (answer.status, answer.json(), answer.headers["x-thing"]) == (200, [{"a": 1}], "y")
        assert (answer.link(), answer.link("self")) == ("https://a/next", "https://a/?x=1,2")

    def test_json_of_another_kind_may_make_sense_later(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        server.answers = [Answer(body=b'{"half": ')]
        with pytest.raises(Unusable):
            http.get("/").json()

    def test_several_go_side_by_side_and_come_in_order(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        server.answers = [Answer(200), Answer(404), Answer(200)]
        found = list(http.get_all([f"/{number}" for number in range(9)], width=1))
        assert [type(one).__name__ for one in found[:3]] == ["Response", "Skip", "Response"]
        assert len(found) == 9


class TestTryingAgain:
    @pytest.mark.parametrize(
        "fault",
        [
            Answer(429),
            Answer(500),
            Answer(502, b"<html>", {"Content-Type": "text/html"}),
            Answer(503),
            Answer(200, b"<html>sign in", {"Content-Type": "text/html; charset=utf-8"}),
            Answer(403, headers={"Retry-After": "1"}),
            Answer(400, b'{"code": "AF429"}'),
            Answer(200, b'{"a": 1}', tear="body"),
            Answer(tear="head"),
        ],
    )
    def test_what_passes_is_tried_again(
        self, http: AccountHttp, server: ScriptedServer, clock: SteppingClock, fault: Answer
    ) -> None:
        server.answers = [fault, fault, Answer(200, b'{"ok": 1}')]
        assert http.get("/").json() == {"ok": 1}
        assert len(clock.slept) == 2

    def test_what_stays_is_given_up_for_this_run(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        server.answers = [Answer(500)]
        with pytest.raises(Retry, match=r"GET 127.0.0.1/v1/log: status 500"):
            http.get("/v1/log?token=secret")
        assert len(server.asked) == ATTEMPTS

    def test_nothing_is_sent_before_the_provider_said(
        self, http: AccountHttp, server: ScriptedServer, clock: SteppingClock
    ) -> None:
        server.answers = [Answer(429, headers={"Retry-After": "7"}), Answer()]
        http.get("/")
        assert clock.now() >= NOON + timedelta(seconds=7)

    def test_who_is_told_to_wait_long_ends_the_run(
        self, http: AccountHttp, server: ScriptedServer, clock: SteppingClock
    ) -> None:
        server.answers = [Answer(429, headers={"Retry-After": "3600"})]
        with pytest.raises(Retry) as raised:
            http.get("/")
        assert raised.value.after == timedelta(hours=1)
        with pytest.raises(Retry):
            http.get("/")  # and does not even ask
        assert (len(server.asked), clock.slept) == (1, [])

    def test_the_rest_of_a_quota_is_left_to_others(
        self, http: AccountHttp, server: ScriptedServer, clock: SteppingClock
    ) -> None:
        reset = str(int((NOON + timedelta(seconds=30)).timestamp()))
        left = {"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Reset": reset}
        server.answers = [
            Answer(headers={**left, "X-Rate-Limit-Remaining": "51"}),
            Answer(headers={**left, "X-Rate-Limit-Remaining": "50"}),
            Answer(),
        ]
        http.get("/")
        http.get("/")
        assert clock.now() == NOON
        http.get("/")
        assert clock.now() == NOON + timedelta(seconds=30)


class TestRefusals:
    @pytest.mark.parametrize("status", [301, 400, 403, 418])
    def test_what_a_person_must_mend_stops(
        self, http: AccountHttp, server: ScriptedServer, status: int
    ) -> None:
        server.answers = [Answer(status)]
        with pytest.raises(Stop, match=str(status)):
            http.get("/")
        assert len(server.asked) == 1

    def test_the_collector_knows_the_remedy(
        self, http: AccountHttp, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Account, "remedies", {403: "grant the scope events:read"})
        server.answers = [Answer(403)]
        with pytest.raises(Stop, match="grant the scope events:read"):
            http.get("/")

    @pytest.mark.parametrize("status", [404, 410])
    def test_what_is_not_there_can_be_skipped(
        self, http: AccountHttp, server: ScriptedServer, status: int
    ) -> None:
        server.answers = [Answer(status)]
        with pytest.raises(Skip):
            http.get("/")

    def test_an_expected_status_is_an_answer(
        self, http: AccountHttp, server: ScriptedServer
    ) -> None:
        server.answers = [Answer(400, b'{"code": "expired"}')]
        assert http.get("/", expect=(400,)).status == 400

    def test_the_sign_in_goes_nowhere_else(self, http: AccountHttp, server: ScriptedServer) -> None:
        with pytest.raises(Stop, match="another host"):
            http.get(server.address.replace("127.0.0.1", "localhost") + "/next")
        assert server.asked == []

    def test_but_to_origins_that_the_collector_names(
        self,
        server: ScriptedServer,
        clock: SteppingClock,
        connections: Connections,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(Account, "origins", (server.address,))
        http = open_http("https://api.example.com", clock, connections)
        assert http.get(f"{server.address}/blob").status == 200


class TestSigningIn:
    def test_a_refused_token_is_looked_up_again_once(
        self,
        server: ScriptedServer,
        clock: SteppingClock,
        connections: Connections,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        token = StaticToken(Secret("env:ANTIPODE_TEST_TOKEN"))
        http = open_http(server.address, clock, connections, sign_in=token)
        monkeypatch.setenv("ANTIPODE_TEST_TOKEN", "old")
        http.get("/")
        monkeypatch.setenv("ANTIPODE_TEST_TOKEN", "new")
        server.answers = [Answer(401), Answer(), Answer(401)]
        http.get("/")
        sent = [one.headers["authorization"] for one in server.asked]
        assert sent == ["Bearer old", "Bearer old", "Bearer new"]
        with pytest.raises(Stop, match="401"):
            http.get("/")
        assert len(server.asked) == 5


class TestBudget:
    def test_requests_come_no_faster_than_the_share_of_the_limit(
        self, server: ScriptedServer, clock: SteppingClock, connections: Connections
    ) -> None:
        http = open_http(server.address, clock, connections, Limits(60, timedelta(minutes=1)))
        for _ in range(60):
            http.get("/")
        # Half of sixty a minute, and the first thirty at once.
        assert 59 <= (clock.now() - NOON).total_seconds() <= 61

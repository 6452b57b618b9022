"""Requests to an account: tried again when that helps, and never faster than allowed."""

from datetime import timedelta

import pytest
from account_line import NOON, open_http
from scripted_server import Answer, ScriptedServer
from stepping_clock import SteppingClock

from collectors.contract import Limits
from collectors.errors import Retry
from collectors.exchange import ATTEMPTS
from collectors.http import AccountHttp
from collectors.transport import Connections


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


class TestBudget:
    def test_requests_come_no_faster_than_the_share_of_the_limit(
        self, server: ScriptedServer, clock: SteppingClock, connections: Connections
    ) -> None:
        http = open_http(server.address, clock, connections, Limits(60, timedelta(minutes=1)))
        for _ in range(30):
            http.get("/")
        assert 55 <= (clock.now() - NOON).total_seconds() < 60
        http.get("/")
        assert (clock.now() - NOON).total_seconds() >= 60  # half of sixty a minute

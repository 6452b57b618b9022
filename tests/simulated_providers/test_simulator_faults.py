"""Every fault that the simulator can be asked for, as a client of Okta meets it."""

import http.client
import urllib.parse
from typing import Any

import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator
from provider_simulator.provider import known

START = "2026-10-02T00:00:00Z"


@pytest.fixture(autouse=True)
def _no_limits(simulator: Simulator) -> None:
    simulator.set(limits=0)


def read(simulator: Simulator, address: str = "", tenant: str = "acme", **query: Any) -> Response:
    token = simulator.credentials("okta", tenant)["api_token"]
    if not address:
        address = f"{simulator.address('okta', tenant)}/api/v1/logs"
        query = {"since": START, "limit": 50} | query
    return plain_http.get(address, query, Authorization=f"SSWS {token}")


def uuids(answer: Response) -> list[str]:
    return [record["uuid"] for record in answer.json()]


class TestRules:
    def test_strike_as_often_as_they_say(self, simulator: Simulator) -> None:
        simulator.fault("server_error", provider="okta", count=2, skip=1, status=502)
        assert [read(simulator).status for _ in range(5)] == [200, 502, 502, 200, 200]
        assert simulator.totals()["faults_by_kind"] == {"server_error": 2}

    def test_strike_with_a_probability_that_a_seed_makes_certain(
        self, simulator: Simulator
    ) -> None:
        def statuses() -> list[int]:
            simulator.end_faults()
            simulator.fault("server_error", probability=0.5, seed=3)
            return [read(simulator).status for _ in range(20)]

        first = statuses()
        assert first == statuses()
        assert 3 < first.count(500) < 17

    def test_strike_whom_they_are_about(self, simulator: Simulator) -> None:
        simulator.fault("server_error", provider="okta", tenant="acme")
        assert read(simulator).status == 500
        assert read(simulator, tenant="other").status == 200

    def test_strike_sign_ins_where_they_say_so(self, simulator: Simulator) -> None:
        simulator.fault("server_error", provider="okta", kind="sign_in", status=503)
        assert read(simulator).status == 200
        address = simulator.credentials("okta", "acme")["token_url"]
        assert plain_http.post_form(address, {}).status == 503

    def test_end(self, simulator: Simulator) -> None:
        simulator.fault("server_error")
        simulator.end_faults()
        assert read(simulator).status == 200

    @pytest.mark.parametrize("rule", [{"name": "nonsense"}, {"name": "slow", "status": 3}])
    def test_that_make_no_sense_are_refused(
        self, simulator: Simulator, rule: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match=r"nonsense|status"):
            simulator.fault(**rule)


class TestAnswers:
    @pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), (None, None)])
    def test_too_many_with_and_without_a_time_to_come_back(
        self, simulator: Simulator, retry_after: int | None, header: str | None
    ) -> None:
        simulator.fault("too_many", retry_after=retry_after, count=1)
        refused = read(simulator)
        assert (refused.status, refused.json()["errorCode"]) == (429, "E0000047")
        assert refused.headers["Retry-After"] == header

    @pytest.mark.parametrize("status", [200, 502])
    def test_a_page_for_people(self, simulator: Simulator, status: int) -> None:
        simulator.fault("html", status=status, count=1)
        answer = read(simulator)
        assert answer.status == status
        assert answer.headers.get_content_type() == "text/html"
        assert answer.body.startswith(b"<!DOCTYPE html>")

    def test_half_a_body(self, simulator: Simulator) -> None:
        simulator.fault("half_body", count=1)
        with pytest.raises(http.client.IncompleteRead):
            read(simulator)
        assert simulator.totals()["served"] == 0
        assert len(uuids(read(simulator))) == 50

    def test_a_reset_connection(self, simulator: Simulator) -> None:
        simulator.fault("reset", count=1)
        with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
            read(simulator)
        assert read(simulator).status == 200

    def test_a_slow_answer(self, simulator: Simulator) -> None:
        simulator.fault("slow", seconds=600, count=1)
        address = urllib.parse.urlsplit(simulator.url)
        waiting = http.client.HTTPConnection(address.netloc, timeout=0.2)
        waiting.request("GET", "/okta/acme/api/v1/logs")
        with pytest.raises(TimeoutError):
            waiting.getresponse()
        waiting.close()

    def test_an_ended_token(self, simulator: Simulator) -> None:
        simulator.fault("expired_token", count=1)
        refused = read(simulator)
        assert (refused.status, refused.json()["errorCode"]) == (401, "E0000011")


class TestPages:
    def test_the_page_before_comes_again_and_then_the_rest(self, simulator: Simulator) -> None:
        simulator.fault("repeated_page", count=1)
        first = read(simulator)
        second_address = plain_http.links(first)["next"]
        again = read(simulator, second_address)
        assert uuids(again) == uuids(first)
        assert plain_http.links(again)["next"] == second_address
        assert not set(uuids(read(simulator, second_address))) & set(uuids(first))
        totals = simulator.totals()
        assert (totals["served"], totals["repeated"], totals["faults"]) == (100, 50, 1)

    def test_a_page_of_another_walk_never_comes_again(self, simulator: Simulator) -> None:
        simulator.fault("repeated_page")
        first = read(simulator)
        other = read(simulator, since="2026-10-04T00:00:00Z")
        second = read(simulator, plain_http.links(first)["next"])
        assert not set(uuids(second)) & set(uuids(first) + uuids(other))
        assert simulator.totals()["faults"] == 0

    def test_an_empty_page_leads_on_to_a_full_one(self, simulator: Simulator) -> None:
        simulator.fault("empty_page", count=1)
        empty = read(simulator)
        assert empty.json() == []
        following = read(simulator, plain_http.links(empty)["next"])
        assert uuids(following) == uuids(read(simulator))


class TestLateEvents:
    def test_come_three_days_after_they_happened(self, simulator: Simulator) -> None:
        simulator.fault("late", provider="okta", share=0.2)
        simulator.set_clock(advance=86_400)
        soon = mapping_check.true_uids(simulator, "okta", "acme", since="2026-10-06T12:00:00Z")
        simulator.set_clock(advance=3 * 86_400)
        window = simulator.truth("okta", "acme", since="2026-10-06T12:00:00Z")
        day = [event for event in window if event["time"] < "2026-10-07T12:00:00"]
        late = [event for event in day if event["uid"] not in soon]
        assert 0.1 < len(late) / len(day) < 0.3
        assert min(event["published"] for event in late) > "2026-10-09T06:00:00"

    def test_are_none_of_those_that_were_there_before(self, simulator: Simulator) -> None:
        before = simulator.truth("okta", "acme")
        simulator.fault("late", provider="okta", share=1.0)
        assert simulator.truth("okta", "acme") == before


class TestClockThatIsOff:
    @pytest.mark.parametrize("seconds", [300, -300])
    def test_moves_the_date_and_the_events(self, simulator: Simulator, seconds: int) -> None:
        simulator.fault("clock_off", provider="okta", seconds=seconds)
        simulator.set(events_per_day=20_000)
        answer = read(simulator, since="2026-10-06T11:00:00Z", sortOrder="DESCENDING")
        earliest, now = {300: ("12:04:30", "12:05:00"), -300: ("11:54:30", "11:55:00")}[seconds]
        assert now in answer.headers["Date"]
        assert earliest <= answer.json()[0]["published"][11:19] <= now

    def test_leaves_the_other_providers_alone(self, simulator: Simulator) -> None:
        simulator.fault("clock_off", provider="slack")
        assert "12:00:00" in read(simulator).headers["Date"]


@pytest.mark.parametrize("provider", sorted(known()))
@pytest.mark.parametrize("why", ["too_many", "server_error", "html", "half_body"])
def test_every_provider_has_its_own_words_for_them(
    simulator: Simulator, provider: str, why: str
) -> None:
    simulator.fault(why, provider=provider, kind="sign_in")
    simulator.fault(why, provider=provider, kind="log")
    definition = known()[provider]
    route = next(route for route in definition.routes if route.kind == "log")
    path = route.path.pattern.replace("([^/]+)", "x")
    address = f"{simulator.address(provider, 'acme')}{path}"
    if why == "half_body":
        with pytest.raises(http.client.IncompleteRead):
            plain_http.call(route.method, address, b"{}" if route.method == "POST" else None)
        return
    answer = plain_http.call(route.method, address, b"{}" if route.method == "POST" else None)
    expected = {"too_many": (429, 403, 400), "server_error": (500,), "html": (200,)}[why]
    assert answer.status in expected
    assert answer.headers["Date"].startswith("Tue, 06 Oct 2026 12:00:00")
    if why != "html":
        assert answer.json()

"""Requests to an account: sent as asked, signed in, refused with a remedy."""

import pytest
from account_line import Account, open_http
from scripted_server import Answer, ScriptedServer
from stepping_clock import SteppingClock

from collectors.errors import Skip, Stop, Unusable
from collectors.http import AccountHttp
from collectors.secret import Secret
from collectors.sign_in import StaticToken
from collectors.transport import Connections


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

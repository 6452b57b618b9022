"""The simulated Graph: sign-in, filters, both orders, pages by link, five calls in ten seconds."""

from typing import Any

import mapping_check
import microsoft_sign_in
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

TIMES = {"signIns": "createdDateTime", "directoryAudits": "activityDateTime"}


@pytest.fixture
def token(simulator: Simulator) -> str:
    granted: str = microsoft_sign_in.exchange(simulator, "entra_id").json()["access_token"]
    return granted


def read(simulator: Simulator, token: str, name: str, **options: Any) -> Response:
    query = {f"${name}": value for name, value in options.items()}
    address = f"{simulator.address('entra_id', 'acme')}/v1.0/auditLogs/{name}"
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, token: str, name: str, **options: Any) -> list[dict[str, Any]]:
    simulator.set(limits=0)
    page = read(simulator, token, name, **options).json()
    resources: list[dict[str, Any]] = page["value"]
    while address := page.get("@odata.nextLink"):
        page = plain_http.get(address, Authorization=f"Bearer {token}").json()
        resources += page["value"]
    return resources


class TestSignIn:
    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"client_secret": "wrong"}, "invalid_client"),
            ({"client_id": "wrong"}, "invalid_client"),
            ({"scope": "https://graph.microsoft.com/AuditLog.Read.All"}, "invalid_scope"),
        ],
    )
    def test_what_is_wrong_is_refused(
        self, simulator: Simulator, changed: dict[str, str], error: str
    ) -> None:
        refused = microsoft_sign_in.exchange(simulator, "entra_id", **changed)
        assert refused.json()["error"] == error

    def test_a_token_ends(self, simulator: Simulator, token: str) -> None:
        simulator.set_clock(advance=3599)
        refused = read(simulator, token, "signIns")
        assert refused.status == 401
        assert refused.json()["error"]["code"] == "InvalidAuthenticationToken"


class TestPages:
    @pytest.mark.parametrize("name", TIMES)
    @pytest.mark.parametrize("direction", ["asc", "desc"])
    def test_hold_exactly_what_was_published(
        self, simulator: Simulator, token: str, name: str, direction: str
    ) -> None:
        found = walk(simulator, token, name, top=97, orderby=f"{TIMES[name]} {direction}")
        times = [resource[TIMES[name]] for resource in found]
        assert times == sorted(times, reverse=direction == "desc")
        uids = mapping_check.uids("entra_id", mapping_check.texts(found))
        assert len(set(uids)) == len(uids) > 200
        assert set(uids) == mapping_check.true_uids(simulator, "entra_id", "acme", name)

    def test_come_newest_first_unless_ordered(self, simulator: Simulator, token: str) -> None:
        times = [found["createdDateTime"] for found in walk(simulator, token, "signIns", top=500)]
        assert times == sorted(times, reverse=True)

    def test_hold_what_the_filter_lets_through(self, simulator: Simulator, token: str) -> None:
        text = "createdDateTime ge 2026-10-02T00:00:00Z and createdDateTime lt 2026-10-03T00:00:00Z"
        found = walk(simulator, token, "signIns", filter=text)
        truth = simulator.truth("entra_id", "acme", "signIns")
        assert len(found) == sum(event["time"].startswith("2026-10-02") for event in truth) > 0

    @pytest.mark.parametrize(
        "options",
        [
            {"top": 1001},
            {"filter": "riskState eq atRisk"},
            {"filter": "activityDateTime ge 2026-10-02T00:00:00Z"},
            {"orderby": "id"},
            {"skiptoken": "made-up"},
        ],
    )
    def test_of_something_else_are_refused(
        self, simulator: Simulator, token: str, options: dict[str, Any]
    ) -> None:
        assert read(simulator, token, "signIns", **options).status == 400


def test_the_sixth_call_in_ten_seconds_is_refused(simulator: Simulator, token: str) -> None:
    assert {read(simulator, token, "signIns", top=1).status for _ in range(5)} == {200}
    refused = read(simulator, token, "directoryAudits", top=1)
    assert (refused.status, refused.json()["error"]["code"]) == (429, "TooManyRequests")
    simulator.set_clock(advance=int(refused.headers["Retry-After"]))
    assert read(simulator, token, "signIns", top=1).status == 200


class TestKinds:
    """Of sign-ins: version 1.0 tells only those of people at a screen."""

    def walk(self, simulator: Simulator, token: str, kind: str) -> list[dict[str, Any]]:
        simulator.set(limits=0)
        address = f"{simulator.address('entra_id', 'acme')}/beta/auditLogs/signIns"
        query = {"$filter": f"signInEventTypes/any(t: t eq '{kind}')", "$top": 97} if kind else {}
        page = plain_http.get(address, query, Authorization=f"Bearer {token}").json()
        found: list[dict[str, Any]] = page["value"]
        while link := page.get("@odata.nextLink"):
            page = plain_http.get(link, Authorization=f"Bearer {token}").json()
            found += page["value"]
        return found

    @pytest.mark.parametrize(
        ("kind", "stream"),
        [
            ("", "signIns"),
            ("nonInteractiveUser", "signIns.nonInteractiveUser"),
            ("servicePrincipal", "signIns.servicePrincipal"),
        ],
    )
    def test_each_is_a_log_of_its_own_and_is_mapped(
        self, simulator: Simulator, token: str, kind: str, stream: str
    ) -> None:
        found = self.walk(simulator, token, kind)
        assert {one.get("signInEventTypes", [""])[0] for one in found} == {kind}
        uids = set(mapping_check.uids("entra_id", mapping_check.texts(found)))
        assert uids == mapping_check.true_uids(simulator, "entra_id", "acme", stream)

    def test_others_are_refused(self, simulator: Simulator, token: str) -> None:
        address = f"{simulator.address('entra_id', 'acme')}/beta/auditLogs/signIns"
        query = {"$filter": "signInEventTypes/any(t: t eq 'unheardOf')"}
        refused = plain_http.get(address, query, Authorization=f"Bearer {token}")
        assert refused.status == 400

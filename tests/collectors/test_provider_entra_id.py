"""Entra ID: links from page to page, sign-ins of all kinds, an app with secret or certificate."""

import base64

import jwt
import pytest
from provider_script import HOUR, NOW, answered, in_turn, private_key, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop

BASE = "https://graph.example"
ACCOUNT = {
    "base_url": BASE,
    "tenant_id": "t-1",
    "client_id": "c-1",
    "client_secret": "env:ENTRA_SECRET",
    "login_url": "https://login.example",
}
THUMBPRINT = "ab" * 20


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRA_SECRET", "s3cret")
    monkeypatch.setenv("ENTRA_KEY", private_key())


def values(*ids: str, link: str | None = None):
    more = {"@odata.nextLink": link} if link else {}
    return answered({"@odata.context": "x", "value": [{"id": one} for one in ids], **more})


def test_walks_a_window_by_links():
    link = f"{BASE}/v1.0/auditLogs/signIns?$skiptoken=s1"
    entra = provider("entra_id", ACCOUNT, in_turn(values("b", link=link), values("a")))
    pages = list(entra.pages("signins", Cursor(NOW - HOUR), NOW))
    assert [record["id"] for page in pages for record in records(page)] == ["b", "a"]
    first, second = entra.script.calls
    assert first.path == "/v1.0/auditLogs/signIns"
    assert first.query == {
        "$filter": "createdDateTime ge 2026-03-09T11:00:00.000Z"
        " and createdDateTime lt 2026-03-09T12:00:00.000Z",
        "$top": "1000",
    }
    assert second.query == {"$skiptoken": "s1"}
    assert pages[0].cursor.page == {"token": link}


@pytest.mark.parametrize(
    ("stream", "path", "words"),
    [
        ("signins.noninteractive", "/beta/auditLogs/signIns", "kind eq 'nonInteractiveUser'"),
        ("signins.serviceprincipal", "/beta/auditLogs/signIns", "kind eq 'servicePrincipal'"),
        ("audits", "/v1.0/auditLogs/directoryAudits", "activityDateTime ge 2026-03-09T11"),
    ],
)
def test_every_log_is_asked_for_in_its_way(stream: str, path: str, words: str):
    entra = provider("entra_id", ACCOUNT, in_turn(values("a")))
    entra.records(stream)
    (asked,) = entra.script.calls
    assert asked.path == path
    assert words in asked.query["$filter"]


@pytest.mark.parametrize("status", [400, 410])
def test_a_refused_link_is_a_lost_cursor(status: int):
    entra = provider("entra_id", ACCOUNT, in_turn(answered({"error": {}}, status)))
    begun = Cursor(NOW - HOUR, NOW, {"token": f"{BASE}/v1.0/auditLogs/signIns?$skiptoken=s1"})
    with pytest.raises(CursorLost):
        entra.records("signins", begun)


def test_a_link_to_another_host_gets_no_token():
    elsewhere = values("a", link="https://elsewhere.example/v1.0/more")
    entra = provider("entra_id", ACCOUNT, in_turn(elsewhere, values("b")))
    with pytest.raises(Stop, match="another host"):
        entra.records("signins")


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("Authentication_RequestFromNonPremiumTenantOrB2CTenant", "licence Microsoft Entra ID P1"),
        ("Authorization_RequestDenied", r"AuditLog\.Read\.All"),
    ],
)
def test_refusals_name_the_licence_or_the_permission(code: str, remedy: str):
    entra = provider("entra_id", ACCOUNT, in_turn(answered({"error": {"code": code}}, 403)))
    with pytest.raises(Stop, match=remedy):
        entra.records("signins")


def test_signs_in_with_a_secret():
    entra = provider("entra_id", ACCOUNT, in_turn(values("a")))
    entra.records("signins")
    (sign_in,) = entra.script.sign_ins
    assert sign_in.address == "https://login.example/t-1/oauth2/v2.0/token"
    assert sign_in.form == {
        "grant_type": "client_credentials",
        "client_id": "c-1",
        "client_secret": "s3cret",
        "scope": f"{BASE}/.default",
    }


def test_signs_in_with_a_certificate():
    proof = {"client_secret": None, "private_key": "env:ENTRA_KEY", "thumbprint": THUMBPRINT}
    entra = provider("entra_id", ACCOUNT | proof, in_turn(values("a")))
    entra.records("signins")
    (sign_in,) = entra.script.sign_ins
    header = jwt.get_unverified_header(sign_in.form["client_assertion"])
    assert base64.urlsafe_b64decode(header["x5t"] + "=") == bytes.fromhex(THUMBPRINT)
    assert "client_secret" not in sign_in.form


@pytest.mark.parametrize(
    "proof",
    [
        {"client_secret": None},
        {"private_key": "env:ENTRA_KEY", "thumbprint": THUMBPRINT},
        {"client_secret": None, "private_key": "env:ENTRA_KEY", "thumbprint": "abcd"},
        {"client_secret": None, "private_key": "env:ENTRA_KEY", "thumbprint": "not hexadecimal"},
    ],
)
def test_an_account_has_one_proof(proof: dict[str, str | None]):
    with pytest.raises(ValueError, match=r"client_secret|thumbprint|hexadecimal"):
        provider("entra_id", ACCOUNT | proof)

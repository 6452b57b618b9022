"""GitHub: a search phrase bounds a window, links lead through it, a token or an App signs in."""

import pytest
from provider_script import HOUR, NOW, answered, claims, in_turn, private_key, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Retry, Stop

BASE = "https://api.github.example"
ACCOUNT = {"base_url": BASE, "organization": "acme", "token": "env:GITHUB_TOKEN"}
APP = {
    "base_url": BASE,
    "enterprise": "acme-inc",
    "app_id": "Iv1",
    "installation_id": "77",
    "private_key": "env:GITHUB_KEY",
}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_1")
    monkeypatch.setenv("GITHUB_KEY", private_key())


def entries(*ids: str, after: str | None = None):
    link = f'<{BASE}/orgs/acme/audit-log?after={after}>; rel="next"'
    return answered([{"_document_id": one} for one in ids], headers={"link": link} if after else {})


@pytest.mark.parametrize("stream", ["web", "git"])
def test_walks_a_window(stream: str):
    github = provider("github", ACCOUNT, in_turn(entries("a", after="c1"), entries("b")))
    pages = list(github.pages(stream, Cursor(NOW - HOUR), NOW))
    assert [record["_document_id"] for page in pages for record in records(page)] == ["a", "b"]
    first, second = github.script.calls
    assert first.path == "/orgs/acme/audit-log"
    assert first.query == {
        "phrase": "created:2026-03-09T11:00:00+00:00..2026-03-09T12:00:01+00:00",
        "include": stream,
        "order": "asc",
        "per_page": "100",
    }
    assert second.query == {"after": "c1"}
    assert first.headers["Authorization"] == "Bearer ghp_1"
    assert first.headers["X-GitHub-Api-Version"]


def test_an_empty_page_with_a_link_is_followed():
    github = provider("github", ACCOUNT, in_turn(entries(after="c1"), entries("a")))
    assert len(github.records("web")) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_link_is_a_lost_cursor(status: int):
    github = provider("github", ACCOUNT, in_turn(answered({"message": "no"}, status)))
    with pytest.raises(CursorLost):
        github.records("web", Cursor(NOW - HOUR, NOW, {"token": f"{BASE}/orgs/acme/audit-log?a"}))


def test_a_limit_told_with_403_is_waited_for():
    busy = answered({"message": "You have exceeded a secondary rate limit."}, 403)
    github = provider("github", ACCOUNT, in_turn(busy, entries("a")))
    assert len(github.records("web")) == 1


def test_a_limit_that_stays_ends_the_run():
    busy = answered({"message": "API rate limit exceeded for user ID 1."}, 403)
    with pytest.raises(Retry):
        provider("github", ACCOUNT, lambda asked: busy).records("web")


@pytest.mark.parametrize("status", [403, 404])
def test_a_missing_scope_or_plan_is_named(status: int):
    github = provider("github", ACCOUNT, in_turn(answered({"message": "Not Found"}, status)))
    with pytest.raises(Stop, match=r"Enterprise Cloud.*read:audit_log"):
        github.records("web")


def test_signs_in_as_an_app():
    github = provider("github", APP, in_turn(entries("a")))
    github.records("web")
    (sign_in,) = github.script.sign_ins
    assert sign_in.path == "/app/installations/77/access_tokens"
    said = claims(sign_in.headers["Authorization"].removeprefix("Bearer "))
    assert said["iss"] == "Iv1"
    assert said["iat"] == int(NOW.timestamp()) - 60
    assert said["exp"] - said["iat"] <= 600
    (call,) = github.script.calls
    assert call.path == "/enterprises/acme-inc/audit-log"
    assert call.headers["Authorization"] == "Bearer granted"


@pytest.mark.parametrize(
    "change",
    [
        {"organization": ""},
        {"enterprise": "acme-inc"},
        {"token": None},
        {"app_id": "Iv1", "installation_id": "7", "private_key": "env:GITHUB_KEY"},
    ],
)
def test_an_account_is_one_owner_and_one_way_in(change: dict[str, str | None]):
    with pytest.raises(ValueError, match="give either"):
        provider("github", ACCOUNT | change)

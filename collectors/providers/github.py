"""GitHub audit log of an organization or enterprise (Enterprise Cloud).

A search phrase bounds the time; a `Link` header leads from page to page of at most 100. Git events
(clone, push) are asked for apart: they are many, and kept for seven days only. The log has a limit
of its own, 1,750 calls an hour, also told by headers; GitHub answers 403, too, when it is used up.
Addresses (`actor_ip`) are left out until an owner has them shown.
Source: GitHub Docs, "Using the audit log API", "Get the audit log for an organization", "Searching
the audit log", "Displaying IP addresses in the audit log", "Rate limits for the REST API".
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Quota, Secret, SignIn, Stream
from collectors.errors import CursorLost, Stop
from collectors.paging import Found, walk
from collectors.response import Response
from collectors.sign_in import OAuth, StaticToken, signed_jwt
from collectors.sign_in_call import Call

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class Account(contract.Account):
    """An organization or an enterprise, read with a token or as a GitHub App."""

    base_url: str = "https://api.github.com"
    organization: str = Field(default="", description="The organization's name; or:")
    enterprise: str = Field(default="", description="The enterprise's slug.")
    token: Secret | None = Field(default=None, description="Token with read:audit_log; or:")
    app_id: str = Field(default="", description="A GitHub App's client id, with the next two.")
    installation_id: str = Field(default="", description="The App's installation.")
    private_key: Secret | None = Field(default=None, description="The App's key (PEM).")

    @model_validator(mode="after")
    def _complete(self) -> "Account":
        if bool(self.organization) == bool(self.enterprise):
            raise ValueError("give either organization or enterprise")
        as_app = self.private_key is not None and self.app_id and self.installation_id
        if (self.token is None) == (not as_app):
            raise ValueError("give either token, or app_id, installation_id and private_key")
        return self


class Collector:
    """The audit log."""

    streams = (
        Stream(
            "web",
            lag=timedelta(days=4),
            settled=timedelta(days=4),
            look_back=timedelta(days=180),
            window=timedelta(days=1),
        ),
        Stream(
            "git",
            lag=timedelta(days=4),
            settled=timedelta(days=4),
            look_back=timedelta(days=7),
            window=timedelta(days=1),
        ),
    )
    limits = Limits(
        1750,
        per=timedelta(hours=1),
        quota=Quota("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    )

    def __init__(self, account: Account) -> None:
        """Sign in with the token, or as the App."""
        self.account = account
        self.sign_in: SignIn = _sign_in(account)
        owner = f"orgs/{account.organization}" if account.organization else ""
        self._place = f"/{owner or f'enterprises/{account.enterprise}'}/audit-log"

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the entries of a window, oldest first."""
        window = {
            "phrase": f"created:{_second(since.since)}..{_second(until + timedelta(seconds=1))}",
            "include": stream.name,
            "order": "asc",
            "per_page": 100,
        }

        def ask(link: str | None) -> Found:
            if link is None:
                answer = http.get(self._place, window, HEADERS, expect=(404,))
                if answer.status == 404:  # so that nobody learns which organizations there are
                    raise Stop(f"{answer.place}: not found: {self.remedy(404, b'')}.")
            else:
                answer = http.get(link, headers=HEADERS, expect=(400, 422))
                if answer.status in (400, 422):
                    raise CursorLost(f"GitHub no longer takes the link to more {stream.name}.")
            return Found(answer.decode(list[msgspec.Raw]), answer.link("next"))

        return walk(since, ask)

    def busy(self, status: int, body: bytes) -> bool:
        """Both of GitHub's limits are also told with 403."""
        return status == 403 and b"rate limit" in body.lower()

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an owner has to do."""
        if status in (403, 404):
            return (
                "check the name, which needs GitHub Enterprise Cloud, and let an owner make the "
                "token with the scope read:audit_log (an App: Organization administration, read)"
            )
        return "make a new token or key for GitHub" if status == 401 else None


def _sign_in(account: Account) -> SignIn:
    if account.private_key is None:
        if account.token is None:
            raise ValueError("an account without token and key does not pass its own check")
        return StaticToken(account.token)
    key = account.private_key
    place = f"{account.base_url}/app/installations/{account.installation_id}/access_tokens"

    def request(now: datetime) -> Call:
        # GitHub refuses a token from the future, and asks for a minute's room for clocks.
        issued = {"iss": account.app_id, "iat": int(now.timestamp()) - 60}
        signed = signed_jwt(issued, key.value(), now)
        return Call("POST", place, {**HEADERS, "Authorization": f"Bearer {signed}"}, b"")

    return OAuth(request, _installation_token)


class _Grant(msgspec.Struct):
    token: str
    expires_at: datetime


def _installation_token(answer: Response, now: datetime) -> tuple[str, timedelta | None]:
    grant = answer.decode(_Grant)
    return grant.token, grant.expires_at - now


def _second(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")

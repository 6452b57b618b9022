"""Slack Audit Logs API, `GET /audit/v1/logs` (Enterprise Grid).

Newest first, with a cursor from page to page; `oldest` and `latest` are whole seconds and
inclusive. The limit of 50 calls a minute is shared by all apps of the organization.
Source: Slack, "Audit Logs API methods & actions", "Using the Audit Logs API".
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pydantic import Field

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Secret, Stream
from collectors.errors import CursorLost, Stop
from collectors.paging import Found, walk
from collectors.response import Response
from collectors.sign_in import StaticToken

_REFUSED = re.compile(rb'\s*{\s*"ok"\s*:\s*false\s*,\s*"error"\s*:\s*"(\w+)"')
PAGE_SIZE = 1000  # 9,999 is allowed; an answer then takes long and counts the same


class Account(contract.Account):
    """A Slack organization."""

    base_url: str = "https://api.slack.com"
    token: Secret = Field(description="User token (xoxp-) of an owner of the organization.")


class _Metadata(msgspec.Struct):
    next_cursor: str = ""


class _List(msgspec.Struct):
    ok: bool = True
    error: str = ""
    entries: list[msgspec.Raw] = []
    response_metadata: _Metadata | None = None


class Collector:
    """The audit log of an organization."""

    streams = (
        Stream(
            "audit",
            lag=timedelta(days=4),
            window=timedelta(days=1),
            settled=timedelta(days=4),
        ),
    )
    limits = Limits(50, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in with the token."""
        self.account = account
        self.sign_in = StaticToken(account.token)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the entries of a window."""
        window = {
            "oldest": int(since.since.timestamp()),
            "latest": int(until.timestamp()) + 1,
            "limit": PAGE_SIZE,
        }

        def ask(cursor: str | None) -> Found:
            expect = (400,) if cursor else ()
            answer = http.get("/audit/v1/logs", params={**window, "cursor": cursor}, expect=expect)
            found = self._entries(answer)
            return Found(found.entries, (found.response_metadata or _Metadata()).next_cursor)

        return walk(since, ask)

    def _entries(self, answer: Response) -> _List:
        """Return the list; Slack also refuses with status 200 and `ok: false`."""
        found = answer.decode(_List)
        if found.error == "invalid_cursor":
            raise CursorLost("Slack no longer takes the cursor of the next page.")
        if answer.status == 400 or not found.ok:
            remedy = self.remedy(answer.status, answer.body) or "see Slack's list of errors"
            raise Stop(f"{answer.place}: Slack refused ({found.error[:60]}): {remedy}.")
        return found

    def busy(self, status: int, body: bytes) -> bool:
        """Slack says `ratelimited`, and that it is not well, with status 200, too."""
        return _error(body) in (b"ratelimited", b"internal_error")

    def expired(self, status: int, body: bytes) -> bool:
        """A token that was changed is refused with status 200, too."""
        return status == 200 and _error(body) in (
            b"token_expired",
            b"token_revoked",
            b"invalid_auth",
        )

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an owner of the organization has to do."""
        if any(word in body for word in (b"feature_not_enabled", b"team_not_authorized")):
            return "the Audit Logs API needs the plan Enterprise Grid, and an app installed on it"
        if b"missing_scope" in body or status == 403:
            return (
                "install the app on the organization as its owner, with the user token scope "
                "auditlogs:read, and give that token (xoxp-)"
            )
        if status == 401 or b"_auth" in body or b"token_" in body:
            return "make a new user token as an owner of the organization"
        return None


def _error(body: bytes) -> bytes:
    """Return the name of the error in a refusal, which begins with `ok`; empty in a list."""
    found = _REFUSED.match(body)
    return found[1] if found else b""

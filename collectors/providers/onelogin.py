"""OneLogin events, `GET /api/1/events`: at most 50 a page, 5,000 calls an hour.

`since` and `until` bound the time of the event; `after_cursor` leads on.
Source: OneLogin API documentation, "Get Events", "Generate Tokens", "Rate limits" (headers).
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pydantic import Field

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Quota, Secret, Stream, utc
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.sign_in import OAuth
from collectors.sign_in_call import Call


class Account(contract.Account):
    """A OneLogin account; `base_url` is its own address, such as https://example.onelogin.com."""

    client_id: str = Field(description="API credentials: the client id.")
    client_secret: Secret = Field(description="API credentials: the client secret.")


class _Pagination(msgspec.Struct):
    after_cursor: str | None = None


class _List(msgspec.Struct):
    data: list[msgspec.Raw] = []
    pagination: _Pagination | None = None


class Collector:
    """The events of an account."""

    streams = (
        Stream(
            "events",
            lag=timedelta(days=4),
            window=timedelta(days=1),
            settled=timedelta(days=4),
        ),
    )
    limits = Limits(
        5000,
        per=timedelta(hours=1),
        quota=Quota(
            "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", reset_is="seconds"
        ),
    )

    def __init__(self, account: Account) -> None:
        """Sign in with the API credentials."""
        self.account = account
        self.sign_in = _sign_in(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the events of a window."""
        window = {"since": utc(since.since), "until": utc(until), "limit": 50}

        def ask(cursor: str | None) -> Found:
            params = {**window, "after_cursor": cursor}
            answer = http.get("/api/1/events", params=params, expect=(400,) if cursor else ())
            if answer.status == 400:
                raise CursorLost("OneLogin no longer takes the cursor of the next page.")
            found = answer.decode(_List)
            return Found(found.data, (found.pagination or _Pagination()).after_cursor)

        return walk(since, ask)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of OneLogin has to do."""
        if status in (401, 403):
            return "make API credentials with the scope Read All (or Read Users), and give those"
        return None


def _sign_in(account: Account) -> OAuth:
    def request(now: datetime) -> Call:
        pair = f"{account.client_id}:{account.client_secret.value()}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/json",
        }
        body = json.dumps({"grant_type": "client_credentials"}).encode()
        return Call("POST", f"{account.base_url}/auth/oauth2/v2/token", headers, body)

    return OAuth(request, life=timedelta(hours=10))

"""Dropbox Business team log, `POST /2/team_log/get_events` and `/continue`.

A cursor leads on without end when no end of time was asked for: what comes late comes behind it.
Events are not sorted. The cursor changes with every answer, and an old one may be reset after some
days: then the log is entered by time again, four days earlier.
Source: Dropbox for HTTP developers, `team_log/get_events`, `team_log/get_events/continue`
(`reset`), "OAuth Guide" (refresh tokens), "Error handling" (429 with Retry-After; no figure given).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Secret, SignIn, Stream
from collectors.errors import CursorLost, Stop
from collectors.sign_in import OAuth, StaticToken
from collectors.sign_in_call import Call
from collectors.sign_in_oauth import form_call

SECOND = timedelta(seconds=1)
ENTRY = timedelta(days=4)  # without a cursor: events may have come that late


class Account(contract.Account):
    """A Dropbox team."""

    base_url: str = "https://api.dropboxapi.com"
    token: Secret | None = Field(default=None, description="A token that does not end; or:")
    refresh_token: Secret | None = Field(default=None, description="With the app's next two.")
    app_key: str = Field(default="", description="The app's key.")
    app_secret: Secret | None = Field(default=None, description="The app's secret.")

    @model_validator(mode="after")
    def _one_way_in(self) -> "Account":
        renewed = self.refresh_token is not None and self.app_secret is not None and self.app_key
        if (self.token is None) == (not renewed):
            raise ValueError("give either token, or refresh_token, app_key and app_secret")
        return self


class _Events(msgspec.Struct):
    events: list[msgspec.Raw]
    cursor: str
    has_more: bool


class Collector:
    """The log of a team."""

    streams = (Stream("events", look_back=timedelta(days=730)),)
    limits = Limits(300, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in with the refresh token, or with a token as it is."""
        self.account = account
        self.sign_in: SignIn = _sign_in(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Follow the cursor to what is there by now."""
        cursor: str | None = since.kept.get("cursor")
        time = {"start_time": _second(since.since - ENTRY)}
        if since.again:
            time = {"start_time": _second(since.since), "end_time": _second(until + SECOND)}
        while True:
            found = self._events(http, cursor, time)
            # While nothing happens the old cursor does, and nothing need be written.
            if found.events or found.has_more or not since.kept:
                yield Page.of(found.events, since.keeping(cursor=found.cursor))
            if not found.has_more or found.cursor == cursor:
                return
            cursor = found.cursor

    def _events(self, http: Http, cursor: str | None, time: dict[str, str]) -> _Events:
        place = "/2/team_log/get_events"
        if cursor is None:
            answer = http.post(place, json={"limit": 1000, "time": time})
            return answer.decode(_Events)
        answer = http.post(f"{place}/continue", json={"cursor": cursor}, expect=(409,))
        if answer.status == 409:  # an error of the endpoint; its kind is in the body
            if b'"reset"' in answer.body or b'"bad_cursor"' in answer.body:
                raise CursorLost("Dropbox reset the cursor of the team log.")
            raise Stop(f"{answer.place}: Dropbox refused the request (409): see its team log API.")
        return answer.decode(_Events)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the team has to do."""
        if b"missing_scope" in body or status in (400, 403):
            return (
                "give the app the scope events.read (team scope, Dropbox Business) and let a team "
                "administrator authorize it again"
            )
        return "let a team administrator authorize the app again" if status == 401 else None


def _second(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sign_in(account: Account) -> SignIn:
    refresh, secret = account.refresh_token, account.app_secret
    if refresh is None or secret is None:
        if account.token is None:
            raise ValueError("an account without tokens does not pass its own check")
        return StaticToken(account.token)

    def request(now: datetime) -> Call:
        fields = {"grant_type": "refresh_token", "refresh_token": refresh.value()}
        client = {"client_id": account.app_key, "client_secret": secret.value()}
        return form_call(f"{account.base_url}/oauth2/token", fields | client)

    return OAuth(request, life=timedelta(hours=4))

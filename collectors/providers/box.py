"""Box enterprise events, `GET /2.0/events`.

The stream `admin_logs_streaming` gives events in the order in which Box processed them, each at
least once, so that none is missed however late; it reaches two weeks back. What lies before is read
once, from `admin_logs`, which is ordered by time and complete for days long gone, as are spans that
are read again. Box always
names a next position: that was all when it stays the same.
Source: Box Developer documentation, "Enterprise events", "Migrate from history to stream", "Rate
limits" (1,000 calls a minute and user).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Secret, SignIn, Stream, utc
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.sign_in import ClientCredentials, JwtBearer, signed_jwt

PAGE_SIZE = 500
STREAMED = timedelta(days=13)  # two weeks, less a day so that stream and history overlap
START = "0"  # of what the stream reaches
EMPTY = 3  # empty answers in a row that are believed


class Account(contract.Account):
    """A Box enterprise, read by a custom app."""

    base_url: str = "https://api.box.com"
    token_url: str = Field("https://api.box.com/oauth2/token")
    enterprise_id: str = Field(description="The enterprise's id.")
    client_id: str = Field(description="The custom app's client id.")
    client_secret: Secret = Field(description="The custom app's secret.")
    private_key: Secret | None = Field(
        default=None, description="For an app with server authentication by JWT: its key (PEM)."
    )
    private_key_password: Secret | None = Field(default=None, description="The key's password.")
    key_id: str = Field(default="", description="The key's id (`publicKeyID`).")

    @model_validator(mode="after")
    def _key_has_id(self) -> "Account":
        if self.private_key is not None and not self.key_id:
            raise ValueError("give the private key's key_id, too")
        return self


class _Events(msgspec.Struct):
    entries: list[msgspec.Raw] = []
    next_stream_position: str | int | None = None


class Collector:
    """The events of an enterprise."""

    streams = (Stream("events", look_back=timedelta(days=365), settled=STREAMED),)
    limits = Limits(1000, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in as the app, for the enterprise."""
        self.account = account
        self.sign_in: SignIn = _sign_in(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Read the history once, as far as it goes back beyond the stream; then the stream."""
        if since.again:
            yield from walk(since, _history(http, since.since, until))
            return
        position: str = since.kept.get("position", "")
        edge = until - STREAMED
        if not position and since.since < edge:
            yield from walk(since, _history(http, since.since, edge))
            since = since.at(done=True)
        position = position or START
        empty = 0
        while empty < EMPTY:
            found = _events(http, "admin_logs_streaming", position)
            following = str(found.next_stream_position or position)
            if found.entries or following != since.kept.get("position"):
                since = since.keeping(position=following)
                yield Page.of(found.entries, since)
            if following == position:
                return
            empty = 0 if found.entries else empty + 1
            position = following

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of Box has to do."""
        if status in (401, 403):
            return (
                "give the custom app 'App + Enterprise Access' and the scope 'Manage enterprise "
                "properties', and authorize it anew in Box's Admin Console"
            )
        return None


def _history(http: Http, since: datetime, until: datetime) -> "_Ask":
    return _Ask(http, {"created_after": utc(since), "created_before": utc(until)})


class _Ask:
    """Asks for a page of the history; it ends when EMPTY pages in a row are empty."""

    def __init__(self, http: Http, span: dict[str, str]) -> None:
        self._http, self._span, self._empty = http, span, 0

    def __call__(self, position: str | None) -> Found:
        found = _events(self._http, "admin_logs", position, self._span)
        self._empty = 0 if found.entries else self._empty + 1
        following = found.next_stream_position or position or START
        return Found(found.entries, str(following) if self._empty < EMPTY else None)


def _events(
    http: Http, kind: str, position: str | None, span: dict[str, str] | None = None
) -> _Events:
    asked = {"stream_type": kind, "stream_position": position, "limit": PAGE_SIZE}
    entered = position in (None, START)
    answer = http.get("/2.0/events", {**asked, **(span or {})}, expect=() if entered else (400,))
    if answer.status == 400:
        raise CursorLost(f"Box no longer takes the position in {kind}.")
    return answer.decode(_Events)


def _sign_in(account: Account) -> SignIn:
    form = {"client_id": account.client_id, "client_secret": account.client_secret}
    if account.private_key is None:
        subject = {"box_subject_type": "enterprise", "box_subject_id": account.enterprise_id}
        return ClientCredentials(
            account.token_url, account.client_id, account.client_secret, form=subject
        )
    key, password = account.private_key, account.private_key_password

    def assertion(now: datetime) -> str:
        claims = {
            "iss": account.client_id,
            "sub": account.enterprise_id,
            "box_sub_type": "enterprise",
            "aud": account.token_url,
        }
        return signed_jwt(
            claims,
            key.value(),
            now,
            life=timedelta(seconds=45),  # Box allows a minute
            headers={"kid": account.key_id},
            password=password.value() if password else None,
        )

    def fields() -> dict[str, str]:
        return {name: str(v.value() if isinstance(v, Secret) else v) for name, v in form.items()}

    return JwtBearer(account.token_url, assertion, form=fields)

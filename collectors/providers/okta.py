"""Okta System Log, `GET /api/v1/logs`.

Asked without `until` and ascending, Okta answers in the order in which it stored the events, and
every answer links to what comes after it: nothing is missed however late an event was, though
times are unordered. A range with `until` is ordered by the time of the event, and late ones fall
behind its cursor: it serves for the past. There, ranges can be asked for side by side: what Okta
stores late has its place in the unbounded log, which is entered where these ranges end. The link is
the cursor; it stays good while Okta keeps the events.
Source: Okta, "System Log" (polling and bounded requests), "System Log query", "Rate limits".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Quota, Secret, SignIn, Stream, utc
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.response import Response
from collectors.sign_in import ClientCredentials, JwtAssertion, StaticToken

PAGE_SIZE = 1000
# Without a link the log is entered by time. Clocks differ, and storing takes a while.
ENTRY = timedelta(hours=1)
# Asked for as a range from this age on. What Okta had stored by then, a range shows; what it stored
# since, however old, comes in the log that is entered there (ENTRY earlier).
SETTLED = timedelta(hours=2)
# Whether `until` itself belongs to a range is not documented.
EDGE = timedelta(seconds=1)
# What is younger than this when a page is not full is the end of the log for now.
FRESH = timedelta(minutes=5)


class Account(contract.Account):
    """An Okta organization; `base_url` is its own address, such as https://example.okta.com."""

    token: Secret | None = Field(default=None, description="An API token (SSWS); or:")
    client_id: str = Field(default="", description="An API service app, with the next two.")
    private_key: Secret | None = Field(default=None, description="Its key (PEM).")
    key_id: str = Field(default="", description="The `kid` of that key.")

    @model_validator(mode="after")
    def _one_way_in(self) -> "Account":
        if (self.token is None) == (self.private_key is None or not self.client_id):
            raise ValueError("give either token, or client_id, private_key and key_id")
        return self


class _Event(msgspec.Struct):
    published: datetime


class Collector:
    """The one log of an organization."""

    streams = (Stream("log", look_back=timedelta(days=90), settled=SETTLED),)
    limits = Limits(120, per=timedelta(minutes=1), quota=Quota())

    def __init__(self, account: Account) -> None:
        """Sign in as a service app, or with a token."""
        self.account = account
        self.sign_in: SignIn = _sign_in(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Follow the log from the kept link on, until what is new ends."""
        if since.again:  # what is late to a past range stands in it by now
            span = {"since": utc(since.since), "until": utc(until + EDGE)}
            return walk(since, lambda link: _found(_answer(http, link, span)))
        return self._followed(http, since, until)

    def _followed(self, http: Http, since: Cursor, until: datetime) -> Iterator[Page]:
        link: str | None = since.kept.get("next")
        while True:
            asked = link
            records, following = _found(_answer(http, asked, {"since": utc(since.since - ENTRY)}))
            # Kept without its host: the organization may get an address of its own.
            link = following.removeprefix(self.account.base_url) if following else asked
            if records or link != asked:  # an empty page, too, says where to go on
                yield Page.of(records, since.keeping(next=link))
            if following is None or link == asked or _ends(records, until):
                return

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of Okta has to do."""
        if b"dpop" in body.lower():
            return "switch off 'Require DPoP header' in the settings of the API service app"
        if status == 403:
            return (
                "grant the app the scope okta.logs.read and an administrator role that may read "
                "the System Log (or make the token as such an administrator)"
            )
        return "make a new token or key for Okta" if status == 401 else None


def _sign_in(account: Account) -> SignIn:
    if account.private_key is None:
        if account.token is None:
            raise ValueError("an account without token and key does not pass its own check")
        return StaticToken(account.token, scheme="SSWS")
    headers = {"kid": account.key_id} if account.key_id else {}
    proof = JwtAssertion(account.private_key, headers)
    token_url = f"{account.base_url}/oauth2/v1/token"
    return ClientCredentials(token_url, account.client_id, proof, scope="okta.logs.read")


def _answer(http: Http, link: str | None, entry: Mapping[str, str]) -> Response:
    if link is None:
        order = {"sortOrder": "ASCENDING", "limit": PAGE_SIZE}
        return http.get("/api/v1/logs", params={**entry, **order})
    answer = http.get(link, expect=(400,))
    if answer.status == 400:
        raise CursorLost("Okta no longer takes the link to the next page.")
    return answer


def _found(answer: Response) -> Found:
    return Found(answer.decode(list[msgspec.Raw]), answer.link("next"))


def _ends(records: Sequence[msgspec.Raw], until: datetime) -> bool:
    """Tell whether a page is the last: one poll more, each time, would eat the quota."""
    if len(records) >= PAGE_SIZE:
        return False
    times = [time for time in map(_published, records) if time]
    return bool(times) and max(times) > until - FRESH


def _published(record: msgspec.Raw) -> datetime | None:
    """Return when an event happened; None when it does not say: not ours to judge here."""
    try:
        time = msgspec.json.decode(record, type=_Event).published
    except msgspec.DecodeError:
        return None
    return time if time.tzinfo else None

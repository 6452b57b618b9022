"""Salesforce: sign-ins (LoginHistory) and event log files (Event Monitoring).

Sign-ins are rows of a query. Event log files are CSV, each of one kind of event and of an hour or a
day; they are listed by the time at which they were made, some hours or days after the events, and a
late one is a new file. Hourly files come soon and may lack events that the day's file has: both are
read, and what stands in both is known again by its row.
Source: Salesforce Object Reference, "LoginHistory", "EventLogFile"; REST API Developer Guide,
"Query", "Query Hourly Event Log Files"; "OAuth 2.0 JWT Bearer Flow"; "API Request Limits" (the
least that an Enterprise organization has is 100,000 calls a day).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.contract import CSV, Cursor, Http, Limits, Page, Secret, SignIn, Stream, utc
from collectors.csv_table import CsvTable
from collectors.errors import CursorLost, Skip
from collectors.paging import Found, walk
from collectors.quota import UsedQuota
from collectors.response import Response
from collectors.seen import Seen
from collectors.sign_in import ClientCredentials, JwtBearer, signed_jwt

DATA = "/services/data/v60.0"
LOGINS = """SELECT Id, UserId, LoginTime, LoginType, LoginSubType, LoginUrl, SourceIp, Status,
  Application, Browser, Platform, ClientVersion, ApiType, ApiVersion, CountryIso,
  AuthMethodReference, AuthenticationServiceId, LoginGeoId, TlsProtocol, CipherSuite
  FROM LoginHistory WHERE LoginTime >= {since} AND LoginTime < {until}"""
FILES = """SELECT Id, CreatedDate, EventType FROM EventLogFile
  WHERE {time} >= {since} AND {time} < {until} AND Interval = '{interval}'"""
PAGE_BYTES = 8 << 20  # of files that are put together
DAY = timedelta(days=1)
INTERVALS = {"files.hourly": "Hourly", "files.daily": "Daily"}


class Account(contract.Account):
    """An organization; `base_url` is its My Domain, such as https://example.my.salesforce.com."""

    client_id: str = Field(description="The connected app's consumer key.")
    client_secret: Secret | None = Field(default=None, description="The app's secret; or:")
    private_key: Secret | None = Field(
        default=None, description="PEM of the key whose certificate the app has."
    )
    username: str = Field(default="", description="With the key: the user to act as.")
    audience: str = Field(
        default="https://login.salesforce.com",
        description="With the key; https://test.salesforce.com for a sandbox.",
    )

    @model_validator(mode="after")
    def _one_proof(self) -> "Account":
        if (self.client_secret is None) == (self.private_key is None or not self.username):
            raise ValueError("give either client_secret, or private_key and username")
        return self


class _List(msgspec.Struct, rename="camel"):
    records: list[msgspec.Raw]
    next_records_url: str | None = None


class _File(msgspec.Struct, rename="pascal"):
    id: str
    event_type: str
    created_date: str  # in UTC, such as 2026-01-02T03:04:05.000+0000


class Collector:
    """The logs of an organization."""

    streams = (
        Stream(
            "logins",
            lag=timedelta(days=4),
            look_back=timedelta(days=180),
            window=timedelta(days=1),
        ),
        *(
            Stream(
                name,
                lag=timedelta(days=1),
                look_back=timedelta(days=30),
                window=timedelta(days=1),
            )
            for name in INTERVALS
        ),
    )
    limits = Limits(100_000, per=timedelta(days=1), quota=UsedQuota())

    def __init__(self, account: Account) -> None:
        """Sign in as the app, or as a user by a signed token."""
        self.account = account
        self.sign_in: SignIn = _sign_in(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the sign-ins, or read the files that were made, in a window."""
        interval = INTERVALS.get(stream.name)
        begin, time = since.since, "CreatedDate"
        if interval and since.again:  # files about that time, whenever they were made
            begin, time = begin - (DAY if interval == "Daily" else DAY / 24), "LogDate"
        asked = {"since": utc(begin), "until": utc(until), "time": time, "interval": interval}
        if interval is None:
            return walk(since, _Query(http, LOGINS.format(**asked)))
        seen = Seen.read(since.kept.get("read", {}), until - 2 * stream.lag)
        return _files(http, since, _Query(http, FILES.format(**asked)), seen)

    def busy(self, status: int, body: bytes) -> bool:
        """The day's calls are used up, or too many run at once."""
        return status >= 400 and b"REQUEST_LIMIT_EXCEEDED" in body

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the organization has to do."""
        if b"EventLogFile" in body:
            return (
                "give the user the permission View Event Log Files (hourly files need the add-on "
                "Event Monitoring), or leave the streams files.* out"
            )
        if b"LoginHistory" in body or b"INVALID_TYPE" in body:
            return "give the user the permission Manage Users or View Login History"
        if status in (401, 403) or b"invalid_grant" in body:
            return (
                "give the user the permission API Enabled, and let the connected app be used by "
                "its profile without asking (admin approved, scope api)"
            )
        return None


class _Query:
    """Asks for a page of a query's answer: the first, or one by the path that Salesforce gave."""

    def __init__(self, http: Http, soql: str) -> None:
        self._http, self._soql = http, " ".join(soql.split())

    def __call__(self, path: str | None) -> Found:
        if path is None:
            answer = self._http.get(f"{DATA}/query", params={"q": self._soql})
        else:
            answer = self._http.get(path, expect=(400, 404))
            if answer.status != 200:  # INVALID_QUERY_LOCATOR: two days old, or one of too many
                raise CursorLost("Salesforce no longer knows the rest of a query.")
        found = answer.decode(_List)
        return Found(found.records, found.next_records_url)


def _files(http: Http, since: Cursor, query: _Query, seen: Seen) -> Iterator[Page]:
    """Yield the rows of the files that a query names and that were not read."""
    for listed in walk(since, query):
        files = [msgspec.json.decode(line, type=_File) for line in listed.body.splitlines()]
        new = [file for file in files if not seen.has(file.id, file.created_date)]
        new.sort(key=lambda file: file.event_type)
        urls = (f"{DATA}/sobjects/EventLogFile/{file.id}/LogFile" for file in new)
        table = CsvTable()
        # Files are large: two side by side hold memory enough.
        for file, answer in zip(new, http.get_all(urls, width=2), strict=True):
            if isinstance(answer, Response):
                if table.size >= PAGE_BYTES or not table.fits(answer.body):
                    yield _page(table, since, seen)
                    table = CsvTable()
                table.add(answer.body)
            elif not isinstance(answer, Skip):
                raise answer
            seen = seen.adding(file.id, file.created_date)
        if table.count:
            yield _page(table, since, seen)
        since = listed.cursor


def _page(table: CsvTable, since: Cursor, seen: Seen) -> Page:
    return Page(table.text(), since.keeping(read=seen.kept()), table.count, CSV)


def _sign_in(account: Account) -> SignIn:
    token_url = f"{account.base_url}/services/oauth2/token"
    if account.private_key is None:
        if account.client_secret is None:
            raise ValueError("an account without secret and key does not pass its own check")
        return ClientCredentials(token_url, account.client_id, account.client_secret)
    key = account.private_key

    def assertion(now: datetime) -> str:
        claims = {"iss": account.client_id, "sub": account.username, "aud": account.audience}
        return signed_jwt(claims, key.value(), now)

    return JwtBearer(token_url, assertion)

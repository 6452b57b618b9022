"""Google Cloud audit logs, `POST /v2/entries:list` of Cloud Logging.

Windows are of the time at which an entry was received, so that lateness is no matter (spans that
are read again: of the time it bears); the margin is for entries that take a while to be found. An
empty page with a token means that the search has not ended. A page token holds for a day; 60 calls
a minute are let through. Where volumes are large, let a sink write to a bucket and read that.
Source: Cloud Logging API v2, "entries.list", "Quotas and limits"; Cloud Audit Logs, "Configure
access" (Data Access logs are silently left out for who may not read private logs).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from pydantic import Field

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Secret, Stream, utc
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.sign_in_google import SIGN_IN_URL, service_account

SCOPE = "https://www.googleapis.com/auth/logging.read"
# Older entries are not taken in; a bound on the time itself makes the search quick.
OLDEST = timedelta(days=30)


class Account(contract.Account):
    """Projects, folders or organizations, read by a service account."""

    base_url: str = "https://logging.googleapis.com"
    key: Secret = Field(description="The service account's key file (JSON).")
    resources: tuple[str, ...] = Field(
        min_length=1,
        max_length=100,
        description="Whose logs: `organizations/1234`, `folders/1234`, `projects/name`.",
    )
    token_url: str = SIGN_IN_URL


class _List(msgspec.Struct, rename="camel"):
    entries: list[msgspec.Raw] = []
    next_page_token: str | None = None


class Collector:
    """The audit logs of an account."""

    streams = (
        Stream(
            "audit",
            lag=timedelta(hours=6),
            settled=timedelta(hours=6),
            look_back=timedelta(days=400),
            window=timedelta(hours=6),
        ),
    )
    limits = Limits(60, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in as the service account."""
        self.account = account
        self.sign_in = service_account(account.key, SCOPE, token_url=account.token_url)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the entries received in a window."""
        name = "timestamp" if since.again else "receiveTimestamp"
        wanted = (
            'logName:"cloudaudit.googleapis.com"'
            f' AND {name}>="{utc(since.since)}" AND {name}<"{utc(until)}"'
            f' AND timestamp>="{utc(since.since - OLDEST)}"'
        )
        asked = {
            "resourceNames": list(self.account.resources),
            "filter": wanted,
            "orderBy": "timestamp asc",
            "pageSize": 1000,
        }

        def ask(token: str | None) -> Found:
            more = {"pageToken": token} if token else {}
            expect = (400,) if token else ()
            answer = http.post("/v2/entries:list", json={**asked, **more}, expect=expect)
            if answer.status == 400:
                raise CursorLost("Cloud Logging no longer takes the page token.")
            found = answer.decode(_List)
            return Found(found.entries, found.next_page_token)

        return walk(since, ask)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator has to do."""
        if b"SERVICE_DISABLED" in body:
            return "switch on the Cloud Logging API in the service account's project"
        if status in (401, 403):
            return (
                "grant the service account the role Private Logs Viewer "
                "(roles/logging.privateLogViewer) on each of `resources`"
            )
        return None

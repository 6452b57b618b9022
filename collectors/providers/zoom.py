"""Zoom reports: sign-ins (`report/activities`) and administrators' operations.

Reports are asked for by whole days, a month at most and half a year back, so that a window is
widened to its days. The token of the next page ends after 15 minutes. Both are of the class
"heavy": at most 10 calls a second and 30,000 a day (Pro), shared by the whole account; a Business
account has more, of which the headers of the answers tell. Since every poll reads the whole day, it
is polled each ten minutes (`conf/celery/workers.toml`).
Source: Zoom API reference, "Get sign In / sign out activity report", "Get operation logs report",
"Rate limits", "Pagination"; "Server-to-Server OAuth".
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from pydantic import Field

from collectors import contract
from collectors.contract import Cursor, Http, Limits, Page, Secret, Stream
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.quota import DailyQuota
from collectors.sign_in import ClientCredentials


class Account(contract.Account):
    """A Zoom account, read by a server-to-server app."""

    base_url: str = "https://api.zoom.us"
    token_url: str = Field("https://zoom.us/oauth/token")
    account_id: str = Field(description="The account's id, as the app shows it.")
    client_id: str = Field(description="The app's client id.")
    client_secret: Secret = Field(description="The app's client secret.")


class _Report(NamedTuple):
    path: str
    scope: str


REPORTS = {
    "activities": _Report("/v2/report/activities", "report:read:user_activities:admin"),
    "operationlogs": _Report("/v2/report/operationlogs", "report:read:operation_logs:admin"),
}


class _List(msgspec.Struct):
    activity_logs: list[msgspec.Raw] = []
    operation_logs: list[msgspec.Raw] = []
    next_page_token: str = ""


class Collector:
    """The reports of an account."""

    streams = tuple(
        Stream(
            name,
            lag=timedelta(days=4),
            settled=timedelta(days=4),
            look_back=timedelta(days=180),
            window=timedelta(days=28),
        )
        for name in REPORTS
    )
    limits = Limits(
        10,
        per=timedelta(seconds=1),
        quota=DailyQuota("x-ratelimit-limit", "x-ratelimit-remaining"),
        also=(Limits(30_000, per=timedelta(days=1)),),
    )

    def __init__(self, account: Account) -> None:
        """Sign in as the app."""
        self.account = account
        form = {"grant_type": "account_credentials", "account_id": account.account_id}
        self.sign_in = ClientCredentials(
            account.token_url, account.client_id, account.client_secret, basic=True, form=form
        )

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the report of the days of a window."""
        days = {"from": _day(since.since), "to": _day(until), "page_size": 300}

        def ask(token: str | None) -> Found:
            answer = http.get(
                REPORTS[stream.name].path,
                params={**days, "next_page_token": token},
                expect=(400,) if token else (),
            )
            if answer.status == 400:
                raise CursorLost(f"Zoom no longer takes the page token of {stream.name}.")
            found = answer.decode(_List)
            return Found([*found.activity_logs, *found.operation_logs], found.next_page_token)

        return walk(since, ask)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the account has to do."""
        if status in (400, 401, 403):
            scopes = " and ".join(report.scope for report in REPORTS.values())
            return (
                f"add the scopes {scopes} (or report:read:admin) to the server-to-server app; "
                "reports need the plan Pro or higher"
            )
        return None


def _day(time: datetime) -> str:
    return time.astimezone(UTC).date().isoformat()

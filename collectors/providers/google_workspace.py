"""Google Workspace: activities of the Admin SDK Reports API, an application a stream.

Lists are newest first, so a window is complete only when walked to its end. Google documents that
most logs lag by minutes and some by hours, warns that some events come later than that, and
collectors have seen sign-ins days late: four days are read again.
Source: Admin SDK Reports API, "activities.list" and "limits and quotas"; Google Workspace Admin
Help, "Data retention and lag times".
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

SCOPE = "https://www.googleapis.com/auth/admin.reports.audit.readonly"
APPLICATIONS = (
    *("login", "admin", "drive", "token", "user_accounts", "saml", "groups_enterprise"),
    *("calendar", "chat", "meet", "mobile", "rules", "context_aware_access"),
)


class Account(contract.Account):
    """A Workspace customer, read by a service account to which the domain delegated it."""

    base_url: str = "https://admin.googleapis.com"
    key: Secret = Field(description="The service account's key file (JSON).")
    subject: str = Field(description="E-mail address of an administrator to act for.")
    token_url: str = SIGN_IN_URL


class _List(msgspec.Struct, rename="camel"):
    items: list[msgspec.Raw] = []
    next_page_token: str | None = None


class Collector:
    """The logs of a Workspace customer."""

    streams = tuple(
        Stream(
            application,
            lag=timedelta(days=4),
            settled=timedelta(days=4),
            look_back=timedelta(days=180),
            window=timedelta(days=1),
        )
        for application in APPLICATIONS
    )
    limits = Limits(2400, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in as the service account, for the administrator."""
        self.account = account
        self.sign_in = service_account(
            account.key, SCOPE, subject=account.subject, token_url=account.token_url
        )

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the activities of one application."""
        place = f"/admin/reports/v1/activity/users/all/applications/{stream.name}"
        window = {"startTime": utc(since.since), "endTime": utc(until), "maxResults": 1000}

        def ask(token: str | None) -> Found:
            expect = (400,) if token else ()
            answer = http.get(place, params={**window, "pageToken": token}, expect=expect)
            if answer.status == 400:
                raise CursorLost(f"Google no longer takes the page token of {stream.name}.")
            found = answer.decode(_List)
            return Found(found.items, found.next_page_token)

        return walk(since, ask)

    def busy(self, status: int, body: bytes) -> bool:
        """Google says that a quota is used up with 403, too."""
        return status == 403 and (b"ateLimitExceeded" in body or b"quotaExceeded" in body)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the domain has to do."""
        if b"accessNotConfigured" in body or b"SERVICE_DISABLED" in body:
            return "switch on the Admin SDK API in the service account's Google Cloud project"
        if status in (401, 403):
            return (
                f"in the Admin console, Security, API controls, delegate the scope {SCOPE} to the "
                "service account's client id, and let `subject` have the privilege Reports"
            )
        return None

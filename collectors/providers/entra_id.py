"""Microsoft Entra ID through Microsoft Graph: sign-ins and directory audits.

Lists are newest first, 1,000 a page, linked by `@odata.nextLink`; only 5 calls in 10 s are let
through for an app and a tenant. Version 1.0 tells interactive sign-ins only; the others, most of
what a stolen token does, are in the beta version alone.
Source: Microsoft Graph, "List signIns", "List directoryAudits", "service-specific throttling
limits"; Microsoft Entra, "data retention" (30 days with P1 or P2) and "log latency".
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from collectors.contract import Cursor, Http, Limits, Page, Stream, utc
from collectors.errors import CursorLost
from collectors.paging import Found, walk
from collectors.sign_in_microsoft import MicrosoftAccount, app


class Account(MicrosoftAccount):
    """A directory; `base_url` differs in national clouds."""

    base_url: str = "https://graph.microsoft.com"


class _Log(NamedTuple):
    path: str
    time: str
    filter: str = ""


_SIGN_INS = "/beta/auditLogs/signIns"
_KIND = "signInEventTypes/any(kind: kind eq '{}')"
LOGS = {
    "signins": _Log("/v1.0/auditLogs/signIns", "createdDateTime"),
    "signins.noninteractive": _Log(
        _SIGN_INS, "createdDateTime", _KIND.format("nonInteractiveUser")
    ),
    "signins.serviceprincipal": _Log(
        _SIGN_INS, "createdDateTime", _KIND.format("servicePrincipal")
    ),
    "audits": _Log("/v1.0/auditLogs/directoryAudits", "activityDateTime"),
}


class _List(msgspec.Struct):
    value: list[msgspec.Raw] = []
    following: str | None = msgspec.field(default=None, name="@odata.nextLink")


class Collector:
    """The logs of a directory."""

    streams = tuple(
        Stream(
            name,
            lag=timedelta(days=4),
            settled=timedelta(days=4),
            look_back=timedelta(days=30),
            window=timedelta(hours=6),
        )
        for name, log in LOGS.items()
    )
    limits = Limits(5, per=timedelta(seconds=10))

    def __init__(self, account: Account) -> None:
        """Sign in as the app."""
        self.account = account
        self.sign_in = app(account)

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Walk the records of a window."""
        log = LOGS[stream.name]
        span = f"{log.time} ge {utc(since.since)} and {log.time} lt {utc(until)}"
        wanted = f"{span} and {log.filter}" if log.filter else span

        def ask(link: str | None) -> Found:
            if link is None:
                answer = http.get(log.path, params={"$filter": wanted, "$top": 1000})
            else:
                answer = http.get(link, expect=(400, 410))
                if answer.status in (400, 410):
                    raise CursorLost(f"Graph no longer takes the link to more {stream.name}.")
            found = answer.decode(_List)
            return Found(found.value, found.following)

        return walk(since, ask)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the directory has to do."""
        if b"NonPremiumTenant" in body:
            return "sign-ins can be read only with a licence Microsoft Entra ID P1 or P2"
        if status in (401, 403):
            return (
                "grant the app registration the application permission AuditLog.Read.All of "
                "Microsoft Graph, with an administrator's consent"
            )
        return None

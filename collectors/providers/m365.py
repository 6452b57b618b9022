"""Microsoft 365: the Management Activity API (unified audit log), a content type a stream.

Events lie in blobs, which a list names by the time at which they became available: an event that
comes days late is in a new blob, so lateness is no matter. A list spans at most 24 hours and begins
at most 7 days ago. A content type has to be subscribed to before anything is gathered, which then
takes up to 12 hours. Blobs that were read are kept in mind, so that a list can be read again.
Source: Office 365 Management APIs, "Activity API reference" (operations, pagination, throttling,
errors) and "Troubleshooting the Activity API".
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from pydantic import Field

from collectors.contract import Cursor, Http, Limits, Looked, Page, Stream
from collectors.errors import CursorLost, Skip, Stop
from collectors.paging import Found, follow
from collectors.response import Response
from collectors.seen import Seen
from collectors.sign_in_microsoft import MicrosoftAccount, app

LATENESS = timedelta(hours=3)  # of most blobs that hold the events of a span read again
PAGE_BYTES = 8 << 20  # blobs are small, and gathered until a page holds about this much


class Account(MicrosoftAccount):
    """A tenant of Microsoft 365; `base_url` differs by plan (GCC, GCC High, DoD)."""

    base_url: str = "https://manage.office.com"
    publisher: str = Field(
        default="", description="GUID sent as PublisherIdentifier. Default: the tenant's."
    )


class _Blob(msgspec.Struct, rename="camel"):
    content_uri: str
    content_id: str
    content_created: str


class _Subscription(msgspec.Struct, rename="camel"):
    content_type: str
    status: str = "enabled"


class Collector:
    """The audit log of a tenant."""

    streams = tuple(
        Stream(
            name,
            lag=timedelta(hours=12),
            look_back=timedelta(days=7) - timedelta(hours=1),
            window=timedelta(hours=12),
        )
        for name in (
            *("Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint"),
            *("Audit.General", "DLP.All"),
        )
    )
    limits = Limits(2000, per=timedelta(minutes=1))

    def __init__(self, account: Account) -> None:
        """Sign in as the app."""
        self.account = account
        self.sign_in = app(account)
        self._root = f"/api/v1.0/{account.tenant_id}/activity/feed/subscriptions"
        self._publisher = account.publisher or account.tenant_id

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """List the blobs of a window; fetch those that were not read, side by side."""
        seen = Seen.read(since.kept.get("read", {}), until - 2 * stream.lag)
        end = until + (LATENESS if since.again else timedelta(seconds=1))
        span = {"startTime": _second(since.since), "endTime": _second(end)}

        def listed(link: str | None) -> Found:
            answer = self._listed(http, stream.name, span, link)
            # A blob may be named twice.
            blobs = {blob.content_id: blob for blob in answer.decode(list[_Blob])}
            return Found(list(blobs.values()), answer.headers.get("nextpageuri"))

        for link, (blobs, _) in follow(since.page.get("link"), listed):
            new = [blob for blob in blobs if not seen.has(blob.content_id, blob.content_created)]
            for records, by_then in self._gathered(http, new, seen):
                seen = by_then
                yield Page.of(records, since.at(link=link).keeping(read=seen.kept()))

    def look(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Looked:
        """Look at a page where there is a subscription; start none."""
        answer = http.get(f"{self._root}/list", params={"PublisherIdentifier": self._publisher})
        found = {one.content_type: one.status for one in answer.decode(list[_Subscription])}
        status = found.get(stream.name)
        if status != "enabled":
            state = "there is no subscription yet" if status is None else f"it is {status}"
            return Looked(0, f"{state}: collecting starts it; events come up to 12 hours later")
        page = next(self.pages(http, stream, since, until), None)
        return Looked(page.count if page else 0)

    def _listed(
        self, http: Http, content_type: str, span: Mapping[str, str], link: str | None
    ) -> Response:
        named = {"contentType": content_type, "PublisherIdentifier": self._publisher}
        if link is not None:
            answer = http.get(link, expect=(400,))
            if answer.status == 400:
                raise CursorLost(f"The list of {content_type} no longer goes on there.")
            return answer
        answer = http.get(f"{self._root}/content", params={**named, **span}, expect=(400,))
        if answer.status == 400 and b"AF20022" in answer.body:  # there is no subscription
            http.post(f"{self._root}/start", params=named, json={})
            answer = http.get(f"{self._root}/content", params={**named, **span}, expect=(400,))
        if answer.status == 400:
            remedy = self.remedy(400, answer.body) or "see the errors of the Activity API"
            raise Stop(f"{answer.place}: {content_type} was refused: {remedy}.")
        return answer

    def _gathered(
        self, http: Http, blobs: list[_Blob], seen: Seen
    ) -> Iterator[tuple[list[msgspec.Raw], Seen]]:
        """Yield the records of blobs, some MiB at a time, and which blobs are read by then."""
        records: list[msgspec.Raw] = []
        size = 0
        urls = [f"{blob.content_uri}?PublisherIdentifier={self._publisher}" for blob in blobs]
        for blob, answer in zip(blobs, http.get_all(urls, expect=(400,)), strict=True):
            if isinstance(answer, Response) and answer.status == 200:
                records += answer.decode(list[msgspec.Raw])
                size += len(answer.body)
            elif not _is_gone(answer):
                raise answer if isinstance(answer, Exception) else Stop(f"{answer.place}: refused.")
            seen = seen.adding(blob.content_id, blob.content_created)
            if size >= PAGE_BYTES:
                yield records, seen
                records, size = [], 0
        if blobs:
            yield records, seen

    def busy(self, status: int, body: bytes) -> bool:
        """Too many requests are refused with the code AF429, not always with that status."""
        return status >= 400 and b"AF429" in body

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the tenant has to do."""
        if b"AF20023" in body:
            return "an administrator disabled the subscription: have it enabled again"
        if b"AF20011" in body or b"AF20012" in body:
            return "turn on auditing in Microsoft Purview; it takes up to a day to be known"
        if b"AF10001" in body or status in (401, 403):
            return (
                "grant the app registration the application permission ActivityFeed.Read of "
                "Office 365 Management APIs, with an administrator's consent (DLP.All needs "
                "ActivityFeed.ReadDlp, too)"
            )
        return None


def _is_gone(answer: Response | Exception) -> bool:
    """Tell whether a blob does not exist or expired: nothing can be done about that."""
    if isinstance(answer, Response):
        return any(code in answer.body for code in (b"AF20050", b"AF20051", b"AF20052"))
    return isinstance(answer, Skip)


def _second(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")

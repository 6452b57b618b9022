"""AWS CloudTrail: the files of a trail, announced by SQS; or LookupEvents.

With `queue_url`, every message names objects of the trail's bucket: they are fetched, and the
message is deleted once their events are stored; one that fails comes back after its time of
invisibility. Nothing is missed however late, and nothing is listed. Without a queue, LookupEvents
gives management events only, newest first, 50 a call and two calls a second for an account and a
region, of the last 90 days; configure an account for each region.
Source: AWS CloudTrail User Guide, "Getting and viewing log files", "Configuring Amazon SNS
notifications"; API Reference, "LookupEvents"; Amazon S3, "Event message structure"; Amazon SQS API
Reference. CloudTrail delivers "about 5 minutes" after a call, on average, and promises nothing.
"""

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from pydantic import Field, model_validator

from collectors import contract
from collectors.announced import Message, Queue, objects
from collectors.contract import Cursor, Http, Limits, Looked, Page, Secret, Stream
from collectors.errors import CursorLost, Skip
from collectors.paging import Found, walk
from collectors.response import Response
from collectors.sign_in import AwsSignature

TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"
GZIP = b"\x1f\x8b"
FILES = Stream("files")
LOOKUP = Stream(
    "lookup",
    lag=timedelta(days=4),
    settled=timedelta(days=4),
    look_back=timedelta(days=90),
    window=timedelta(hours=6),
)


class Account(contract.Account):
    """An AWS account and region; `base_url` is found by the region or the queue."""

    base_url: str = Field(default="", description="Default: by the region or the queue.")
    region: str = Field(description="Such as eu-west-1.")
    queue_url: str = Field(default="", description="The SQS queue that hears of new log files.")
    s3_url: str = Field(default="", description="Another S3 address than the region's.")
    access_key_id: Secret | None = Field(default=None, description="Default: as AWS tools do.")
    secret_access_key: Secret | None = Field(default=None, description="With access_key_id.")
    role: str = Field(default="", description="ARN of a role to assume.")
    external_id: str = Field(default="", description="With the role, where it demands one.")

    @model_validator(mode="before")
    @classmethod
    def _addresses(cls, values: Any) -> Any:
        if isinstance(values, dict) and "region" in values:
            amazon = f"{values['region']}.amazonaws.com"
            queue = values.get("queue_url", "")
            base = _origin(queue) if queue else f"https://cloudtrail.{amazon}"
            values = {"base_url": base, "s3_url": f"https://s3.{amazon}", **values}
        return values


class _Event(msgspec.Struct, rename="pascal"):
    cloud_trail_event: str


class _Events(msgspec.Struct, rename="pascal"):
    events: list[_Event] = []
    next_token: str | None = None


class _File(msgspec.Struct, rename="pascal"):
    records: list[msgspec.Raw] = []


class Collector:
    """The events of an AWS account."""

    streams: tuple[Stream, ...] = (FILES, LOOKUP)
    limits = Limits(2, per=timedelta(seconds=1))

    def __init__(self, account: Account) -> None:
        """Sign every request; read files where there is a queue, else look events up."""
        self.account = account
        self.streams = (FILES,) if account.queue_url else (LOOKUP,)
        self.origins = (account.s3_url,) if account.queue_url else ()
        if account.queue_url:  # neither SQS nor S3 knows so low a limit
            self.limits = Limits(100, per=timedelta(seconds=1))
        service = "sqs" if account.queue_url else "cloudtrail"
        self.sign_in = AwsSignature(
            account.region,
            {_origin(account.base_url): service, account.s3_url: "s3"},
            access_key_id=account.access_key_id,
            secret_access_key=account.secret_access_key,
            role=account.role,
            external_id=account.external_id,
        )

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Empty the queue, or walk the events of a window."""
        if stream.name == FILES.name:
            return self._files(http, since)
        return walk(since, _Lookup(http, since.since, until))

    def look(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Looked:
        """Read what one message announces and leave it to others; or look a page of events up."""
        if stream.name != FILES.name:
            page = next(self.pages(http, stream, since, until), None)
            return Looked(page.count if page else 0)
        for message in Queue(http, self.account.queue_url).look():
            records = self._records(http, message)
            if records is None:
                return Looked(0, "a message announces what is no log file, or is gone")
            return Looked(len(records))
        return Looked(0, "the queue is empty now, so no file was read")

    def _files(self, http: Http, since: Cursor) -> Iterator[Page]:
        queue = Queue(http, self.account.queue_url)
        while messages := queue.receive():
            for message in messages:
                records = self._records(http, message)
                if records is None:
                    continue  # the message comes back, and at last goes to the dead letters
                if records:
                    yield Page.of(records, since, queue.deletion(message))
                else:
                    queue.deletion(message)()

    def _records(self, http: Http, message: Message) -> list[msgspec.Raw] | None:
        """Return the events of all files that a message names; None when one is not to be had."""
        try:
            urls = [self._url(*place) for place in objects(message.body)]
            return [record for answer in http.get_all(urls) for record in _events(answer)]
        except (Skip, ValueError, OSError, EOFError, zlib.error):
            return None  # gone, damaged, or no message of ours

    def _url(self, bucket: str, key: str) -> str:
        return f"{self.account.s3_url}/{bucket}/{quote(key, safe='/~')}"

    def busy(self, status: int, body: bytes) -> bool:
        """AWS says that it is asked too often with 400 and the name of an error."""
        return status == 400 and (b"Throttling" in body or b"TooManyRequests" in body)

    def expired(self, status: int, body: bytes) -> bool:
        """Neither does AWS say with 401 that credentials are no longer good."""
        return status in (400, 403) and (b"ExpiredToken" in body or b"UnrecognizedClient" in body)

    def remedy(self, status: int, body: bytes) -> str | None:
        """Tell what an administrator of the account has to do."""
        if b"NonExistentQueue" in body or b"QueueDoesNotExist" in body:
            return "queue_url names no queue of this region"
        if b"AccessDenied" in body or b"not authorized" in body or status in (401, 403):
            return (
                "allow sqs:ReceiveMessage and sqs:DeleteMessage on the queue, s3:GetObject on the "
                "bucket and kms:Decrypt on its key"
                if self.account.queue_url
                else "allow cloudtrail:LookupEvents"
            )
        return None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class _Lookup:
    """Asks for a page of the events of a window."""

    def __init__(self, http: Http, since: datetime, until: datetime) -> None:
        # Events bear whole seconds; both ends are inclusive.
        self._span = {"StartTime": int(since.timestamp()), "EndTime": ceil(until.timestamp())}
        self._http = http

    def __call__(self, token: str | None) -> Found:
        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET}
        asked = {**self._span, "MaxResults": 50, **({"NextToken": token} if token else {})}
        expect = (400,) if token else ()
        answer = self._http.post("/", headers=headers, json=asked, expect=expect)
        if answer.status == 400:
            raise CursorLost("CloudTrail no longer takes the token of the next page.")
        found = answer.decode(_Events)
        # Each event is JSON within JSON, as text.
        return Found([event.cloud_trail_event.encode() for event in found.events], found.next_token)


def _events(answer: Response | Exception) -> list[msgspec.Raw]:
    """Return the events of a file; digest files have none. Raises the answer, or ValueError."""
    if isinstance(answer, Exception):
        raise answer
    body = answer.body
    if body.startswith(GZIP):  # unless whoever fetched it heeded Content-Encoding
        body = gzip.decompress(body)
    return msgspec.json.decode(body, type=_File).records

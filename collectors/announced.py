"""Objects of S3 that messages of an SQS queue announce, and the deletion of these messages.

Requests go through the account's `Http`, signed like any other. A message is ours for a quarter of
an hour; whoever does not delete it by then sees it again, and the queue's own rule moves it to a
dead-letter queue after some times.
Source: Amazon SQS API Reference (JSON protocol); Amazon S3, "Event message structure", "EventBridge
event message structure"; AWS CloudTrail, "Configuring Amazon SNS notifications".
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from collectors.contract import Http
from collectors.response import Response

INVISIBLE = timedelta(minutes=15)
# A queue is many servers; only who waits asks them all.
WAIT = timedelta(seconds=2)


class Object(NamedTuple):
    """An object of S3."""

    bucket: str
    key: str


class Message(msgspec.Struct, rename="pascal"):
    """A message as SQS hands it over."""

    body: str
    receipt_handle: str


class Queue:
    """An SQS queue."""

    def __init__(self, http: Http, url: str) -> None:
        """Send nothing yet."""
        self._http, self._url = http, url

    def receive(self) -> list[Message]:
        """Return up to ten messages; none when there are none now."""
        return self._receive(10, INVISIBLE)

    def look(self) -> list[Message]:
        """Return a message, or none, that all others see as before; only SQS counts the receipt."""
        return self._receive(1, timedelta(0))

    def _receive(self, most: int, invisible: timedelta) -> list[Message]:
        wanted = {
            "MaxNumberOfMessages": most,
            "WaitTimeSeconds": WAIT.seconds,
            "VisibilityTimeout": invisible.seconds,
        }
        return self._send("ReceiveMessage", wanted).decode(_Received).messages

    def deletion(self, message: Message) -> Callable[[], None]:
        """Return what deletes a message."""

        def delete() -> None:
            self._send("DeleteMessage", {"ReceiptHandle": message.receipt_handle})

        return delete

    def _send(self, action: str, fields: dict[str, Any]) -> Response:
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"AmazonSQS.{action}",
        }
        return self._http.post("/", headers=headers, json={"QueueUrl": self._url, **fields})


def objects(body: str | bytes) -> list[Object]:
    """Return the objects that a message announces: none for S3's own test message.

    Knows the messages of S3, of CloudTrail (both also wrapped by SNS) and of EventBridge. Raises
    ValueError when it is none of them.
    """
    found = msgspec.json.decode(body, type=_Announced)
    if found.message is not None:
        return objects(found.message)
    # S3 writes keys as in a form, EventBridge and CloudTrail as they are.
    named = [Object(one.s3.bucket.name, unquote_plus(one.s3.object.key)) for one in found.records]
    named += [Object(found.bucket, key) for key in found.keys]
    if found.detail is not None:
        named.append(Object(found.detail.bucket.name, found.detail.object.key))
    return named


class _Received(msgspec.Struct, rename="pascal"):
    messages: list[Message] = []


class _Bucket(msgspec.Struct):
    name: str


class _Key(msgspec.Struct):
    key: str


class _Place(msgspec.Struct):
    bucket: _Bucket
    object: _Key


class _Record(msgspec.Struct):
    s3: _Place


class _Announced(msgspec.Struct):
    records: list[_Record] = msgspec.field(default=[], name="Records")
    bucket: str = msgspec.field(default="", name="s3Bucket")
    keys: list[str] = msgspec.field(default=[], name="s3ObjectKey")
    detail: _Place | None = None
    message: str | None = msgspec.field(default=None, name="Message")

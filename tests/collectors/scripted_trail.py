"""A trail of CloudTrail in memory: its bucket, and the queue that announces its files."""

import gzip
import json
from typing import Any
from urllib.parse import quote

from provider_script import Asked, Provider, answered, provider

from collectors.response import Response

QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/trail"
KEYS = {
    "region": "eu-west-1",
    "access_key_id": "env:AWS_ID",
    "secret_access_key": "env:AWS_SECRET",
}
BUCKET, KEY = "acme-trail", "AWSLogs/111122223333/CloudTrail/eu-west-1/a+b.json.gz"


class Sqs:
    """A queue: hands each message out once, and notes what is deleted."""

    def __init__(self, *bodies: Any) -> None:
        self.left = [
            {"MessageId": str(n), "ReceiptHandle": f"r{n}", "Body": body}
            for n, body in enumerate(
                body if isinstance(body, str) else json.dumps(body) for body in bodies
            )
        ]
        self.deleted: list[str] = []
        self.asked: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Response | None:
        if not asked.address.startswith("https://sqs."):
            return None
        self.asked.append(asked.json)
        if asked.headers["X-Amz-Target"] == "AmazonSQS.DeleteMessage":
            self.deleted.append(asked.json["ReceiptHandle"])
            return answered({})
        part, self.left = self.left[:10], self.left[10:]
        return answered({"Messages": part} if part else {})


class S3:
    """Objects by path."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects

    def __call__(self, asked: Asked) -> Response | None:
        if not asked.address.startswith("https://s3."):
            return None
        body = self.objects.get(asked.path)
        return answered(b"<Error/>", 404) if body is None else answered(body)


def log_file(*ids: str) -> bytes:
    return gzip.compress(
        json.dumps({"Records": [{"eventID": one} for one in ids]}).encode(), mtime=0
    )


def by_s3(key: str = KEY) -> dict[str, Any]:
    named = {"bucket": {"name": BUCKET}, "object": {"key": quote(key, safe="/").replace(" ", "+")}}
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": named}]}


STORED = {f"/{BUCKET}/AWSLogs/111122223333/CloudTrail/eu-west-1/a%2Bb.json.gz": log_file("1", "2")}


def trail(*answers: Any) -> Provider:
    return provider("cloudtrail", KEYS | {"queue_url": QUEUE}, *answers)

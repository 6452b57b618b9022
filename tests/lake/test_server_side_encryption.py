"""What S3 is asked to encrypt at its side: every object and every commit, as the settings say."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from answering_s3 import answering

from conf.errors import UsageError
from conf.settings import Settings
from lake.lake import Lake

EMPTY = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
PREFIX = "x-amz-server-side-encryption"


@dataclass
class Puts:
    """A server that takes every write, holds nothing, and keeps the heads of writes by path."""

    url: str = ""
    heads: dict[str, Message] = field(default_factory=dict)

    def asked(self, path: str) -> dict[str, str]:
        """What the write of a path asked for."""
        (head,) = (head for name, head in self.heads.items() if path in name)
        found = {name.lower(): value for name, value in head.items()}
        return {name: value for name, value in found.items() if name.startswith(PREFIX)}


@pytest.fixture
def puts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Puts]:
    seen = Puts()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.heads[self.path] = self.headers
            self._answer(200, b"")

        def do_GET(self) -> None:
            listing = "list-type" in self.path
            self._answer(200 if listing else 404, EMPTY if listing else b"")

        def do_HEAD(self) -> None:
            self._answer(404, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("ETag", '"some"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with answering(Handler, monkeypatch) as seen.url:
        yield seen


def _write(puts: Puts, **settings: Any) -> None:
    chosen = Settings(s3_endpoint_url=puts.url, s3_region="us-east-1", **settings)
    lake = Lake("s3://bucket/lake", chosen)
    lake.objects.put("stored", b"x")
    lake.objects.put_if("made", b"x", None)
    lake.objects.put_if("swapped", b"x", '"some"')
    table = lake.table("events")
    # The server forgets all it is given, so the table seems not to be there right after.
    with suppress(Exception):
        table.commit([], "acme/okta/log", 1, table.version())


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({}, {}),
        ({"s3_sse": "AES256"}, {PREFIX: "AES256"}),
        (
            {"s3_sse": "aws:kms", "s3_sse_kms_key": "arn:aws:kms:us-east-1:1:key/k"},
            {
                PREFIX: "aws:kms",
                f"{PREFIX}-aws-kms-key-id": "arn:aws:kms:us-east-1:1:key/k",
                f"{PREFIX}-bucket-key-enabled": "true",
            },
        ),
        (
            {"s3_sse": "aws:kms", "s3_sse_kms_key": "k", "s3_sse_bucket_key": False},
            {
                PREFIX: "aws:kms",
                f"{PREFIX}-aws-kms-key-id": "k",
                f"{PREFIX}-bucket-key-enabled": "false",
            },
        ),
    ],
    ids=["the bucket's default", "S3's keys", "a KMS key", "no bucket key"],
)
def test_every_write_asks_for_what_is_set(
    puts: Puts, settings: dict[str, Any], asked: dict[str, str]
) -> None:
    _write(puts, **settings)
    for written in ("/stored", "/made", "/swapped", "/events/_delta_log/"):
        assert puts.asked(written) == asked, written


def test_a_kind_of_encryption_that_s3_does_not_know_is_refused() -> None:
    with pytest.raises(UsageError, match="ANTIPODE_S3_SSE=kms is none of AES256, aws:kms"):
        Lake("s3://bucket/lake", Settings(s3_sse="kms"))

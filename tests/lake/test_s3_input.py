"""Files of a bucket over a bad line: read whole or not at all, and one that fails is only one."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from answering_s3 import answering

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from lake.input_files import Unreadable
from lake.s3_input import S3Bucket

DENIED = b"<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>"
BODY = b"x" * 100


class Line:
    """A server whose next answers are told beforehand: `cut`, `denied` or `whole`."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[str] = []
        self.asked = 0


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    told = Line()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += 1
            answer = told.answers.pop(0)
            body = DENIED if answer == "denied" else BODY
            self.send_response(403 if answer == "denied" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:10] if answer == "cut" else body)

        def log_message(self, *_: Any) -> None:
            pass

    with answering(Handler, monkeypatch) as told.url:
        yield told


@pytest.fixture
def bucket(line: Line) -> S3Bucket:
    chosen = Settings(s3_endpoint_url=line.url, s3_region="us-east-1")
    return S3Bucket("s3://logs/prefix", chosen)


def test_a_body_that_breaks_off_is_fetched_again(line: Line, bucket: S3Bucket) -> None:
    line.answers = ["cut", "cut", "whole"]
    assert bucket.fetch("okta/a.json") == BODY
    assert line.asked == 3


def test_a_body_that_breaks_off_again_and_again_is_an_error(line: Line, bucket: S3Bucket) -> None:
    line.answers = ["cut"] * 3
    with pytest.raises(AntipodeError, match=r"s3://logs/prefix/okta/a\.json"):
        bucket.fetch("okta/a.json")


def test_of_a_body_read_in_parts_a_break_is_no_end(line: Line, bucket: S3Bucket) -> None:
    line.answers = ["cut", "whole"]
    with bucket.open("okta/a.json") as stream, pytest.raises(AntipodeError, match=r"okta/a\.json"):
        stream.read()
    with bucket.open("okta/a.json") as stream:
        assert stream.read() == BODY


def test_a_file_that_is_not_ours_to_read_is_told_from_a_fault_of_the_bucket(
    line: Line, bucket: S3Bucket
) -> None:
    for use in (bucket.fetch, bucket.open):
        line.answers = ["denied"]
        with pytest.raises(Unreadable, match="AccessDenied"):
            use("okta/a.json")
    line.answers = ["denied"]
    with pytest.raises(AntipodeError, match="Could not list s3://logs/prefix"):
        bucket.page("")


@pytest.mark.parametrize("uri", ["s3://", "s3:///x"])
def test_an_address_without_a_bucket_is_refused(uri: str) -> None:
    with pytest.raises(UsageError, match="names no bucket"):
        S3Bucket(uri, Settings())

"""A queue of announcements: against moto's SQS, and what messages name."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import boto3
import moto.core.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from collectors import announced
from collectors.announced import Queue, objects
from collectors.response import Response

KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


class ThroughBoto:
    """Sends a request of SQS's JSON protocol as boto3 would, which checks every parameter."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def post(self, url: str, **asked: Any) -> Response:
        service, action = asked["headers"]["X-Amz-Target"].split(".")
        assert (url, service) == ("/", "AmazonSQS")
        assert asked["headers"]["Content-Type"] == "application/x-amz-json-1.0"
        method = re.sub("(?<!^)(?=[A-Z])", "_", action).lower()
        answer = getattr(self.client, method)(**asked["json"])
        answer.pop("ResponseMetadata")
        return Response(200, {}, json.dumps(answer).encode())


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setattr(announced, "WAIT", timedelta(0))
    with mock_aws():
        yield boto3.client("sqs", "eu-west-1")


def open_queue(sqs: Any, *bodies: str) -> Queue:
    url = sqs.create_queue(QueueName="trail")["QueueUrl"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    return Queue(ThroughBoto(sqs), url)  # type: ignore[arg-type]  # all that a queue needs of Http


def test_messages_are_out_of_sight_until_deleted_or_their_time_is_up(
    sqs: Any, monkeypatch: pytest.MonkeyPatch
):
    queue = open_queue(sqs, "kept", "deleted")
    first = queue.receive()
    assert sorted(message.body for message in first) == ["deleted", "kept"]
    assert queue.receive() == []
    queue.deletion(next(message for message in first if message.body == "deleted"))()
    later = moto.core.utils.unix_time() + announced.INVISIBLE.total_seconds() + 1
    monkeypatch.setattr(
        "moto.sqs.models.unix_time_millis",
        lambda when=None: (when.timestamp() if when else later) * 1000,
    )
    assert [message.body for message in queue.receive()] == ["kept"]


def test_ten_messages_come_at_a_time(sqs: Any):
    queue = open_queue(sqs, *map(str, range(12)))
    assert [len(queue.receive()) for _ in range(3)] == [10, 2, 0]


@given(KEYS, st.integers(0, 2))
def test_a_key_is_found_however_it_is_written_and_wrapped(key: str, wrapped: int):
    named = {"bucket": {"name": "b"}, "object": {"key": quote_plus(key, safe="/")}}
    plain = {"bucket": {"name": "b"}, "object": {"key": key}}
    for message in (
        {"Records": [{"s3": named}]},
        {"detail": plain},
        {"s3Bucket": "b", "s3ObjectKey": [key]},
    ):
        text = json.dumps(message)
        for _ in range(wrapped):
            text = json.dumps({"Type": "Notification", "Message": text})
        assert objects(text) == [("b", key)]


@pytest.mark.parametrize("body", ["", "no JSON", "[]", '{"Records": 1}', '{"Message": "x"}'])
def test_what_is_no_announcement_is_no_silent_one(body: str):
    with pytest.raises(ValueError, match=r".+"):
        objects(body)


def test_a_test_message_of_s3_announces_nothing():
    sent = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"}
    assert objects(json.dumps(sent)) == []

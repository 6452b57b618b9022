"""CloudTrail: files that a queue announces, deleted from it once stored; or events looked up."""

import gzip
import json

import pytest
from provider_script import HOUR, NOW, Asked, answered, in_turn, provider, records
from scripted_trail import BUCKET, KEY, KEYS, QUEUE, S3, STORED, Sqs, by_s3, log_file, trail

from collectors.contract import Cursor
from collectors.errors import CursorLost, Retry, Stop


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET", "s3cret")


MESSAGES = {
    "S3": by_s3(),
    "S3 by SNS": {"Type": "Notification", "Message": json.dumps(by_s3())},
    "CloudTrail by SNS": {
        "Type": "Notification",
        "Message": json.dumps({"s3Bucket": BUCKET, "s3ObjectKey": [KEY]}),
    },
    "CloudTrail by SNS, raw": {"s3Bucket": BUCKET, "s3ObjectKey": [KEY]},
    "EventBridge": {
        "detail-type": "Object Created",
        "detail": {"bucket": {"name": BUCKET}, "object": {"key": KEY}},
    },
}


@pytest.mark.parametrize("wrapped", list(MESSAGES))
def test_fetches_what_a_message_announces(wrapped: str):
    found = trail(Sqs(MESSAGES[wrapped]), S3(STORED)).records("files")
    assert [record["eventID"] for record in found] == ["1", "2"]


def test_a_message_is_deleted_only_once_its_events_are_stored():
    sqs = Sqs(by_s3())
    (page,) = trail(sqs, S3(STORED)).pages("files")
    assert sqs.deleted == []
    assert page.acknowledge is not None
    page.acknowledge()
    assert sqs.deleted == ["r0"]


def test_empties_the_queue_ten_messages_at_a_time_out_of_sight_of_others():
    sqs = Sqs(*[by_s3() for _ in range(23)])
    assert len(list(trail(sqs, S3(STORED)).pages("files"))) == 23
    assert [one["MaxNumberOfMessages"] for one in sqs.asked] == [10] * 4
    assert all(one["VisibilityTimeout"] == 900 for one in sqs.asked)
    assert all(one["QueueUrl"] == QUEUE for one in sqs.asked)


def test_requests_are_signed_for_their_service():
    cloudtrail = trail(Sqs(by_s3()), S3(STORED))
    cloudtrail.records("files")
    signed = [call.headers["Authorization"] for call in cloudtrail.script.calls]
    assert "eu-west-1/sqs/aws4_request" in signed[0]
    assert "eu-west-1/s3/aws4_request" in signed[1]


def test_a_message_without_objects_is_deleted_at_once():
    sqs = Sqs({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": BUCKET})
    assert list(trail(sqs, S3({})).pages("files")) == []
    assert sqs.deleted == ["r0"]


def test_a_file_of_digests_has_no_events():
    sqs = Sqs(by_s3("digest.json.gz"))
    digest = gzip.compress(b'{"awsAccountId": "1", "digestS3Bucket": "x"}', mtime=0)
    assert list(trail(sqs, S3({f"/{BUCKET}/digest.json.gz": digest})).pages("files")) == []
    assert sqs.deleted == ["r0"]


def test_a_file_that_was_unpacked_on_the_way_is_read():
    path = next(iter(STORED))
    plain = S3({path: gzip.decompress(STORED[path])})
    assert len(trail(Sqs(by_s3()), plain).records("files")) == 2


@pytest.mark.parametrize("body", [b"not a file", log_file("1")[:20], gzip.compress(b"{", mtime=0)])
def test_a_damaged_or_missing_file_stays_in_the_queue_and_stops_nothing(body: bytes):
    bad = {f"/{BUCKET}/bad.json.gz": body}
    sqs = Sqs(by_s3("bad.json.gz"), by_s3("missing.json.gz"), "not a message", by_s3())
    pages = list(trail(sqs, S3(STORED | bad)).pages("files"))
    assert len(pages) == 1
    for page in pages:
        assert page.acknowledge is not None
        page.acknowledge()
    assert sqs.deleted == ["r3"]


def test_what_is_missing_on_the_bucket_is_named():
    def denied(asked: Asked):
        return answered(b"<Code>AccessDenied</Code>", 403)

    with pytest.raises(Stop, match=r"s3:GetObject.*kms:Decrypt"):
        trail(Sqs(by_s3()), denied).records("files")


def events(*ids: str, token: str | None = None):
    found = [
        {"EventId": one, "CloudTrailEvent": json.dumps({"eventID": one, "note": "é\n"})}
        for one in ids
    ]
    return answered({"Events": found, "NextToken": token} if token else {"Events": found})


def test_looks_events_up_and_takes_each_out_of_its_text():
    lookup = provider("cloudtrail", KEYS, in_turn(events("2", token="t1"), events("1")))
    pages = list(lookup.pages("lookup", Cursor(NOW - HOUR), NOW))
    found = [record for page in pages for record in records(page)]
    assert found == [{"eventID": "2", "note": "é\n"}, {"eventID": "1", "note": "é\n"}]
    first, second = lookup.script.calls
    assert first.address == "https://cloudtrail.eu-west-1.amazonaws.com/"
    assert first.headers["X-Amz-Target"].endswith("CloudTrail_20131101.LookupEvents")
    start, end = (NOW - HOUR).timestamp(), NOW.timestamp()
    assert first.json == {"StartTime": start, "EndTime": end, "MaxResults": 50}
    assert second.json == {**first.json, "NextToken": "t1"}
    assert "eu-west-1/cloudtrail/aws4_request" in first.headers["Authorization"]


def test_asks_no_more_than_twice_a_second():
    limits = provider("cloudtrail", KEYS).collector.limits
    assert limits.requests / limits.per.total_seconds() == 2


def test_an_account_with_a_queue_reads_files_only():
    assert [stream.name for stream in trail().collector.streams] == ["files"]
    assert [stream.name for stream in provider("cloudtrail", KEYS).collector.streams] == ["lookup"]


@pytest.mark.parametrize("begun", [{}, {"token": "t1"}])
def test_throttling_told_with_400_is_waited_for(begun: dict[str, str]):
    busy = answered({"__type": "ThrottlingException", "message": "Rate exceeded"}, 400)
    lookup = provider("cloudtrail", KEYS, in_turn(busy, busy, events("1")))
    assert len(lookup.records("lookup", Cursor(NOW - HOUR, NOW, begun))) == 1
    with pytest.raises(Retry):
        provider("cloudtrail", KEYS, lambda asked: busy).records("lookup")


@pytest.mark.parametrize("error", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_credentials_that_were_changed_are_read_again(error: str, monkeypatch: pytest.MonkeyPatch):
    def answer(asked: Asked):
        if "Credential=AKIAEXAMPLE/" in asked.headers["Authorization"]:
            monkeypatch.setenv("AWS_ID", "AKIANEW")
            return answered({"__type": error}, 400)
        return events("1")

    assert len(provider("cloudtrail", KEYS, answer).records("lookup")) == 1


def test_a_refused_token_is_a_lost_cursor():
    refused = answered({"__type": "InvalidNextTokenException"}, 400)
    lookup = provider("cloudtrail", KEYS, in_turn(refused))
    with pytest.raises(CursorLost):
        lookup.records("lookup", Cursor(NOW - HOUR, NOW, {"token": "t1"}))


@pytest.mark.parametrize("status", [400, 403])
def test_a_missing_permission_is_named(status: int):
    refused = answered({"__type": "AccessDeniedException"}, status)
    with pytest.raises(Stop, match="cloudtrail:LookupEvents"):
        provider("cloudtrail", KEYS, in_turn(refused)).records("lookup")

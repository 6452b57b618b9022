"""What `antipode check` asks of a trail: the queue stays as it was."""

import pytest
from provider_script import HOUR, NOW, Provider, answered
from scripted_trail import S3, STORED, Sqs, by_s3, trail

from collectors.contract import Cursor, Looked
from collectors.errors import Stop


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET", "s3cret")


def look(found: Provider) -> Looked:
    looked: Looked = found.collector.look(  # not all have it
        found.http, found.stream("files"), Cursor(NOW - HOUR), NOW
    )
    return looked


def test_reads_what_one_message_announces_and_takes_nothing_away():
    sqs = Sqs(by_s3(), {"Event": "s3:TestEvent"})
    assert look(trail(sqs, S3(STORED))) == Looked(2)
    (asked,) = sqs.asked
    assert (asked["MaxNumberOfMessages"], asked["VisibilityTimeout"]) == (1, 0)
    assert sqs.deleted == []


def test_a_message_without_events_stays_too():
    sqs = Sqs({"Event": "s3:TestEvent"})
    assert look(trail(sqs)).records == 0
    assert sqs.deleted == []


def test_says_that_an_empty_queue_proves_nothing_of_the_bucket():
    assert "no file was read" in look(trail(Sqs())).note


def test_says_that_a_file_is_gone():
    assert "is gone" in look(trail(Sqs(by_s3()), S3({}))).note


def test_names_the_rights_that_are_missing():
    denied = answered(b"<Error><Code>AccessDenied</Code></Error>", 403)
    with pytest.raises(Stop, match="s3:GetObject"):
        look(trail(Sqs(by_s3()), lambda asked: denied))

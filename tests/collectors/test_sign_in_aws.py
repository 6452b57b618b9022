"""AWS signatures: those that botocore itself makes, for the time that is told."""

from datetime import UTC, datetime
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from collectors.errors import Stop
from collectors.secret import Secret
from collectors.sign_in_aws import AwsSignature
from collectors.sign_in_call import Call

NOW = datetime(2026, 3, 9, 12, 30, 15, tzinfo=UTC)
SQS, S3 = "https://sqs.eu-west-1.amazonaws.com", "https://s3.eu-west-1.amazonaws.com"
CALLS = {
    "sqs": Call("POST", f"{SQS}/", {"X-Amz-Target": "AmazonSQS.ReceiveMessage"}, b'{"a": 1}'),
    "s3": Call("GET", f"{S3}/bucket/a%2Bb/c~d.json.gz?x=1", {"Accept": "*/*"}),
}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_KEY", "s3cret")


def signature() -> AwsSignature:
    pair = {"access_key_id": Secret("env:AWS_ID"), "secret_access_key": Secret("env:AWS_KEY")}
    return AwsSignature("eu-west-1", {SQS: "sqs", S3: "s3"}, **pair)


def nothing_sent(call: Call) -> Any:
    raise AssertionError("a signature needs no request")


@pytest.mark.parametrize("service", list(CALLS))
def test_signs_as_botocore_does(service: str, monkeypatch: pytest.MonkeyPatch):
    call = CALLS[service]
    found = signature().headers(call, NOW, nothing_sent)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    request = AWSRequest(call.method, call.url, dict(call.headers), call.body or b"")
    kind(Credentials("AKIAEXAMPLE", "s3cret"), service, "eu-west-1").add_auth(request)
    expected = {name: value for name, value in request.headers.items() if name not in call.headers}
    assert found == expected


def test_signs_for_the_time_that_is_told():
    found = signature().headers(CALLS["sqs"], NOW, nothing_sent)
    assert found["X-Amz-Date"] == "20260309T123015Z"


def test_a_host_that_is_no_service_of_the_account_gets_no_signature():
    with pytest.raises(Stop, match="no AWS service"):
        signature().headers(Call("GET", "https://elsewhere.example/"), NOW, nothing_sent)


def test_changed_credentials_are_read_when_told_to_forget(monkeypatch: pytest.MonkeyPatch):
    signs = signature()
    assert "AKIAEXAMPLE/" in signs.headers(CALLS["sqs"], NOW, nothing_sent)["Authorization"]
    monkeypatch.setenv("AWS_ID", "AKIANEW")
    assert "AKIAEXAMPLE/" in signs.headers(CALLS["sqs"], NOW, nothing_sent)["Authorization"]
    assert signs.forget({})
    assert "AKIANEW/" in signs.headers(CALLS["sqs"], NOW, nothing_sent)["Authorization"]

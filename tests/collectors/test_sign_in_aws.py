"""AWS signatures: those that botocore itself makes, for the time that is told."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from scripted_server import Answer, ScriptedServer

from collectors.errors import Retry, Stop
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


ROLE = "arn:aws:iam::111122223333:role/antipode"
ASSUMED = b"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleResult><Credentials><AccessKeyId>ASIATEMPORARY</AccessKeyId>
<SecretAccessKey>for-an-hour</SecretAccessKey><SessionToken>session-token</SessionToken>
<Expiration>2126-03-09T13:30:15Z</Expiration></Credentials></AssumeRoleResult>
</AssumeRoleResponse>"""


def no(code: str) -> bytes:
    return (
        f"<ErrorResponse><Error><Code>{code}</Code><Message>User: arn:aws:iam::9:user/x is not "
        "allowed</Message></Error></ErrorResponse>"
    ).encode()


def of_a_role(sts: ScriptedServer, external_id: str = "") -> AwsSignature:
    return AwsSignature(
        "eu-west-1",
        {SQS: "sqs"},
        access_key_id=Secret("env:AWS_ID"),
        secret_access_key=Secret("env:AWS_KEY"),
        role=ROLE,
        external_id=external_id,
        sts_url=sts.address,
    )


def test_assumes_the_role_and_signs_with_what_it_is_given(server: ScriptedServer):
    server.answers = [Answer(200, ASSUMED, {"Content-Type": "text/xml"})]
    signs = of_a_role(server, "acme-17")
    found = [signs.headers(CALLS["sqs"], NOW, nothing_sent) for _ in range(2)]
    assert "Credential=ASIATEMPORARY/" in found[1]["Authorization"]
    assert found[1]["X-Amz-Security-Token"] == "session-token"
    (asked,) = server.asked  # they hold for an hour
    assert "Credential=AKIAEXAMPLE/" in asked.headers["authorization"]
    sent = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    assert (sent["Action"], sent["RoleArn"]) == ("AssumeRole", ROLE)
    assert sent["ExternalId"] == "acme-17"


def test_no_external_id_is_sent_where_none_is_configured(server: ScriptedServer):
    server.answers = [Answer(200, ASSUMED, {"Content-Type": "text/xml"})]
    of_a_role(server).headers(CALLS["sqs"], NOW, nothing_sent)
    assert "ExternalId" not in server.asked[0].body.decode()


@pytest.mark.parametrize("external_id", ["acme-17", ""])
def test_a_role_that_may_not_be_assumed_is_named_with_the_remedy(
    server: ScriptedServer, external_id: str
):
    server.answers = [Answer(403, no("AccessDenied"), {"Content-Type": "text/xml"})]
    with pytest.raises(Stop, match="trust policy") as caught:
        of_a_role(server, external_id).headers(CALLS["sqs"], NOW, nothing_sent)
    said = str(caught.value)
    assert ROLE in said
    assert (repr(external_id) if external_id else "no external id") in said
    assert "AccessDenied" in said
    assert "user/x" not in said


def test_trouble_of_sts_passes(server: ScriptedServer):
    server.answers = [Answer(400, no("Throttling"), {"Content-Type": "text/xml"})]
    with pytest.raises(Retry, match=ROLE):
        of_a_role(server).headers(CALLS["sqs"], NOW, nothing_sent)
    server.answers = [Answer(tear="head")]
    with pytest.raises(Retry, match="the next run tries again"):
        of_a_role(server).headers(CALLS["sqs"], NOW, nothing_sent)

"""What AWS refuses ends a command with what was asked, the answer, and what to do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import exceptions
from botocore.stub import Stubber

from antipode import aws_errors, cli

WORK = ("submit", "detect", "--date", "2026-10-31", "--lake", "s3://bucket/lake")
CLUSTER = (*WORK, "--package", "s3://bucket/packages/one", "--cluster", "j-1ABCDEFGHIJKL")
DEPLOYMENT = str(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "ANTIPODE_S3_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL_EMR", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which remembers credentials
    monkeypatch.setattr("time.sleep", lambda _: None)


def said(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.run(list(words)) == 1
    return capsys.readouterr().err


def answering(code: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let EMR answer the first question so."""
    client: Any = boto3.client("emr", "eu-central-1")
    stub = Stubber(client)
    stub.add_client_error("list_steps", service_error_code=code, service_message=message)
    stub.activate()
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)


@pytest.mark.parametrize(
    ("code", "message", "remedy"),
    [
        ("ExpiredTokenException", "The security token is expired", "have expired; sign in again"),
        ("UnrecognizedClientException", "The token is invalid", "not of an account"),
        ("AccessDeniedException", "not authorized to perform", "conf/emr/iam has what each role"),
        ("InvalidRequestException", "Cluster id 'j-1ABCDEFGHIJKL' is not valid.", "--cluster"),
        ("ThrottlingException", "Rate exceeded", "in some minutes"),
        ("InternalServerException", "Failed", "AWS refused ListSteps: InternalServerException"),
    ],
)
def test_an_answer_is_told_with_its_remedy(
    code: str,
    message: str,
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answering(code, message, monkeypatch)
    told = said(CLUSTER, capsys)
    assert f"AWS refused ListSteps: {code}: {message}" in told.replace("\\'", "'")
    assert remedy in told


def test_without_credentials_it_says_how_to_get_some(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert aws_errors.SIGN_IN in said((*CLUSTER, "--deployment", DEPLOYMENT), capsys)


def test_without_a_region_it_says_where_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ANTIPODE_S3_REGION" in said(CLUSTER, capsys)


def test_a_server_that_is_not_reached_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    told = said(CLUSTER, capsys)
    assert "AWS could not be reached" in told
    assert "127.0.0.1:9" in told


def test_no_secret_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    answering("ExpiredToken", "expired", monkeypatch)
    assert "very-secret" not in said(CLUSTER, capsys)


def test_an_error_that_is_not_of_aws_is_none_of_these() -> None:
    assert aws_errors.told(ValueError("1")) is None
    assert aws_errors.told(exceptions.ParamValidationError(report="ours")) is None


def test_the_command_line_starts_without_botocore() -> None:
    code = "import sys, antipode.cli; sys.exit('botocore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

"""A secret is referred to, looked up when it is needed, and never told."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from pydantic import BaseModel, ConfigDict, ValidationError

from collectors.errors import Stop
from collectors.secret import Secret


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield


class Model(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    token: Secret


class TestLookingUp:
    def test_in_the_environment_each_time_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        secret = Secret("env:S_ONE")
        for value in ("first", "renewed"):
            monkeypatch.setenv("S_ONE", value)
            assert secret.value() == value

    def test_in_a_file_without_the_line_end(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("a b\n")
        assert Secret(f"file:{tmp_path / 'token'}").value() == "a b"

    @pytest.mark.usefixtures("aws")
    def test_in_secrets_manager(self) -> None:
        client = boto3.client("secretsmanager")
        client.create_secret(Name="acme/okta", SecretString="plain")
        client.create_secret(Name="acme/box", SecretString=json.dumps({"id": 1, "key": "k"}))
        assert Secret("aws-secretsmanager:acme/okta").value() == "plain"
        assert Secret("aws-secretsmanager:acme/box#key").value() == "k"

    @pytest.mark.usefixtures("aws")
    def test_in_the_parameter_store(self) -> None:
        boto3.client("ssm").put_parameter(Name="/acme/okta", Value="p", Type="SecureString")
        assert Secret("ssm:/acme/okta").value() == "p"

    @pytest.mark.usefixtures("aws")
    @pytest.mark.parametrize(
        "reference",
        ["env:S_NOT_THERE", "file:/not/there", "aws-secretsmanager:nothing", "ssm:/nothing"],
    )
    def test_one_that_is_not_there_is_named(self, reference: str) -> None:
        with pytest.raises(Stop, match=reference):
            Secret(reference).value()

    @pytest.mark.usefixtures("aws")
    def test_a_key_that_is_not_there_does_not_tell_the_rest(self) -> None:
        boto3.client("secretsmanager").create_secret(Name="s", SecretString='{"a": "hidden"}')
        with pytest.raises(Stop) as raised:
            Secret("aws-secretsmanager:s#b").value()
        assert "hidden" not in f"{raised.value!r} {raised.value.__cause__!r}"

    def test_an_empty_one_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("S_ONE", "")
        with pytest.raises(Stop, match="S_ONE is empty"):
            Secret("env:S_ONE").value()


class TestConfiguring:
    def test_as_text_it_is_the_reference(self) -> None:
        secret = Model.model_validate({"token": "env:NAME"}).token
        assert str(secret) == "env:NAME"
        assert Model(token=secret).model_dump_json() == '{"token":"env:NAME"}'

    @pytest.mark.parametrize("written", ["hunter2", "env:", "vault:hunter2", 7, None])
    def test_a_secret_in_place_of_a_reference_is_refused_and_not_repeated(
        self, written: object
    ) -> None:
        with pytest.raises(ValidationError) as raised:
            Model.model_validate({"token": written})
        assert "env:NAME" in str(raised.value)
        assert "hunter2" not in str(raised.value)

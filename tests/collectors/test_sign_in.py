"""Tokens are asked for as the standards say, renewed in time, and kept out of every message."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collectors.errors import Retry, Stop
from collectors.response import Response
from collectors.secret import Secret
from collectors.sign_in import (
    AwsSignature,
    Call,
    ClientCredentials,
    JwtAssertion,
    JwtBearer,
    StaticToken,
    signed_jwt,
)

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
CALL = Call("GET", "https://api.example.com/log")
TOKENS = "https://login.example.com/token"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(password: bytes | None = None) -> str:
    encryption: Any = serialization.NoEncryption()
    if password:
        encryption = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return KEY.private_bytes(serialization.Encoding.PEM, form, encryption).decode()


class TokenServer:
    """Takes requests for tokens and answers each in turn."""

    def __init__(self, *answers: Mapping[str, Any] | int, date: datetime | None = None) -> None:
        self.answers = list(answers) or [{"access_token": "t1", "expires_in": 3600}]
        self.date = date
        self.calls: list[Call] = []

    def send(self, call: Call) -> Response:
        self.calls.append(call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        headers = {"date": f"{self.date:%a, %d %b %Y %H:%M:%S} GMT"} if self.date else {}
        if isinstance(answer, int):
            return Response(answer, headers, b'{"error": "invalid_grant"}', "POST login")
        return Response(200, headers, json.dumps(answer).encode(), "POST login")

    def form(self, number: int = 0) -> dict[str, str]:
        body = self.calls[number].body or b""
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S_SECRET", "s3cret&:")
    monkeypatch.setenv("S_KEY", pem())


class TestStaticToken:
    @pytest.mark.parametrize(
        ("options", "header"),
        [
            ({}, {"Authorization": "Bearer s3cret&:"}),
            ({"scheme": "SSWS"}, {"Authorization": "SSWS s3cret&:"}),
            ({"scheme": "", "header": "X-Token"}, {"X-Token": "s3cret&:"}),
        ],
    )
    def test_is_sent_as_the_provider_wants_it(
        self, options: dict[str, str], header: dict[str, str]
    ) -> None:
        token = StaticToken(Secret("env:S_SECRET"), **options)
        assert token.headers(CALL, NOON, TokenServer().send) == header


class TestClientCredentials:
    def test_sends_id_and_secret_in_the_form(self) -> None:
        server = TokenServer()
        sign_in = ClientCredentials(TOKENS, "me", Secret("env:S_SECRET"), scope="a b")
        assert sign_in.headers(CALL, NOON, server.send) == {"Authorization": "Bearer t1"}
        assert server.form() == {
            "grant_type": "client_credentials",
            "client_id": "me",
            "client_secret": "s3cret&:",
            "scope": "a b",
        }

    def test_or_in_a_header_with_other_fields(self) -> None:
        server = TokenServer()
        form = {"grant_type": "account_credentials", "account_id": "7"}
        sign_in = ClientCredentials(TOKENS, "me", Secret("env:S_SECRET"), basic=True, form=form)
        sign_in.headers(CALL, NOON, server.send)
        scheme, pair = server.calls[0].headers["Authorization"].split()
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        assert (scheme, base64.b64decode(pair)) == ("Basic", b"me:s3cret%26%3A")
        assert server.form() == form

    def test_or_a_signed_assertion(self) -> None:
        server = TokenServer()
        proof = JwtAssertion(Secret("env:S_KEY"), {"kid": "k1"})
        ClientCredentials(TOKENS, "me", proof).headers(CALL, NOON, server.send)
        sent = server.form()["client_assertion"]
        claims = decoded(sent, TOKENS)
        assert (claims["iss"], claims["sub"]) == ("me", "me")
        assert claims["exp"] - NOON.timestamp() <= 300
        assert jwt.get_unverified_header(sent)["kid"] == "k1"


class TestJwtBearer:
    def test_exchanges_a_signed_jwt(self) -> None:
        server = TokenServer()
        sign_in = JwtBearer(
            TOKENS,
            lambda now: signed_jwt({"iss": "i", "sub": "s", "aud": "a"}, pem(), now),
            form=lambda: {"client_secret": "x"},
        )
        sign_in.headers(CALL, NOON, server.send)
        form = server.form()
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assert form["client_secret"] == "x"
        assert decoded(form["assertion"], "a")["sub"] == "s"

    def test_takes_a_key_under_a_password(self) -> None:
        token = signed_jwt({"aud": "a"}, pem(b"open"), NOON, password="open")
        assert decoded(token, "a")["aud"] == "a"

    def test_a_key_that_is_none_says_so_and_not_what_it_is(self) -> None:
        with pytest.raises(Stop, match="PEM") as raised:
            signed_jwt({}, "not-a-key-but-secret", NOON)
        assert "secret" not in str(raised.value)


class TestRenewal:
    def sign_in(self) -> ClientCredentials:
        return ClientCredentials(TOKENS, "me", Secret("env:S_SECRET"))

    def test_one_token_serves_until_shortly_before_its_end(self) -> None:
        server, sign_in = TokenServer(), self.sign_in()
        for minutes in (0, 30, 54):
            sign_in.headers(CALL, NOON + timedelta(minutes=minutes), server.send)
        assert len(server.calls) == 1
        sign_in.headers(CALL, NOON + timedelta(minutes=55), server.send)
        assert len(server.calls) == 2

    def test_a_short_one_is_used_for_most_of_its_life(self) -> None:
        server = TokenServer({"access_token": "t", "expires_in": "60"})
        sign_in = self.sign_in()
        for seconds in (0, 50, 55):
            sign_in.headers(CALL, NOON + timedelta(seconds=seconds), server.send)
        assert len(server.calls) == 2

    def test_a_refused_one_is_replaced(self) -> None:
        server = TokenServer({"access_token": "t1"}, {"access_token": "t2"})
        sign_in = self.sign_in()
        refused = sign_in.headers(CALL, NOON, server.send)
        assert sign_in.forget(refused)
        assert sign_in.headers(CALL, NOON, server.send) == {"Authorization": "Bearer t2"}

    def test_one_that_others_have_replaced_costs_them_nothing(self) -> None:
        """Of several requests under way with one token, each is told that it has ended."""
        server = TokenServer({"access_token": "t1"}, {"access_token": "t2"})
        sign_in = self.sign_in()
        refused = sign_in.headers(CALL, NOON, server.send)
        assert sign_in.forget(refused)
        assert not sign_in.forget(refused)
        sign_in.headers(CALL, NOON, server.send)
        assert not sign_in.forget(refused)
        assert sign_in.headers(CALL, NOON, server.send) == {"Authorization": "Bearer t2"}
        assert len(server.calls) == 2

    def test_an_assertion_is_signed_for_the_providers_clock_when_ours_is_off(self) -> None:
        theirs = NOON + timedelta(minutes=5)
        server = TokenServer(400, {"access_token": "t"}, date=theirs)
        proof = JwtAssertion(Secret("env:S_KEY"))
        ClientCredentials(TOKENS, "me", proof).headers(CALL, NOON, server.send)
        issued = decoded(server.form(1)["client_assertion"], TOKENS)["iat"]
        assert abs(issued - theirs.timestamp()) <= 60

    def test_a_refusal_names_the_error_and_no_secret(self) -> None:
        with pytest.raises(Stop, match="401, invalid_grant") as raised:
            self.sign_in().headers(CALL, NOON, TokenServer(401).send)
        assert "s3cret" not in str(raised.value)

    def test_a_server_in_trouble_is_asked_later(self) -> None:
        with pytest.raises(Retry):
            self.sign_in().headers(CALL, NOON, TokenServer(503).send)

    def test_the_token_is_in_no_text_of_the_object(self) -> None:
        sign_in = self.sign_in()
        sign_in.headers(CALL, NOON, TokenServer().send)
        assert "t1" not in repr(vars(sign_in))


class TestAwsSignature:
    SQS = "https://sqs.eu-west-1.amazonaws.com"

    def test_signs_with_the_pair_that_is_given(self) -> None:
        sign_in = AwsSignature(
            "eu-west-1",
            {self.SQS: "sqs"},
            access_key_id=Secret("env:S_SECRET"),
            secret_access_key=Secret("env:S_KEY"),
        )
        call = Call("POST", f"{self.SQS}/", {"X-Amz-Target": "AmazonSQS.ReceiveMessage"}, b"{}")
        headers = sign_in.headers(call, NOON, TokenServer().send)
        signed = headers["Authorization"]
        assert signed.startswith("AWS4-HMAC-SHA256 Credential=s3cret&:/")
        assert "/eu-west-1/sqs/aws4_request" in signed
        assert "x-amz-target" in signed

    def test_signs_for_no_other_host(self) -> None:
        sign_in = AwsSignature("eu-west-1", {self.SQS: "sqs"})
        with pytest.raises(Stop, match=r"evil\.example\.com"):
            sign_in.headers(Call("GET", "https://evil.example.com/"), NOON, TokenServer().send)


def decoded(token: str, audience: str) -> dict[str, Any]:
    options: Any = {"verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(
        token, KEY.public_key(), ["RS256"], audience=audience, options=options
    )
    return found

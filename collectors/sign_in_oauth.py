"""OAuth 2 without a person: client credentials (RFC 6749, 4.4) and JWT bearer (RFC 7523).

A token is asked for when there is none, when it ends within five minutes (or a tenth of its life,
for short ones), and after the provider refused it.
"""

import base64
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from collectors.backoff import date_of
from collectors.errors import Retry, Stop
from collectors.response import Response
from collectors.secret import Secret
from collectors.sign_in_call import Call, Send

SKEW = timedelta(seconds=30)  # by which clocks may differ before it matters
EARLY = timedelta(minutes=5)  # a token is renewed this long before its end
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Token:
    """A token and when it is to be renewed."""

    value: str = field(repr=False)
    renew: datetime


class _Grant(msgspec.Struct):
    access_token: str
    expires_in: float | str | None = None


class OAuth:
    """Any sign-in that exchanges something for a token that ends; the others here are made of it.

    `request`  makes the request for a token; it is told the time.
    `read`     finds token and life in the answer; by default `access_token` and `expires_in`.
    `life`     how long a token holds when the answer does not say.
    """

    def __init__(
        self,
        request: Callable[[datetime], Call],
        read: Callable[[Response, datetime], tuple[str, timedelta | None]] | None = None,
        life: timedelta = timedelta(hours=1),
    ) -> None:
        """Ask for nothing yet."""
        self._request, self._read, self._life = request, read or _granted, life
        self._token: Token | None = None
        self._alone = threading.Lock()

    def headers(self, call: Call, now: datetime, send: Send) -> Mapping[str, str]:
        """Return the `Authorization` header; asks for a token first when that is due."""
        with self._alone:  # streams that run side by side ask once
            if self._token is None or now >= self._token.renew:
                self._token = self._asked(now, send)
            return {"Authorization": f"Bearer {self._token.value}"}

    def forget(self, refused: Mapping[str, str]) -> bool:
        """Ask for a new token next time, unless there is one already."""
        token = self._token
        if token is None or refused.get("Authorization") != f"Bearer {token.value}":
            return False
        self._token = None
        return True

    def _asked(self, now: datetime, send: Send) -> Token:
        answer = send(self._request(now))
        if 400 <= answer.status < 429:
            ahead = (date_of(answer.headers) or now) - now
            if abs(ahead) > SKEW:  # a signed assertion was of another time than the provider's
                answer = send(self._request(now + ahead))
        if answer.status == 429 or answer.status >= 500:
            raise Retry(f"{answer.place}: signing in was answered with {answer.status}.")
        if answer.status >= 400:
            raise Stop(
                f"{answer.place}: signing in was refused ({answer.status}{_reason(answer)}): "
                "check the id, the secret or key, and the scopes of this account."
            )
        value, life = self._read(answer, now)
        life = life or self._life
        return Token(value, now + life - min(EARLY, life / 10))


def _granted(answer: Response, now: datetime) -> tuple[str, timedelta | None]:
    grant = answer.decode(_Grant)
    return grant.access_token, timedelta(seconds=float(grant.expires_in or 0)) or None


def _reason(answer: Response) -> str:
    """Return the error's short name (`invalid_client`): it is one of a list, never a secret."""
    try:
        name = msgspec.json.decode(answer.body)["error"]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        return ""
    known = isinstance(name, str) and name.isascii() and name.replace("_", "").isalpha()
    return f", {name[:40]}" if known else ""


def signed_jwt(
    claims: Mapping[str, Any],
    key: str,
    now: datetime,
    *,
    life: timedelta = timedelta(minutes=3),
    algorithm: str = "RS256",
    headers: Mapping[str, str] | None = None,
    password: str | None = None,
) -> str:
    """Return a JWT of `claims` with `iat`, `exp` and `jti`; `key` is PEM. Raises Stop."""
    moment = int(now.timestamp())
    times = {"iat": moment, "exp": moment + int(life.total_seconds()), "jti": str(uuid.uuid4())}
    try:
        # That the numbers of an RSA key are primes takes 50 ms to check, in which everything else
        # stands still. The provider gave the key, and refuses what a damaged one has signed.
        private: Any = load_pem_private_key(
            key.encode(),
            password.encode() if password else None,
            unsafe_skip_rsa_key_validation=True,
        )
        return jwt.encode(
            {**times, **claims}, private, algorithm=algorithm, headers=dict(headers or {})
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, jwt.PyJWTError) as error:
        raise Stop(
            f"The private key cannot sign ({type(error).__name__}): give the whole PEM file, and "
            "its password if it has one."
        ) from None


@dataclass(frozen=True)
class JwtAssertion:
    """A client that proves itself by a signed JWT in place of a secret (private_key_jwt).

    `headers`: such as `{"kid": …}`, or `{"x5t": …}` for a certificate.
    """

    key: Secret
    headers: Mapping[str, str] = field(default_factory=dict)
    algorithm: str = "RS256"

    def form(self, client_id: str, audience: str, now: datetime) -> dict[str, str]:
        """Return the fields of the form that take the secret's place."""
        claims = {"iss": client_id, "sub": client_id, "aud": audience}
        signed = signed_jwt(
            claims, self.key.value(), now, algorithm=self.algorithm, headers=self.headers
        )
        return {"client_assertion_type": _ASSERTION, "client_assertion": signed}


class ClientCredentials(OAuth):
    """Client id and secret, or a signed assertion, for a token.

    `basic`  send id and secret in the `Authorization` header rather than in the form.
    `form`   further or other fields, such as `{"grant_type": "account_credentials"}`.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        secret: Secret | JwtAssertion,
        *,
        scope: str = "",
        basic: bool = False,
        form: Mapping[str, str] | None = None,
        life: timedelta = timedelta(hours=1),
    ) -> None:
        """Ask for nothing yet."""

        def request(now: datetime) -> Call:
            fields = {"grant_type": "client_credentials"}
            headers = {}
            if isinstance(secret, JwtAssertion):
                fields |= {"client_id": client_id} | secret.form(client_id, token_url, now)
            elif basic:
                pair = f"{quote(client_id, '')}:{quote(secret.value(), '')}".encode()
                headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
            else:
                fields |= {"client_id": client_id, "client_secret": secret.value()}
            return form_call(token_url, fields | _scope(scope) | dict(form or {}), headers)

        super().__init__(request, life=life)


class JwtBearer(OAuth):
    """A signed JWT for a token: service accounts, and users whose consent was given beforehand.

    `assertion`  makes the JWT, with `signed_jwt`; it is told the time.
    `form`       further fields, told anew at each request: they may hold a secret.
    """

    def __init__(
        self,
        token_url: str,
        assertion: Callable[[datetime], str],
        *,
        form: Callable[[], Mapping[str, str]] = dict,
        life: timedelta = timedelta(hours=1),
    ) -> None:
        """Ask for nothing yet."""

        def request(now: datetime) -> Call:
            fields = {"grant_type": _JWT_GRANT, "assertion": assertion(now)}
            return form_call(token_url, fields | dict(form()))

        super().__init__(request, life=life)


def form_call(
    url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> Call:
    """Return a POST request with a form."""
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return Call("POST", url, sent | dict(headers or {}), urlencode(fields).encode())


def _scope(scope: str) -> dict[str, str]:
    return {"scope": scope} if scope else {}

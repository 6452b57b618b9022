"""Sign-in: secrets of the accounts, tokens with an end, assertions signed with RS256."""

import hashlib
import hmac
import itertools
from collections.abc import Iterable
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from provider_simulator.clock import SECOND
from provider_simulator.exchange import Refused

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"  # RFC 7523
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOLERANCE = 310  # seconds that the clock of the one who signs may be off: five minutes


class Keys:
    """The one key pair that all accounts of a simulator sign with; made at its start."""

    def __init__(self) -> None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public = private.public_key()
        self.private_pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


class Tokens:
    """Access tokens: whose they are and when they end."""

    def __init__(self, seed: int) -> None:
        self._seed = str(seed).encode()
        self._serial = itertools.count(1)
        self._ends: dict[tuple[str, str, str], int] = {}

    def secret(self, provider: str, tenant: str, name: str) -> str:
        """Return a secret of an account that is always the same: a client secret, an API token."""
        text = f"{provider}/{tenant}/{name}".encode()
        return hmac.new(self._seed, text, hashlib.sha256).hexdigest()[:40]

    def issue(self, provider: str, tenant: str, now: int, seconds: float) -> str:
        token = self.secret(provider, tenant, f"token {next(self._serial)}")
        self._ends[provider, tenant, token] = now + round(seconds * SECOND)
        return token

    def good(self, provider: str, tenant: str, token: str, now: int) -> bool:
        return now < self._ends.get((provider, tenant, token), 0)

    def revoke(self, provider: str, tenant: str, token: str) -> None:
        self._ends.pop((provider, tenant, token), None)


def claims(
    assertion: str,
    keys: Keys,
    *,
    issuer: str,
    audience: str | Iterable[str] | None,
    now: int,
    longest: int = 3600,
    required: tuple[str, ...] = ("iss", "aud", "exp"),
) -> dict[str, Any]:
    """Return what a signed assertion claims; refuses a wrong signature, issuer, audience or time.

    `longest` is the life in seconds that the provider grants an assertion.
    """
    try:
        found: dict[str, Any] = jwt.decode(
            assertion,
            keys.public,
            algorithms=["RS256"],
            issuer=issuer,
            audience=audience,
            # Its times are checked below, by the simulator's clock.
            options={
                "require": list(required),
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": audience is not None,
            },
        )
    except jwt.InvalidTokenError as error:
        raise Refused("bad_credentials", f"assertion: {error}") from None
    seconds = now // SECOND
    end, begin = float(found["exp"]), float(found.get("iat", seconds))
    if end <= seconds - TOLERANCE:
        raise Refused("bad_credentials", "assertion: expired")
    if begin > seconds + TOLERANCE:
        raise Refused("bad_credentials", "assertion: issued in the future")
    if end > seconds + longest + TOLERANCE:
        raise Refused("bad_credentials", f"assertion: lives longer than {longest} seconds")
    return found

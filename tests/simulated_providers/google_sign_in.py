"""Signs in as a service account of the simulated Google."""

from typing import Any

import jwt
import plain_http
from plain_http import Response

SECONDS_AT_NOON = 1_791_288_000  # 2026-10-06T12:00:00Z


def exchange(credentials: dict[str, Any], **changed: Any) -> Response:
    """Ask for a token; `changed` replaces claims, None leaves one out."""
    key = credentials["service_account"]
    claims = {
        "iss": key["client_email"],
        "sub": credentials.get("subject"),
        "scope": credentials["scope"],
        "aud": key["token_uri"],
        "iat": SECONDS_AT_NOON,
        "exp": SECONDS_AT_NOON + 3600,
    } | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    signed = jwt.encode(claims, key["private_key"], "RS256")
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed}
    return plain_http.post_form(key["token_uri"], form)

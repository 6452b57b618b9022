"""Google's service accounts: the key file that Google hands out, and whom it acts for.

Source: Google Identity, "Using OAuth 2.0 for Server to Server Applications".
"""

from datetime import datetime

import msgspec

from collectors.errors import Stop
from collectors.secret import Secret
from collectors.sign_in_oauth import JwtBearer, signed_jwt

SIGN_IN_URL = "https://oauth2.googleapis.com/token"


class _KeyFile(msgspec.Struct):
    client_email: str
    private_key: str
    private_key_id: str | None = None


def service_account(
    key: Secret, scope: str, *, subject: str = "", token_url: str = SIGN_IN_URL
) -> JwtBearer:
    """Return the sign-in of a service account.

    `key`      the whole key file (JSON).
    `subject`  the person it acts for, where the domain delegated that to it; empty: itself.
    """

    def assertion(now: datetime) -> str:
        try:
            file = msgspec.json.decode(key.value(), type=_KeyFile)
        except msgspec.DecodeError:
            raise Stop(
                f"The secret {key} is no key file of a service account: store the JSON file that "
                "Google Cloud gives for a new key, whole."
            ) from None
        claims = {"iss": file.client_email, "scope": scope, "aud": token_url}
        if subject:
            claims["sub"] = subject
        headers = {"kid": file.private_key_id} if file.private_key_id else {}
        return signed_jwt(claims, file.private_key, now, headers=headers)

    return JwtBearer(token_url, assertion)

"""What Google's APIs share: the sign-in of service accounts and the form of errors.

- "Using OAuth 2.0 for Server to Server Applications"
  (developers.google.com/identity/protocols/oauth2/service-account): `POST /token`, JWT bearer;
  `iss` the service account, `sub` the user it acts for (domain-wide delegation), `aud` the token's
  address, at most an hour; the answer's token lives 3,599 seconds. Errors `invalid_grant`,
  `unauthorized_client`.
- "Errors" (cloud.google.com/apis/design/errors): `error` with `code`, `message`, `status`.
"""

from typing import Any

from provider_simulator.account import Account
from provider_simulator.exchange import Answer, Call, Refused, json_answer
from provider_simulator.provider import status_of
from provider_simulator.signin import JWT_BEARER, claims

TOKEN_SECONDS = 3_599.0
# why -> status, reason, message
ERRORS = {
    "unauthorized": ("UNAUTHENTICATED", "authError", "Invalid Credentials"),
    "forbidden": ("PERMISSION_DENIED", "forbidden", "The caller does not have permission"),
    "not_found": ("NOT_FOUND", "notFound", "Not Found"),
    "bad_request": ("INVALID_ARGUMENT", "invalid", "Request contains an invalid argument: {}"),
    "expired_cursor": ("INVALID_ARGUMENT", "invalid", "page_token is invalid or has expired"),
    "too_many": ("RESOURCE_EXHAUSTED", "rateLimitExceeded", "Quota exceeded for quota metric"),
    "server_error": ("INTERNAL", "backendError", "Internal error encountered."),
}


def token(call: Call, account: Account, *, scopes: set[str], subject: str | None) -> Answer:
    """Exchange an assertion for a token; it must ask for one of `scopes` and act for `subject`."""
    form = call.form()
    if form.get("grant_type") != JWT_BEARER:
        raise Refused("bad_credentials", "unsupported_grant_type")
    found = claims(
        form.get("assertion", ""),
        account.keys,
        issuer=service_account(account),
        audience=f"{call.base}/token",
        now=call.now,
        required=("iss", "aud", "exp", "iat"),
    )
    if not scopes & set(str(found.get("scope", "")).split()):
        raise Refused("bad_credentials", "unauthorized_client")
    if subject is not None and found.get("sub") != subject:
        raise Refused("bad_credentials", "unauthorized_client")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "expires_in": round(account.token_seconds),
            "token_type": "Bearer",
        }
    )


def service_account(account: Account) -> str:
    return f"collector@{account.tenant}.iam.gserviceaccount.com"


def key_file(account: Account, base: str) -> dict[str, Any]:
    """Return the key file of the service account, in Google's form."""
    return {
        "type": "service_account",
        "project_id": account.tenant,
        "private_key_id": account.secret("key id"),
        "private_key": account.keys.private_pem,
        "client_email": service_account(account),
        "client_id": account.client_id,
        "token_uri": f"{base}/token",
    }


def refuse(refused: Refused, call: Call) -> Answer:
    if refused.why == "bad_credentials":
        known = refused.detail in ("unauthorized_client", "unsupported_grant_type")
        error = refused.detail if known else "invalid_grant"
        code = 401 if error == "unauthorized_client" else 400
        return json_answer({"error": error, "error_description": refused.detail}, code)
    status, reason, message = ERRORS[refused.why]
    message = message.format(refused.detail)
    domain = "usageLimits" if refused.why == "too_many" else "global"
    document = {
        "code": status_of(refused),
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
        "status": status,
    }
    return json_answer({"error": document}, status_of(refused))

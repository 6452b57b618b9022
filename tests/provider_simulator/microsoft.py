"""What Microsoft's APIs share: the sign-in of applications.

"OAuth 2.0 client credentials flow on the Microsoft identity platform" (learn.microsoft.com/entra/
identity-platform/v2-oauth2-client-creds-grant-flow): `POST /{tenant}/oauth2/v2.0/token` with a
client, its secret and `scope=<resource>/.default`; the token lives 3,599 seconds (60 to 90 minutes
are documented). "Error codes" AADSTS7000215, AADSTS90002, AADSTS70011.
"""

import uuid
from typing import Any

from provider_simulator.account import Account
from provider_simulator.exchange import Answer, Call, Refused, json_answer

TOKEN_SECONDS = 3_599.0
MESSAGES = {
    "invalid_client": "AADSTS7000215: Invalid client secret provided.",
    "invalid_request": "AADSTS90002: Tenant not found.",
    "invalid_scope": "AADSTS70011: The provided value for 'scope' is not valid.",
    "unsupported_grant_type": "AADSTS70003: The app requested an unsupported grant type.",
}


def directory(account: Account) -> str:
    """The id of the tenant's directory."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{account.tenant}.example"))


def token(call: Call, account: Account, tenant: str, *, resource: str) -> Answer:
    form = call.form()
    if tenant != directory(account):
        raise Refused("bad_credentials", "invalid_request")
    if form.get("grant_type") != "client_credentials":
        raise Refused("bad_credentials", "unsupported_grant_type")
    if form.get("scope") != f"{resource}/.default":
        raise Refused("bad_credentials", "invalid_scope")
    if form.get("client_secret") != account.secret("client"):
        raise Refused("bad_credentials", "invalid_client")
    if form.get("client_id") != account.client_id:
        raise Refused("bad_credentials", "invalid_client")
    seconds = round(account.token_seconds)
    return json_answer(
        {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": account.sign_in(call.now),
        }
    )


def refuse_sign_in(refused: Refused) -> Answer:
    status = 401 if refused.detail == "invalid_client" else 400
    document = {"error": refused.detail, "error_description": MESSAGES.get(refused.detail, "")}
    return json_answer(document, status)


def credentials(account: Account, base: str, resource: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/{directory(account)}/oauth2/v2.0/token",
        "tenant_id": directory(account),
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
        "scope": f"{resource}/.default",
    }

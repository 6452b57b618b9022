"""Sign-in with Salesforce (help.salesforce.com).

- "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration": `POST /services/oauth2/token`; `iss`
  the client, `sub` the user, `aud` the login address, at most three minutes. "OAuth 2.0 Client
  Credentials Flow". The answer has an `instance_url` and says nothing of the token's end; a session
  ends after two hours unless set otherwise.
"""

from typing import Any

from provider_simulator.account import Account
from provider_simulator.exchange import Answer, Call, Refused, json_answer
from provider_simulator.signin import JWT_BEARER, claims

LOGIN_ADDRESS = "https://login.salesforce.com"


def token(call: Call, account: Account) -> Answer:
    form = call.form()
    if form.get("grant_type") == JWT_BEARER:
        found = claims(
            form.get("assertion", ""),
            account.keys,
            issuer=account.client_id,
            audience=(LOGIN_ADDRESS, call.base),
            now=call.now,
            longest=180,
            required=("iss", "sub", "aud", "exp"),
        )
        if found["sub"] != username(account):
            raise Refused("bad_credentials", "user hasn't approved this consumer")
    elif form.get("grant_type") == "client_credentials":
        account.check_client(form.get("client_id", ""), form.get("client_secret", ""))
    else:
        raise Refused("bad_credentials", "unsupported_grant_type")
    return json_answer(
        {
            "access_token": account.sign_in(call.now),
            "scope": "api",
            "instance_url": call.base,
            "id": f"{LOGIN_ADDRESS}/id/00D/005",
            "token_type": "Bearer",
        }
    )


def username(account: Account) -> str:
    return f"collector@{account.tenant}.example"


def credentials(account: Account, base: str) -> dict[str, Any]:
    return {
        "base_url": base,
        "token_url": f"{base}/services/oauth2/token",
        "audience": base,
        "client_id": account.client_id,
        "client_secret": account.secret("client"),
        "username": username(account),
        "private_key": account.keys.private_pem,
    }

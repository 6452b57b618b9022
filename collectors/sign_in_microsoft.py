"""Apps of Microsoft Entra ID, which Microsoft Graph and the Management Activity API share.

Source: Microsoft identity platform, "OAuth 2.0 client credentials flow" and "certificate
credentials".
"""

import base64

from pydantic import Field, model_validator

from collectors.account import Account
from collectors.secret import Secret
from collectors.sign_in_oauth import ClientCredentials, JwtAssertion


class MicrosoftAccount(Account):
    """An app in a customer's directory, with a secret or with a certificate."""

    tenant_id: str = Field(description="The directory's GUID.")
    client_id: str = Field(description="The app's (client) id.")
    client_secret: Secret | None = Field(default=None, description="The app's secret; or:")
    private_key: Secret | None = Field(
        default=None, description="PEM of the key that belongs to the app's certificate."
    )
    thumbprint: str = Field(
        default="", description="The certificate's SHA-1 thumbprint: 40 hexadecimal digits."
    )
    login_url: str = Field(
        default="https://login.microsoftonline.com",
        description="Another one in national clouds, such as https://login.microsoftonline.us.",
    )
    scope: str = Field(
        default="", description="What the token is for. Default: `<base_url>/.default`."
    )

    @model_validator(mode="after")
    def _one_proof(self) -> "MicrosoftAccount":
        if (self.client_secret is None) == (self.private_key is None):
            raise ValueError("give either client_secret, or private_key and thumbprint")
        if self.private_key is not None and len(bytes.fromhex(self.thumbprint)) != 20:
            raise ValueError("thumbprint: the certificate's SHA-1, 40 hexadecimal digits")
        return self


def app(account: MicrosoftAccount) -> ClientCredentials:
    """Return the sign-in of an app for the API at the account's address."""
    if account.private_key is not None:
        digest = base64.urlsafe_b64encode(bytes.fromhex(account.thumbprint)).decode().rstrip("=")
        proof: Secret | JwtAssertion = JwtAssertion(account.private_key, {"x5t": digest})
    elif account.client_secret is not None:
        proof = account.client_secret
    else:
        raise ValueError("an account without secret and key does not pass its own check")
    token_url = f"{account.login_url}/{account.tenant_id}/oauth2/v2.0/token"
    return ClientCredentials(
        token_url, account.client_id, proof, scope=account.scope or f"{account.base_url}/.default"
    )

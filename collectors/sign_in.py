"""How requests prove who sends them: a fixed token, OAuth tokens renewed in time, AWS signatures.

A provider's file makes one of these from its account:

    StaticToken(account.token)                                   Authorization: Bearer …
    StaticToken(account.token, scheme="SSWS")                    Authorization: SSWS …
    ClientCredentials(token_url, account.client_id, account.client_secret, scope="…")
    ClientCredentials(token_url, account.client_id, JwtAssertion(account.key, {"kid": …}))
    JwtBearer(token_url, lambda now: signed_jwt({"iss": …, "sub": …, "aud": …}, pem, now))
    AwsSignature(region, {"https://sqs.eu-west-1.amazonaws.com": "sqs"})

Tokens are renewed before they expire and when the provider refuses them; only the token and its
end are kept in memory.
"""

from collectors.sign_in_aws import AwsSignature
from collectors.sign_in_call import Call, NoSignIn
from collectors.sign_in_oauth import ClientCredentials, JwtAssertion, JwtBearer, OAuth, signed_jwt
from collectors.sign_in_static import StaticToken

__all__ = ["AwsSignature", "Call", "ClientCredentials", "JwtAssertion", "JwtBearer", "NoSignIn"]
__all__ += ["OAuth", "StaticToken", "signed_jwt"]

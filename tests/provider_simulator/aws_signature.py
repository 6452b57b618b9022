"""Checks the signature of a call to AWS, by signing it again with botocore."""

import hmac
from datetime import UTC, datetime

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from provider_simulator.clock import MINUTE, SECOND
from provider_simulator.exchange import Call, Refused

ALGORITHM = "AWS4-HMAC-SHA256"
TOLERANCE = 5 * MINUTE


def check(call: Call, key_id: str, secret: str, scope: str) -> None:
    """Refuse a call that is not signed with this key for this `region/service`, and just now."""
    algorithm, _, rest = call.headers.get("Authorization", "").partition(" ")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if algorithm != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= set(parts):
        raise Refused("bad_credentials", "MissingAuthenticationTokenException")
    given_id, _, given_scope = parts["Credential"].partition("/")
    if given_id != key_id:
        raise Refused("bad_credentials", "UnrecognizedClientException")
    stamp = call.headers.get("X-Amz-Date", "")
    if given_scope != f"{stamp[:8]}/{scope}/aws4_request":
        raise Refused("bad_credentials", "InvalidSignatureException")
    signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(signed_at.timestamp() * SECOND - call.now) > TOLERANCE:
        raise Refused("bad_credentials", "InvalidSignatureException")
    region, service = scope.split("/")
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    signer = kind(Credentials(key_id, secret), service, region)
    # With and without a slash at the end the path is the same call, and another signature.
    paths = {call.path, call.path.rstrip("/")}
    expected = [_signature(call, path, parts["SignedHeaders"], signer) for path in paths]
    if not any(hmac.compare_digest(one, parts["Signature"]) for one in expected):
        raise Refused("bad_credentials", "InvalidSignatureException")


def _signature(call: Call, path: str, names: str, signer: SigV4Auth) -> str:
    host = call.headers.get("Host", "")
    # What stands before the provider's path is part of what was signed.
    before = call.base.split(host, 1)[-1]
    headers = {name: call.headers.get(name, "") for name in names.split(";")}
    address = f"http://{host}{before}{path}"
    request = AWSRequest(call.method, address, headers=headers, data=call.body)
    request.context["timestamp"] = call.headers.get("X-Amz-Date", "")
    canonical = signer.canonical_request(request)
    signature: str = signer.signature(signer.string_to_sign(request, canonical), request)
    return signature

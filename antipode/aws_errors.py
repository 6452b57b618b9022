"""What AWS refused, in a sentence that names what was asked, the answer, and what to do.

botocore is not imported here unless something has used it: the command line starts without.
"""

import sys

SIGN_IN = "sign in again (aws sso login), or set AWS_PROFILE, or give this machine a role"
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
UNKNOWN = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"}
)
NOT_THERE = frozenset(
    {"InvalidRequestException", "ResourceNotFoundException", "ClusterNotFoundException"}
)
TOO_MANY = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException"})


def told(failure: BaseException) -> str | None:
    """Return the sentence; None for an error that is not AWS's."""
    if "botocore" not in sys.modules:
        return None
    from botocore import exceptions

    if isinstance(failure, exceptions.ClientError):
        error = failure.response.get("Error", {})
        code, says = error.get("Code", "no code"), error.get("Message", "no reason given")
        return _refused(code, says, failure.operation_name)
    if isinstance(failure, exceptions.NoRegionError):
        return (
            "AWS: no region is named; set ANTIPODE_S3_REGION, or region in the file that "
            "--deployment names"
        )
    if isinstance(failure, _about_credentials()):
        return f"AWS: no credentials that can be used: {failure}; {SIGN_IN}"
    if isinstance(failure, exceptions.HTTPClientError | exceptions.ConnectionError):
        return (
            f"AWS could not be reached: {failure}; check the region, the network and its proxy, "
            "then run it again: what is under way is waited for"
        )
    return None


def _about_credentials() -> tuple[type[BaseException], ...]:
    from botocore import exceptions

    return (
        *(exceptions.NoCredentialsError, exceptions.PartialCredentialsError),
        *(exceptions.CredentialRetrievalError, exceptions.TokenRetrievalError),
        *(exceptions.SSOError, exceptions.ProfileNotFound),
    )


def _refused(code: str, says: str, operation: str) -> str:
    asked = f"AWS refused {operation}: {code}: {says}"
    if code in EXPIRED:
        return f"{asked}: the credentials have expired; {SIGN_IN}"
    if code in UNKNOWN:
        return f"{asked}: the credentials are not of an account that AWS knows; {SIGN_IN}"
    if "AccessDenied" in code or "Unauthorized" in code or "NotAuthorized" in code:
        return f"{asked}: the role in use may not do that; conf/emr/iam has what each role needs"
    if code in NOT_THERE:
        return (
            f"{asked}: check what was named (--cluster, --serverless) and that it is in the region "
            "in use (region in the deployment file, else ANTIPODE_S3_REGION)"
        )
    if code in TOO_MANY:
        return f"{asked}: too many ask at once; run it again in some minutes"
    return asked

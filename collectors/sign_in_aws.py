"""AWS Signature Version 4, by botocore's own signer, for requests sent by the common HTTP layer."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from collectors.errors import CollectError, Retry, Stop
from collectors.secret import Secret
from collectors.sign_in_call import Call, Send


class AwsSignature:
    """Signs requests to AWS. Credentials: a key pair by reference, else as the AWS tools find them.

    `services`  origin (`https://sqs.eu-west-1.amazonaws.com`) -> the service it is (`sqs`).
    `role`      ARN of a role to assume with them; `external_id` as the customer demands it.
    """

    def __init__(
        self,
        region: str,
        services: Mapping[str, str],
        *,
        access_key_id: Secret | None = None,
        secret_access_key: Secret | None = None,
        role: str = "",
        external_id: str = "",
        sts_url: str | None = None,
    ) -> None:
        """Read no credential yet."""
        self._region, self._services = region, dict(services)
        self._pair = (access_key_id, secret_access_key)
        self._role, self._external_id, self._sts_url = role, external_id, sts_url
        self._credentials: Any = None
        self._alone = threading.Lock()

    def headers(self, call: Call, now: datetime, send: Send) -> Mapping[str, str]:
        """Return the headers of the signature, over method, address, headers and body."""
        from botocore.auth import S3SigV4Auth, SigV4Auth
        from botocore.awsrequest import AWSRequest

        parts = urlsplit(call.url)
        service = self._services.get(f"{parts.scheme}://{parts.netloc}")
        if service is None:
            raise Stop(f"{parts.netloc} is no AWS service of this account; mend its addresses.")
        with self._alone:
            if self._credentials is None:
                self._credentials = self._found()
            frozen = self._credentials.get_frozen_credentials()
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        signer = kind(frozen, service, self._region)
        request = AWSRequest(call.method, call.url, dict(call.headers), call.body or b"")
        # What the signer's own `add_auth` does, but for the time that we are told.
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        request.context["timestamp"] = stamp
        added = {"X-Amz-Date": stamp}
        if frozen.token:
            added["X-Amz-Security-Token"] = frozen.token
        if service == "s3":
            added["X-Amz-Content-SHA256"] = signer.payload(request)
        for name, value in added.items():
            request.headers[name] = value
        text = signer.string_to_sign(request, signer.canonical_request(request))
        names = signer.signed_headers(signer.headers_to_sign(request))
        proof = f"SignedHeaders={names}, Signature={signer.signature(text, request)}"
        authorization = f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, {proof}"
        return {**added, "Authorization": authorization}

    def forget(self, refused: Mapping[str, str]) -> bool:
        """Read the credentials again next time."""
        self._credentials = None
        return True

    def _found(self) -> Any:
        import boto3
        from botocore.credentials import Credentials

        key_id, secret = self._pair
        base = Credentials(key_id.value(), secret.value()) if key_id and secret else None
        session = boto3.Session(
            aws_access_key_id=base.access_key if base else None,
            aws_secret_access_key=base.secret_key if base else None,
            region_name=self._region,
        )
        found = self._assumed(session) if self._role else session.get_credentials()
        if found is None:
            raise Stop("No AWS credentials: give a key pair or a role, or run where one is given.")
        return found

    def _assumed(self, session: Any) -> Any:
        from botocore.config import Config
        from botocore.credentials import RefreshableCredentials
        from botocore.exceptions import BotoCoreError, ClientError

        # In all far less than a lease lives.
        patience = Config(connect_timeout=10, read_timeout=20, retries={"total_max_attempts": 3})

        def asked() -> dict[str, str]:
            more = {"ExternalId": self._external_id} if self._external_id else {}
            try:
                client = session.client("sts", endpoint_url=self._sts_url, config=patience)
                answer = client.assume_role(RoleArn=self._role, RoleSessionName="antipode", **more)
            except (ClientError, BotoCoreError) as error:
                raise self._not_assumed(error) from None
            answer = answer["Credentials"]
            return {
                "access_key": answer["AccessKeyId"],
                "secret_key": answer["SecretAccessKey"],
                "token": answer["SessionToken"],
                "expiry_time": answer["Expiration"].isoformat(),
            }

        return RefreshableCredentials.create_from_metadata(asked(), asked, "sts-assume-role")

    def _not_assumed(self, error: Exception) -> CollectError:
        """Say what is to be done; AWS's own words may tell who asked, and are left out."""
        response = getattr(error, "response", None) or {}
        code = response.get("Error", {}).get("Code") or type(error).__name__
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        by = f"external id {self._external_id!r}" if self._external_id else "no external id"
        what = f"The role {self._role}, with {by}, could not be assumed ({code})"
        passes = status is not None and (status >= 500 or "Throttl" in code)
        if passes or isinstance(error, _on_the_way()):
            return Retry(f"{what}; the next run tries again.")
        return Stop(
            f"{what}: check `role` and `external_id`; the role's trust policy has to name who "
            "assumes it, with this external id, and they need sts:AssumeRole on it."
        )


def _on_the_way() -> tuple[type[Exception], ...]:
    from botocore.exceptions import ConnectionError as NotReached
    from botocore.exceptions import HTTPClientError

    return NotReached, HTTPClientError

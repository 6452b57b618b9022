"""Objects in an S3 bucket; compare-and-swap through the conditional writes of S3."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from conf.errors import AntipodeError, Conflict, UsageError
from conf.settings import Settings
from lake.objects import Object, check_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# 412: the condition does not hold. 409: another conditional write is just being decided.
_LOST = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_ENCRYPTIONS = ("", "AES256", "aws:kms", "aws:kms:dsse")
_ABSENT = {"NoSuchKey", "404"}


def connect(settings: Settings, connections: int = 10) -> "S3Client":
    """Return a client for Amazon S3, or for the server that the settings name.

    `connections` are kept open for threads that use it side by side.
    """
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url or None,
        region_name=settings.s3_region or None,
        # Adaptive: told to slow down (SlowDown, 503), it sends less, and tries again.
        config=Config(
            retries={"mode": "adaptive", "total_max_attempts": 8},
            max_pool_connections=connections,
            s3={"addressing_style": "path"} if settings.s3_endpoint_url else {},
        ),
    )


def encryption_options(settings: Settings) -> dict[str, Any]:
    """Return what a write asks S3 to encrypt the object with at its side."""
    if settings.s3_sse not in _ENCRYPTIONS:
        raise UsageError(
            f"ANTIPODE_S3_SSE={settings.s3_sse} is none of {', '.join(filter(None, _ENCRYPTIONS))}."
        )
    asked: dict[str, Any] = {}
    if settings.s3_sse:
        asked["ServerSideEncryption"] = settings.s3_sse
    if settings.s3_sse_kms_key:
        asked["SSEKMSKeyId"] = settings.s3_sse_kms_key
    if settings.s3_sse == "aws:kms":
        asked["BucketKeyEnabled"] = settings.s3_sse_bucket_key
    return asked


class S3Objects:
    """The objects of `bucket` below `prefix`."""

    def __init__(
        self,
        bucket: str,
        prefix: str,
        client: "S3Client",
        put_options: Mapping[str, Any] | None = None,
    ) -> None:
        """Use an existing bucket; `prefix` without slashes at its ends, '' for the whole bucket.

        `put_options` go with every write, see `encryption_options`.
        """
        self._bucket = bucket
        self._put_options = dict(put_options or {})
        self._base = f"{prefix}/" if prefix else ""
        self._client = client

    @property
    def uri(self) -> str:
        """The place as `s3://bucket/prefix`."""
        return f"s3://{self._bucket}/{self._base}".rstrip("/")

    def get(self, key: str) -> Object:
        """Return an object. Raises KeyError when there is none."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key(key))
            data = answer["Body"].read()
        except ClientError as error:
            if _code(error) in _ABSENT:
                raise KeyError(key) from None
            raise self._failure("read", key, error) from error
        except BotoCoreError as error:
            raise self._failure("read", key, error) from error
        return Object(data, answer["ETag"], answer["LastModified"])

    def put(self, key: str, data: bytes) -> None:
        """Write an object, replacing what was there."""
        try:
            self._put(self._key(key), data)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("write", key, error) from error

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        """Write an object only if it still has `etag` (None: does not exist)."""
        name = self._key(key)
        try:
            if etag is None:
                return self._put(name, data, IfNoneMatch="*")
            return self._put(name, data, IfMatch=etag)
        except ClientError as error:
            # Swapping an object that is gone is also a lost race.
            if _code(error) in _LOST | _ABSENT:
                raise Conflict(
                    f"{self.uri}/{key} was changed by somebody else; read it again."
                ) from error
            raise self._failure("write", key, error) from error
        except BotoCoreError as error:
            raise self._failure("write", key, error) from error

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in the order of their characters."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._base + prefix
        )
        try:
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(self._base)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("list", prefix, error) from error

    def delete(self, key: str) -> None:
        """Remove an object; no error when there is none."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(key))
        except (ClientError, BotoCoreError) as error:
            raise self._failure("delete", key, error) from error

    def _put(self, name: str, data: bytes, **condition: Any) -> str:
        options = self._put_options | condition
        return self._client.put_object(Bucket=self._bucket, Key=name, Body=data, **options)["ETag"]

    def _key(self, key: str) -> str:
        return self._base + check_key(key)

    def _failure(self, action: str, key: str, error: Exception) -> AntipodeError:
        return AntipodeError(
            f"Could not {action} {self.uri}/{key}: {error}. Check the bucket's name, the "
            "credentials and ANTIPODE_S3_ENDPOINT_URL."
        )


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")

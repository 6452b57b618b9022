"""Log files of others in an S3 bucket: listed in pages of a thousand, fetched, never changed."""

import io
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from lake.input_files import SIDE_BY_SIDE, Found, Unreadable
from lake.s3 import connect

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

_TRIES = 3
# Of one object, not of the bucket: gone, archived, or not ours to read.
_OF_THE_OBJECT = {"NoSuchKey", "404", "InvalidObjectState", "AccessDenied", "403"}


class S3Bucket:
    """The objects of a bucket of S3, or of a server that speaks its language."""

    def __init__(self, uri: str, settings: Settings, client: "S3Client | None" = None) -> None:
        """`uri` is s3://bucket/prefix."""
        parts = urlsplit(uri)
        if parts.scheme != "s3" or not parts.netloc:
            raise UsageError(f"--raw {uri}: names no bucket; write s3://bucket/prefix.")
        prefix = parts.path.strip("/")
        self._bucket, self._base = parts.netloc, f"{prefix}/" if prefix else ""
        self._client = client or connect(settings, SIDE_BY_SIDE)

    @property
    def uri(self) -> str:
        """Where the objects are."""
        return f"s3://{self._bucket}/{self._base}".rstrip("/")

    def page(self, after: str) -> tuple[list[Found], bool]:
        """Return one page of the listing."""
        start: Any = {"StartAfter": self._base + after} if after else {}
        try:
            answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._base, **start)
        except (ClientError, BotoCoreError) as error:
            raise self._failure("list", "", error) from error
        found = [
            Found(each["Key"].removeprefix(self._base), each["Size"], each["ETag"])
            for each in answer.get("Contents", ())
        ]
        return found, answer["IsTruncated"]

    def fetch(self, key: str) -> bytes:
        """Return an object's bytes."""
        for _ in range(_TRIES - 1):
            with suppress(BotoCoreError):  # broken off in the middle, which boto3 does not retry
                return self._get(key).read()
        try:
            return self._get(key).read()
        except BotoCoreError as error:
            raise self._failure("read", key, error) from error

    def open(self, key: str) -> BinaryIO:
        """Open an object."""
        try:
            body = self._get(key)
        except BotoCoreError as error:
            raise self._failure("read", key, error) from error
        return io.BufferedReader(_Body(body, partial(self._failure, "read", key)))

    def _get(self, key: str) -> "StreamingBody":
        try:
            return self._client.get_object(Bucket=self._bucket, Key=self._base + key)["Body"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code", "") in _OF_THE_OBJECT:
                raise Unreadable(str(error)) from error
            raise self._failure("read", key, error) from error

    def _failure(self, action: str, key: str, error: Exception) -> AntipodeError:
        return AntipodeError(
            f"Could not {action} {self.uri}/{key}: {error}. Check the bucket's name, the "
            "credentials and ANTIPODE_S3_ENDPOINT_URL."
        )


class _Body(io.RawIOBase):
    """The bytes of an object as they come; a break in the middle is no end."""

    def __init__(
        self, body: "StreamingBody", failure: Callable[[Exception], AntipodeError]
    ) -> None:
        self._body, self._failure = body, failure

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = self._body.read(len(buffer))
        except BotoCoreError as error:
            raise self._failure(error) from error
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._body.close()
        super().close()

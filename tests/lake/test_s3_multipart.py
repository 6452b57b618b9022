"""The S3 server of the tests, before anything relies on it: uploads in parts, and their condition.

Delta Lake's larger files are written in parts, and a commit is an object that must not be there.
"""

import hashlib
import secrets
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.services

PART = 5 << 20  # the least that S3 takes for any part but the last
PARTS = (secrets.token_bytes(PART), secrets.token_bytes(PART), b"the end")


@pytest.fixture
def s3(s3_server: S3Server) -> "S3Client":
    return boto3.client(
        "s3",
        endpoint_url=s3_server.url,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def bucket(s3: "S3Client") -> str:
    name = f"parts-{secrets.token_hex(6)}"
    s3.create_bucket(Bucket=name)
    return name


def upload(
    s3: "S3Client", bucket: str, key: str, parts: tuple[bytes, ...], **condition: str
) -> str:
    """Write an object in parts; return the id of the upload."""
    identity = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    named = {"Bucket": bucket, "Key": key, "UploadId": identity}
    sent = [
        s3.upload_part(**named, PartNumber=number, Body=body)["ETag"]
        for number, body in enumerate(parts, start=1)
    ]
    tags = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(sent, start=1)]
    s3.complete_multipart_upload(**named, MultipartUpload={"Parts": tags}, **condition)
    return identity


def read(s3: "S3Client", bucket: str, key: str) -> bytes:
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def test_parts_become_one_object_of_just_these_bytes(s3: "S3Client", bucket: str) -> None:
    upload(s3, bucket, "large", PARTS)
    found = read(s3, bucket, "large")
    assert hashlib.sha256(found).digest() == hashlib.sha256(b"".join(PARTS)).digest()
    span = s3.get_object(Bucket=bucket, Key="large", Range=f"bytes={PART - 2}-{PART + 1}")
    assert span["Body"].read() == PARTS[0][-2:] + PARTS[1][:2]


def test_what_is_not_completed_is_no_object(s3: "S3Client", bucket: str) -> None:
    begun = s3.create_multipart_upload(Bucket=bucket, Key="begun")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="begun", UploadId=begun, PartNumber=1, Body=b"some")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    s3.abort_multipart_upload(Bucket=bucket, Key="begun", UploadId=begun)
    with pytest.raises(ClientError):
        read(s3, bucket, "begun")


def test_an_upload_that_must_be_the_first_is_refused_where_there_is_an_object(
    s3: "S3Client", bucket: str
) -> None:
    upload(s3, bucket, "commit", (b"one",), IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        upload(s3, bucket, "commit", (b"two",), IfNoneMatch="*")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    assert read(s3, bucket, "commit") == b"one"

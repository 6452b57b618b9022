"""The policy of the bucket: which writes it refuses, and that it lets the ordinary ones be."""

from pathlib import Path

import pytest
from iam_decision import Context, denied

from conf.settings import Settings
from jobs.cluster import deployment
from lake.s3 import encryption_options

CONF = Path(__file__).parents[2] / "conf"
VALUES = deployment.read(CONF / "emr" / "deployment.toml")
POLICY = deployment.filled("emr/bucket/policy.json", VALUES)
OBJECT = f"arn:aws:s3:::{VALUES['bucket']}/lake/events/part-0.parquet"
OTHER = "arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111"
HEADERS = {
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
}


def refused(**headers: str) -> bool:
    request: Context = {HEADERS[name]: value for name, value in headers.items()}
    return denied(POLICY, "s3:PutObject", OBJECT, {**request, "aws:SecureTransport": "true"})


def test_a_write_without_any_header_is_encrypted_by_the_buckets_default() -> None:
    assert not refused()


@pytest.mark.parametrize("kind", ["aws:kms", "aws:kms:dsse"])
def test_a_write_may_name_the_key_of_the_bucket_and_no_other(kind: str) -> None:
    assert not refused(ServerSideEncryption=kind, SSEKMSKeyId=VALUES["kms_key"])
    assert refused(ServerSideEncryption=kind, SSEKMSKeyId=OTHER)


def test_what_antipode_asks_for_is_let_through_where_it_names_the_key() -> None:
    given = Settings(s3_sse="aws:kms", s3_sse_kms_key=VALUES["kms_key"])
    asked = {name: value for name, value in encryption_options(given).items() if name in HEADERS}
    assert len(asked) == 2
    assert not refused(**asked)


@pytest.mark.parametrize(
    "headers",
    [
        {"ServerSideEncryption": "AES256"},
        {"ServerSideEncryption": "aws:kms"},  # S3 would take the account's own key for S3
        {"ServerSideEncryption": "aws:kms:dsse"},
        {"SSECustomerAlgorithm": "AES256"},
    ],
)
def test_a_write_may_ask_for_no_other_kind_of_encryption(headers: dict[str, str]) -> None:
    assert refused(**headers)


def test_nothing_goes_over_plain_http() -> None:
    plain = {"aws:SecureTransport": "false"}
    assert denied(POLICY, "s3:PutObject", OBJECT, plain)
    assert denied(POLICY, "s3:ListBucket", OBJECT.partition("/")[0], plain)

"""What compose does before the workers start: the bucket is there, made once."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import s3_server
import yaml

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())[
    "services"
]


def test_workers_wait_for_it() -> None:
    for name in ("collect", "normalize", "beat"):
        assert COMPOSE[name]["depends_on"]["bucket"] == {
            "condition": "service_completed_successfully"
        }
    assert COMPOSE["bucket"]["profiles"] == COMPOSE["collect"]["profiles"]


@pytest.mark.services
def test_the_bucket_is_made_once_and_only_on_our_own_server(tmp_path: Path) -> None:
    (program,) = COMPOSE["bucket"]["command"]
    with s3_server.running(tmp_path) as server:
        place = server.environment["ANTIPODE_S3_ENDPOINT_URL"]
        s3: Any = boto3.client(
            "s3",
            endpoint_url=place,
            region_name=server.environment["ANTIPODE_S3_REGION"],
            aws_access_key_id=s3_server.ACCESS_KEY,
            aws_secret_access_key=s3_server.SECRET_KEY,
        )
        made = []
        for ours in ("http://elsewhere", place, place):
            variables = os.environ | server.environment | {"ANTIPODE_BUCKET_OF": ours}
            subprocess.run([sys.executable, "-c", program], env=variables, check=True)
            made.append([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]])
        assert made == [[], ["antipode"], ["antipode"]]

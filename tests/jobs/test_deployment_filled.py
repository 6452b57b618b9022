"""Requests for AWS, printed filled in."""

import json
from pathlib import Path
from typing import Any

import pytest

from conf.errors import UsageError
from jobs.cluster import deployment
from jobs.cluster.__main__ import main

PLACE = str(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")
VALUES = deployment.read(Path(PLACE))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--deployment", PLACE]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_policy_bears_the_names_of_the_account(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.dumps(printed(capsys, "emr/iam/job.json"))
    assert f"arn:aws:s3:::{VALUES['bucket']}/lake/events/*" in found
    assert "${" not in found


def test_a_list_stands_where_its_name_stood_alone(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, "ecs/collect_service.json")
    network = found["networkConfiguration"]["awsvpcConfiguration"]
    assert network["subnets"] == VALUES["subnets"]
    assert network["securityGroups"] == [VALUES["workers_security_group"]]


def test_a_cluster_and_an_application_are_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    cluster = printed(capsys, "emr/cluster.json", "--release", "emr-7.13.0")
    assert cluster["ReleaseLabel"] == "emr-7.13.0"
    assert cluster["Instances"]["Ec2SubnetIds"] == VALUES["subnets"]
    application = printed(capsys, "emr/serverless_application.json")
    assert application["releaseLabel"] == "emr-spark-8.0.0"


@pytest.mark.parametrize("name", ["emr/none.json", "emr/releases.toml", "../pyproject.toml"])
def test_what_is_no_file_of_requests_is_named(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--deployment", PLACE]) == 2
    assert f"{name}: is no file of conf/" in capsys.readouterr().err


@pytest.mark.parametrize("gone", [[], "", None])
def test_what_is_empty_in_a_deployment_is_missing(gone: Any) -> None:
    with pytest.raises(UsageError, match=r"subnets missing, which ecs/load_balancer\.json needs"):
        deployment.filled("ecs/load_balancer.json", {**VALUES, "subnets": gone})

"""The files for AWS: requests as AWS takes them, roles that may do no more than they need."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aws_shapes import faults

from conf.settings import Settings
from jobs.cluster import deployment, release
from jobs.cluster.emr import step
from jobs.cluster.submit_line import on_serverless, submission
from jobs.dated import Work

CONF = Path(__file__).parents[2] / "conf"
VALUES = deployment.read(CONF / "emr" / "deployment.toml")
FILES = sorted(
    str(path.relative_to(CONF))
    for folder in ("emr", "ecs")
    for path in (CONF / folder).rglob("*.json")
)
POLICIES = [name for name in FILES if name.startswith(("emr/iam/", "emr/bucket/policy"))]

# What `antipode submit --deployment conf/emr/deployment.toml` would run.
SUBMITTED = submission(
    Work("detect", date(2026, 10, 31), f"s3://{VALUES['bucket']}/lake"),
    VALUES["package"],
    Settings(s3_region=VALUES["region"]),
)

Wrap = Callable[[Any], dict[str, Any]]


def steps(found: Any) -> dict[str, Any]:
    """Put steps into the request that adds them to a cluster."""
    return {"JobFlowId": "j-1", "Steps": found}


AS_IT_IS: Wrap = dict
# Which request each file is, or is part of. `None`: another file of the table holds it.
REQUESTS: dict[str, tuple[str, str, Wrap]] = {
    "emr/managed_scaling.json": (
        *("emr", "PutManagedScalingPolicy"),
        lambda found: {"ClusterId": "j-1", "ManagedScalingPolicy": found},
    ),
    "emr/security_configuration.json": (
        *("emr", "CreateSecurityConfiguration"),
        lambda found: {"Name": "antipode", "SecurityConfiguration": json.dumps(found)},
    ),
    "emr/steps.json": ("emr", "AddJobFlowSteps", steps),
    "emr/bucket/lifecycle.json": (
        *("s3", "PutBucketLifecycleConfiguration"),
        lambda found: {"Bucket": "bucket", "LifecycleConfiguration": found},
    ),
    "emr/bucket/versioning.json": (
        *("s3", "PutBucketVersioning"),
        lambda found: {"Bucket": "bucket", "VersioningConfiguration": found},
    ),
    "emr/bucket/public_access.json": (
        *("s3", "PutPublicAccessBlock"),
        lambda found: {"Bucket": "bucket", "PublicAccessBlockConfiguration": found},
    ),
    "emr/bucket/encryption.json": (
        *("s3", "PutBucketEncryption"),
        lambda found: {"Bucket": "bucket", "ServerSideEncryptionConfiguration": found},
    ),
    "emr/schedule/schedule.json": (
        *("scheduler", "CreateSchedule"),
        lambda found: {**found, "ClientToken": "token"},
    ),
    "emr/schedule/maintain.json": (
        *("scheduler", "CreateSchedule"),
        lambda found: {**found, "ClientToken": "token"},
    ),
    "ecs/maintain_task.json": ("ecs", "RegisterTaskDefinition", AS_IT_IS),
    "emr/schedule/daily.asl.json": (
        *("stepfunctions", "CreateStateMachine"),
        lambda found: {"name": "n", "definition": json.dumps(found), "roleArn": "arn:aws:iam::1:r"},
    ),
    "ecs/load_balancer.json": ("elbv2", "CreateLoadBalancer", AS_IT_IS),
    "ecs/target_group.json": ("elbv2", "CreateTargetGroup", AS_IT_IS),
    "ecs/listener.json": ("elbv2", "CreateListener", AS_IT_IS),
    **{
        f"ecs/{name}_{part}.json": (service, operation, wrap)
        for name in ("collect", "normalize")
        for part, service, operation, wrap in (
            ("scaling", "application-autoscaling", "PutScalingPolicy", AS_IT_IS),
            ("scaling_target", "application-autoscaling", "RegisterScalableTarget", AS_IT_IS),
        )
    },
    **{
        f"ecs/{name}_{part}.json": ("ecs", operation, wrap)
        for name in ("collect", "normalize", "beat", "serve")
        for part, operation, wrap in (
            ("task", "RegisterTaskDefinition", AS_IT_IS),
            ("service", "CreateService", AS_IT_IS),
        )
    },
}
PARTS = {  # of the requests for a cluster and for an application, which have tests of their own
    f"emr/{name}.json"
    for name in ("cluster", "instance_fleets", "configurations", "serverless_application")
}


def test_every_file_is_known_to_these_tests() -> None:
    assert set(FILES) == set(REQUESTS) | PARTS | set(POLICIES)


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_a_file_is_a_request_that_aws_takes(name: str) -> None:
    service, operation, wrap = REQUESTS[name]
    assert faults(service, operation, wrap(deployment.filled(name, VALUES))) == []


@pytest.mark.parametrize("label", sorted(release.known()))
def test_a_cluster_of_each_release_is_a_request_that_aws_takes(label: str) -> None:
    request = deployment.cluster_request(release.named(label), VALUES)
    assert faults("emr", "RunJobFlow", {**request, "Steps": []}) == []
    assert request["ReleaseLabel"] == label
    assert {"Name": "Spark"} in request["Applications"]


@pytest.mark.parametrize("label", sorted(release.known()))
def test_an_application_of_each_release_has_the_settings_of_a_cluster(label: str) -> None:
    request = deployment.application_request(release.named(label), VALUES)
    assert faults("emr-serverless", "CreateApplication", {**request, "clientToken": "t"}) == []
    (found,) = request["runtimeConfiguration"]
    assert found["properties"]["spark.driver.memoryOverhead"] == "8g"
    assert found["properties"]["spark.hadoop.fs.s3a.block.size"] == "134217728"
    assert not [name for name in found["properties"] if "yarn" in name or "shuffle.ser" in name]
    assert request["networkConfiguration"]["subnetIds"] == VALUES["subnets"]


def test_a_wrong_word_and_a_wrong_member_would_be_found() -> None:
    request = deployment.cluster_request(release.named("emr-7.13.0"), VALUES)
    request["ScaleDownBehavior"] = "AT_ONCE"
    request["Instances"]["InstanceFleets"][0]["Nmae"] = "primary"
    found = "\n".join(faults("emr", "RunJobFlow", request))
    assert "'AT_ONCE' is none of" in found
    assert "Nmae" in found


@pytest.mark.parametrize("name", FILES)
def test_what_is_one_accounts_own_stands_in_the_deployment_and_not_in_a_file(name: str) -> None:
    text = (CONF / name).read_text()
    assert re.findall(r"\b\d{12}\b|0123456789ab|\b(?:subnet|sg|vpc)-[0-9a-f]+", text) == []


def test_what_is_missing_in_a_deployment_is_named() -> None:
    from conf.errors import UsageError

    with pytest.raises(UsageError, match=r"bucket missing, which emr/cluster\.json needs"):
        deployment.cluster_request(release.named("emr-7.13.0"), {**VALUES, "bucket": []})


class TestSchedule:
    def test_the_states_lead_from_the_first_to_an_end_and_none_is_left_out(self) -> None:
        machine = deployment.filled("emr/schedule/daily.asl.json", VALUES)
        reached, waiting = set(), [machine["StartAt"]]
        while waiting:
            name = waiting.pop()
            state = machine["States"][name]
            reached.add(name)
            then = [state.get("Next"), *(each["Next"] for each in state.get("Catch", []))]
            assert state.get("End") or state["Type"] in ("Fail", "Succeed") or any(then)
            waiting += [each for each in then if each and each not in reached]
        assert reached == set(machine["States"])

    def test_it_runs_what_submit_would_run(self) -> None:
        task = deployment.filled("emr/schedule/daily.asl.json", VALUES)["States"]["Detect"]
        driver = task["Arguments"]["JobDriver"]["SparkSubmit"]
        name = re.findall(r"'([^']*)'", task["Arguments"]["Name"])
        assert "2026-10-31".join(name) == SUBMITTED.name
        wanted: Any = on_serverless(SUBMITTED)["sparkSubmit"]
        assert driver["EntryPoint"] == wanted["entryPoint"]
        given = set(driver["SparkSubmitParameters"].split(" --conf "))
        assert given == set(wanted["sparkSubmitParameters"].split(" --conf "))
        words = re.findall(r"'([^']*)'", driver["EntryPointArguments"])
        assert words == list(wanted["entryPointArguments"])[:-1]  # the date comes of the schedule

    def test_a_step_by_hand_is_what_submit_would_run(self) -> None:
        (by_hand,) = deployment.filled("emr/steps.json", VALUES)
        wanted = step(SUBMITTED, "CONTINUE")
        for found in (by_hand, wanted):
            words = found["HadoopJarStep"]["Args"]
            for option in ("--name", "--as-of"):  # a step by hand is of no date
                if option in words:
                    del words[words.index(option) : words.index(option) + 2]
            found["Name"] = "antipode detect"
        assert by_hand == wanted

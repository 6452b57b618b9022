"""`antipode submit`: where to run is said once; its exit status is the run's. EMR is moto's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emr.models import emr_backends

from antipode import cli, clock

REGION = "eu-central-1"
DEPLOYMENT = str(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")
WORK = ("submit", "detect", "--date", "2026-10-31", "--lake", "s3://bucket/lake")
PACKAGE = ("--package", "s3://bucket/packages/one")


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def cluster() -> str:
    instances = {"InstanceCount": 1, "MasterInstanceType": "m5.xlarge"}
    started = boto3.client("emr", REGION).run_job_flow(
        Name="daily",
        ReleaseLabel="emr-7.13.0",
        Instances={**instances, "KeepJobFlowAliveWhenNoSteps": True},
        JobFlowRole="profile",
        ServiceRole="role",
    )
    return str(started["JobFlowId"])


def ends_as(state: str, cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all steps end while the command waits for the first time."""

    def sleep(_: float) -> None:
        for step in emr_backends[DEFAULT_ACCOUNT_ID][REGION].clusters[cluster].steps:
            step.state = state

    monkeypatch.setattr(clock, "sleep", sleep)


@pytest.mark.parametrize(("state", "status"), [("COMPLETED", 0), ("FAILED", 1), ("CANCELLED", 1)])
def test_its_exit_status_is_that_of_the_run(
    state: str, status: int, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends_as(state, cluster, monkeypatch)
    assert cli.run([*WORK, *PACKAGE, "--cluster", cluster]) == status


def test_without_waiting_the_run_is_named_and_the_second_time_the_same(
    cluster: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for _ in range(2):
        given = [*WORK, *PACKAGE, "--cluster", cluster, "--no-wait", "--json"]
        assert cli.run(given) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert [each["started"] for each in found] == [True, False]
    assert found[0]["id"] == found[1]["id"]
    assert found[0]["name"] == "antipode detect 2026-10-31 30 days all tenants s3://bucket/lake"


def dry_run(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    assert cli.run([*WORK, *given, "--dry-run"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


class TestDryRun:
    def test_a_setting_of_spark_for_this_run_goes_along_and_nothing_is_started(
        self, cluster: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        conf = "spark.sql.files.ignoreCorruptFiles=true"
        found = dry_run(capsys, *PACKAGE, "--cluster", cluster, "--conf", conf)
        assert conf in found["Steps"][0]["HadoopJarStep"]["Args"]
        assert boto3.client("emr", REGION).list_steps(ClusterId=cluster)["Steps"] == []

    @pytest.mark.parametrize(("here", "there"), [("", REGION), ("us-west-2", "us-west-2")])
    def test_the_region_of_the_account_reaches_the_run_unless_this_machine_names_another(
        self,
        here: str,
        there: str,
        cluster: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if here:
            monkeypatch.setenv("ANTIPODE_S3_REGION", here)
        found = dry_run(capsys, "--cluster", cluster, "--deployment", DEPLOYMENT)
        wanted = f"spark.yarn.appMasterEnv.ANTIPODE_S3_REGION={there}"
        assert wanted in found["Steps"][0]["HadoopJarStep"]["Args"]

    def test_a_transient_cluster_is_of_the_release_that_the_package_is_for(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        made_for = {"release": "emr-7.13.0", "python": "3.12"}
        (tmp_path / "package.json").write_text(json.dumps(made_for))
        where = ("--package", str(tmp_path), "--transient", "--deployment", DEPLOYMENT)
        found = dry_run(capsys, *where)
        assert found["ReleaseLabel"] == "emr-7.13.0"
        assert found["LogUri"] == "s3://example-antipode/logs/emr/"
        (action,) = found["BootstrapActions"]
        words = action["ScriptBootstrapAction"]["Args"]
        assert words[:4] == ["--python", "3.12", "--glibc", "2.34"]  # what nodes are checked for
        assert len(found["Instances"]["InstanceFleets"]) == 3

    def test_serverless_runs_under_the_role_of_jobs_with_the_package_of_the_deployment(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        client = boto3.client("emr-serverless", REGION)
        role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/antipode-job"
        made = client.create_application(releaseLabel="emr-7.13.0", type="SPARK", clientToken="t")
        application = made["applicationId"]
        client.start_job_run(applicationId=application, executionRoleArn=role, clientToken="t")
        found = dry_run(capsys, "--serverless", application, "--deployment", DEPLOYMENT)
        assert found["executionRoleArn"] == "arn:aws:iam::123456789012:role/antipode-job"
        entry = found["jobDriver"]["sparkSubmit"]["entryPoint"]
        assert entry.startswith("s3://example-antipode/packages/emr-spark-8.0.0-")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (PACKAGE, "give one of --cluster ID, --transient and --serverless APP"),
        ((*PACKAGE, "--cluster", "j-1", "--transient"), "give one of"),
        (("--cluster", "j-1"), "give --package URI"),
        ((*PACKAGE, "--transient"), "--transient needs --deployment FILE"),
        (("--package", "nowhere", "--transient", "--deployment", DEPLOYMENT), "is no package"),
        ((*PACKAGE, "--serverless", "a"), "account is missing"),
        ((*PACKAGE, "--cluster", "j-1", "--conf", "memory"), "write it as spark.name=value"),
        ((*PACKAGE, "--cluster", "j-1", "--deployment", "no.toml"), "no.toml: is not there"),
    ],
)
def test_what_is_not_clear_is_refused(
    given: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*WORK, *given]) == 2
    assert says in capsys.readouterr().err

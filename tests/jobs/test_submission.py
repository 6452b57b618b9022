"""Submission to EMR: what is asked for, once; how its end is told. EMR is moto's."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from emr_control import PACKAGE, REGION, ROLE, Script, cluster, run, set_run, set_step
from moto import mock_aws

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from jobs.cluster import deployment, place, release, step_log
from jobs.cluster.emr import EmrCluster
from jobs.cluster.serverless import Serverless
from jobs.cluster.submit_line import on_serverless, on_yarn
from jobs.cluster.transient import TransientCluster
from lake.objects import open_objects

VALUES = deployment.read(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


class Told(list[str]):
    """What was said."""

    @property
    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def told() -> Told:
    return Told()


def on(cluster_id: str) -> EmrCluster:
    return EmrCluster(boto3.client("emr", REGION), cluster_id, Settings())


def write_log(folder: Path, key: str, *lines: str) -> None:
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


class TestWhatIsSubmitted:
    def test_the_words_are_those_of_the_command_on_a_laptop(self) -> None:
        words = on_yarn(run())
        after = words.index(f"{PACKAGE}/antipode_main.py")
        assert words[after + 1 :] == [
            *("detect", "--lake", "s3://bucket/lake", "--days", "30"),
            *("--as-of", "2026-11-01", "--tenant", "acme"),
        ]
        assert words[:5] == ["spark-submit", "--master", "yarn", "--deploy-mode", "cluster"]
        assert "spark.pyspark.python=./environment/bin/python" in words
        assert words[words.index("--archives") + 1] == f"{PACKAGE}/environment.tar.gz#environment"
        assert words[words.index("--py-files") + 1] == f"{PACKAGE}/antipode-code.zip"

    def test_serverless_gets_the_same_program_and_words(self) -> None:
        driver: Any = on_serverless(run())["sparkSubmit"]
        assert driver["entryPoint"] == f"{PACKAGE}/antipode_main.py"
        assert driver["entryPointArguments"] == list(run().arguments)
        assert (
            f"spark.archives={PACKAGE}/environment.tar.gz#environment"
            in (driver["sparkSubmitParameters"])
        )

    def test_settings_go_along_but_neither_secrets_nor_paths(self, tmp_path: Path) -> None:
        settings = Settings(
            s3_region="eu-central-1",
            s3_sse="aws:kms",
            s3_sse_bucket_key=False,
            maxmind_licence="1:very-secret",
            data_dir=tmp_path,
        )
        assert run(settings=settings).variables == {
            "ANTIPODE_S3_REGION": "eu-central-1",
            "ANTIPODE_S3_SSE": "aws:kms",
            "ANTIPODE_S3_SSE_BUCKET_KEY": "false",
        }
        assert "spark.yarn.appMasterEnv.ANTIPODE_S3_REGION=eu-central-1" in on_yarn(
            run(settings=settings)
        )

    def test_a_value_with_blanks_is_refused_where_it_would_be_torn_apart(self) -> None:
        with pytest.raises(UsageError, match="no value with blanks"):
            on_serverless(run(settings=Settings(log_level="a b")))


class TestCluster:
    def test_a_step_is_added_and_waited_for(self, told: Told) -> None:
        there = on(cluster())
        identifier, started = place.submit(there, run(), told.append)
        assert started
        steps = boto3.client("emr", REGION).list_steps(ClusterId=there._cluster)["Steps"]
        assert [(step["Id"], step["Name"], step["ActionOnFailure"]) for step in steps] == [
            (identifier, "antipode detect 2026-10-31 acme s3://bucket/lake", "CONTINUE")
        ]
        script = Script(
            [
                lambda: set_step(there._cluster, identifier, "RUNNING"),
                lambda: set_step(there._cluster, identifier, "COMPLETED"),
            ]
        )
        end = place.wait(there, identifier, script.patience, told.append)
        assert end.state is place.State.DONE
        assert script.slept == [15, 15]
        assert [line.split(": ")[-1] for line in told[-2:]] == ["running", "completed"]

    @pytest.mark.parametrize("state", ["PENDING", "RUNNING", "CANCEL_PENDING"])
    def test_the_same_job_and_date_under_way_is_not_started_again(
        self, state: str, told: Told
    ) -> None:
        there = on(cluster())
        first, _ = place.submit(there, run(), told.append)
        set_step(there._cluster, first, state)
        assert place.submit(there, run(), told.append) == (first, False)
        assert "is running already" in told[-1]
        other, started = place.submit(there, run(day=30), told.append)
        assert started
        assert other != first

    @pytest.mark.parametrize("state", ["COMPLETED", "FAILED", "CANCELLED"])
    def test_one_that_has_ended_can_be_started_again(self, state: str, told: Told) -> None:
        there = on(cluster())
        first, _ = place.submit(there, run(), told.append)
        set_step(there._cluster, first, state)
        again, started = place.submit(there, run(), told.append)
        assert started
        assert again != first

    def test_a_failed_step_shows_the_end_of_the_drivers_log(
        self, tmp_path: Path, told: Told
    ) -> None:
        there = on(cluster(logs=str(tmp_path)))
        identifier, _ = place.submit(there, run(), told.append)
        set_step(there._cluster, identifier, "FAILED", "exit status 1")
        application = "application_1700000000000_0007"
        container = f"{there._cluster}/containers/{application}/container_1700000000000_0007_01"
        step = f"{there._cluster}/steps/{identifier}/stderr.gz"
        container += "_000001/stderr.gz"

        def logs_come() -> None:
            write_log(tmp_path, step, f"Submitted application {application}")
            write_log(tmp_path, container, *(f"line {number}" for number in range(100)), "the end")

        script = Script([logs_come])
        with pytest.raises(AntipodeError, match="failed: exit status 1"):
            place.wait(there, identifier, script.patience, told.append)
        assert [line.strip() for line in told[-step_log.LINES :]] == [
            *(f"line {number}" for number in range(61, 100)),
            "the end",
        ]

    def test_without_a_log_it_fails_all_the_same(self, tmp_path: Path, told: Told) -> None:
        there = on(cluster(logs=str(tmp_path)))
        identifier, _ = place.submit(there, run(), told.append)
        set_step(there._cluster, identifier, "FAILED", "gone")
        script = Script([])
        with pytest.raises(AntipodeError, match="gone"):
            place.wait(there, identifier, script.patience, told.append)
        assert "no log came" in told[-1]
        assert len(script.slept) == 3

    def test_a_cluster_that_ended_is_refused(self) -> None:
        there = on(cluster())
        boto3.client("emr", REGION).terminate_job_flows(JobFlowIds=[there._cluster])
        with pytest.raises(UsageError, match="is TERMINATED; name a running one"):
            there.start(run())


class TestTransientCluster:
    @pytest.fixture
    def there(self, monkeypatch: pytest.MonkeyPatch) -> TransientCluster:
        request = deployment.cluster_request(release.named("emr-7.13.0"), VALUES)
        return TransientCluster(boto3.client("emr", REGION), request, Settings())

    def test_a_cluster_starts_with_the_run_as_its_only_step_and_ends_with_it(
        self, there: TransientCluster, told: Told
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        client = boto3.client("emr", REGION)
        found = client.describe_cluster(ClusterId=identifier)["Cluster"]
        assert found["ReleaseLabel"] == "emr-7.13.0"
        assert found["AutoTerminate"] is True
        (step,) = client.list_steps(ClusterId=identifier)["Steps"]
        assert step["Config"]["Args"] == on_yarn(run())
        assert step["ActionOnFailure"] == "TERMINATE_CLUSTER"
        set_step(identifier, step["Id"], "COMPLETED")
        assert place.wait(there, identifier, Script([]).patience, told.append).state.ended

    def test_the_same_job_and_date_under_way_is_not_started_again(
        self, there: TransientCluster, told: Told
    ) -> None:
        first, _ = place.submit(there, run(), told.append)
        assert place.submit(there, run(), told.append) == (first, False)
        boto3.client("emr", REGION).terminate_job_flows(JobFlowIds=[first])
        again, started = place.submit(there, run(), told.append)
        assert (started, again != first) == (True, True)

    def test_a_cluster_that_ends_before_its_step_is_told_as_such(
        self, there: TransientCluster, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        reason = {"Code": "BOOTSTRAP_FAILURE", "Message": "bootstrap action 1 failed"}
        ended = {"Status": {"State": "TERMINATED_WITH_ERRORS", "StateChangeReason": reason}}
        monkeypatch.setattr(there._client, "describe_cluster", lambda **_: {"Cluster": ended})
        with pytest.raises(AntipodeError, match="bootstrap action 1 failed"):
            place.wait(there, identifier, Script([]).patience, told.append)


class TestServerless:
    @pytest.fixture
    def application(self) -> str:
        client = boto3.client("emr-serverless", REGION)
        made = client.create_application(releaseLabel="emr-7.13.0", type="SPARK", clientToken="t")
        found = str(made["applicationId"])
        # Another's run: moto knows no application without any.
        client.start_job_run(applicationId=found, executionRoleArn=ROLE, clientToken="another")
        return found

    @pytest.fixture
    def there(self, application: str, tmp_path: Path) -> Serverless:
        client = boto3.client("emr-serverless", REGION)
        return Serverless(client, application, ROLE, str(tmp_path), Settings())

    def test_a_job_run_is_started_and_waited_for(
        self, there: Serverless, application: str, told: Told
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        set_run(application, identifier, "SUCCESS")
        end = place.wait(there, identifier, Script([]).patience, told.append)
        assert end.state is place.State.DONE

    def test_two_who_submit_at_once_give_one_token(self, there: Serverless) -> None:
        token = there.request(run())["clientToken"]
        assert there.request(run())["clientToken"] == token
        assert there.request(run(day=30))["clientToken"] != token
        assert len(str(token)) <= 64

    def test_after_a_failure_the_token_is_another_so_that_it_runs_again(
        self, there: Serverless, application: str, told: Told
    ) -> None:
        first, _ = place.submit(there, run(), told.append)
        set_run(application, first, "RUNNING")
        token = there.request(run())["clientToken"]
        assert place.submit(there, run(), told.append) == (first, False)
        set_run(application, first, "FAILED", "exit 1")
        assert there.request(run())["clientToken"] != token
        assert place.submit(there, run(), told.append)[1]

    def test_a_failed_job_run_shows_the_end_of_the_drivers_log(
        self, there: Serverless, application: str, tmp_path: Path, told: Told
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        set_run(application, identifier, "FAILED", "exit 1")
        driver = f"applications/{application}/jobs/{identifier}/SPARK_DRIVER/stderr.gz"
        write_log(tmp_path, driver, "error: no events")
        with pytest.raises(AntipodeError, match="failed: exit 1"):
            place.wait(there, identifier, Script([]).patience, told.append)
        assert told[-1].strip() == "error: no events"


def test_a_log_cut_off_in_the_middle_counts_as_not_there_yet(tmp_path: Path) -> None:
    write_log(tmp_path, "j-1/steps/s-1/stderr.gz", "one line")
    path = tmp_path / "j-1/steps/s-1/stderr.gz"
    path.write_bytes(path.read_bytes()[:-6])
    assert step_log.step(open_objects(str(tmp_path), Settings()), "j-1", "s-1") == []

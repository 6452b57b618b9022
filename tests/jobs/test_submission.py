"""Submission to EMR: what is asked for, once; how its end is told. EMR is moto's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from emr_control import PACKAGE, REGION, Script, cluster, mocked, run, set_step, write_log

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from jobs.cluster import deployment, place, release, step_log
from jobs.cluster.emr import EmrCluster
from jobs.cluster.submit_line import on_serverless, on_yarn
from jobs.cluster.transient import TransientCluster
from lake.objects import open_objects

VALUES = deployment.read(Path(__file__).parents[2] / "conf" / "emr" / "deployment.toml")


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked(monkeypatch):
        yield


@pytest.fixture
def told() -> list[str]:
    return []


def on(cluster_id: str) -> EmrCluster:
    return EmrCluster(boto3.client("emr", REGION), cluster_id, Settings())


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
            on_serverless(run(settings=Settings(s3_region="a b")))


class TestCluster:
    def test_a_step_is_added_and_waited_for(self, told: list[str]) -> None:
        there = on(cluster())
        identifier, started = place.submit(there, run(), told.append)
        assert started
        steps = boto3.client("emr", REGION).list_steps(ClusterId=there._cluster)["Steps"]
        assert [(step["Id"], step["Name"], step["ActionOnFailure"]) for step in steps] == [
            (identifier, "antipode detect 2026-10-31 30 days acme s3://bucket/lake", "CONTINUE")
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
        self, state: str, told: list[str]
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
    def test_one_that_has_ended_can_be_started_again(self, state: str, told: list[str]) -> None:
        there = on(cluster())
        first, _ = place.submit(there, run(), told.append)
        set_step(there._cluster, first, state)
        again, started = place.submit(there, run(), told.append)
        assert started
        assert again != first

    def test_a_failed_step_shows_the_end_of_the_drivers_log(
        self, tmp_path: Path, told: list[str]
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

    def test_without_a_log_it_fails_all_the_same(self, tmp_path: Path, told: list[str]) -> None:
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
        self, there: TransientCluster, told: list[str]
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        client = boto3.client("emr", REGION)
        found = client.describe_cluster(ClusterId=identifier)["Cluster"]
        assert found["ReleaseLabel"] == "emr-7.13.0"
        assert found["AutoTerminate"] is True
        # With more than one, EMR refuses a step that is to end the cluster when it fails.
        assert found["StepConcurrencyLevel"] == 1
        (step,) = client.list_steps(ClusterId=identifier)["Steps"]
        assert step["Config"]["Args"] == on_yarn(run())
        assert step["ActionOnFailure"] == "TERMINATE_CLUSTER"
        set_step(identifier, step["Id"], "COMPLETED")
        assert place.wait(there, identifier, Script([]).patience, told.append).state.ended

    def test_the_same_job_and_date_under_way_is_not_started_again(
        self, there: TransientCluster, told: list[str]
    ) -> None:
        first, _ = place.submit(there, run(), told.append)
        assert place.submit(there, run(), told.append) == (first, False)
        boto3.client("emr", REGION).terminate_job_flows(JobFlowIds=[first])
        again, started = place.submit(there, run(), told.append)
        assert (started, again != first) == (True, True)

    def test_a_cluster_that_ends_before_its_step_is_told_as_such(
        self, there: TransientCluster, told: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        reason = {"Code": "BOOTSTRAP_FAILURE", "Message": "bootstrap action 1 failed"}
        ended = {"Status": {"State": "TERMINATED_WITH_ERRORS", "StateChangeReason": reason}}
        monkeypatch.setattr(there._client, "describe_cluster", lambda **_: {"Cluster": ended})
        with pytest.raises(AntipodeError, match="bootstrap action 1 failed"):
            place.wait(there, identifier, Script([]).patience, told.append)


def test_a_log_cut_off_in_the_middle_counts_as_not_there_yet(tmp_path: Path) -> None:
    write_log(tmp_path, "j-1/steps/s-1/stderr.gz", "one line")
    path = tmp_path / "j-1/steps/s-1/stderr.gz"
    path.write_bytes(path.read_bytes()[:-6])
    assert step_log.step(open_objects(str(tmp_path), Settings()), "j-1", "s-1") == []

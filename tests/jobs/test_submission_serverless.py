"""Submission to EMR Serverless: once, by its token; how its end is told. It is moto's."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from emr_control import REGION, ROLE, Script, mocked, run, set_run, write_log

from conf.errors import AntipodeError
from conf.settings import Settings
from jobs.cluster import place
from jobs.cluster.serverless import Serverless


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mocked(monkeypatch):
        yield


@pytest.fixture
def told() -> list[str]:
    return []


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
        self, there: Serverless, application: str, told: list[str]
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
        self, there: Serverless, application: str, told: list[str]
    ) -> None:
        first, _ = place.submit(there, run(), told.append)
        set_run(application, first, "RUNNING")
        token = there.request(run())["clientToken"]
        assert place.submit(there, run(), told.append) == (first, False)
        set_run(application, first, "FAILED", "exit 1")
        assert there.request(run())["clientToken"] != token
        assert place.submit(there, run(), told.append)[1]

    def test_a_failed_job_run_shows_the_end_of_the_drivers_log(
        self, there: Serverless, application: str, tmp_path: Path, told: list[str]
    ) -> None:
        identifier, _ = place.submit(there, run(), told.append)
        set_run(application, identifier, "FAILED", "exit 1")
        driver = f"applications/{application}/jobs/{identifier}/SPARK_DRIVER/stderr.gz"
        write_log(tmp_path, driver, "error: no events")
        with pytest.raises(AntipodeError, match="failed: exit 1"):
            place.wait(there, identifier, Script([]).patience, told.append)
        assert told[-1].strip() == "error: no events"

"""Runs on an application of EMR Serverless."""

import hashlib
from collections.abc import Iterator
from typing import Any, Protocol

from conf.settings import Settings
from jobs.cluster import step_log
from jobs.cluster.place import State, Status
from jobs.cluster.submit_line import Submission, on_serverless
from lake.objects import open_objects

STATES = {
    "SUBMITTED": State.WAITING,
    "PENDING": State.WAITING,
    "SCHEDULED": State.WAITING,
    "QUEUED": State.WAITING,
    "RUNNING": State.RUNNING,
    "CANCELLING": State.RUNNING,
    "SUCCESS": State.DONE,
}  # FAILED, CANCELLED: failed


class ServerlessClient(Protocol):
    """What is used of boto3's client `emr-serverless`."""

    get_job_run: Any
    get_paginator: Any
    start_job_run: Any


class Serverless:
    """The job runs of one application."""

    def __init__(
        self, client: ServerlessClient, application: str, role: str, logs: str, settings: Settings
    ) -> None:
        """`role`: ARN of the role that runs act as. `logs`: where logs go, s3://bucket/prefix/."""
        self._client = client
        self._application = application
        self._role = role
        self._logs = logs
        self._settings = settings

    def request(self, run: Submission) -> dict[str, object]:
        """Return what `start` would ask for."""
        return {
            "applicationId": self._application,
            "clientToken": self._token(run),
            "executionRoleArn": self._role,
            "name": run.name,
            "jobDriver": on_serverless(run),
            "configurationOverrides": {
                "monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": self._logs}}
            },
        }

    def running(self, run: Submission) -> str | None:
        """Return the job run of the same name that has not ended."""
        for found in self._named(run):
            if not _state(found["state"]).ended:
                return str(found["id"])
        return None

    def start(self, run: Submission) -> str:
        """Start the job run."""
        return str(self._client.start_job_run(**self.request(run))["jobRunId"])

    def status(self, identifier: str) -> Status:
        """Return how far a job run is."""
        found = self._client.get_job_run(applicationId=self._application, jobRunId=identifier)
        run = found["jobRun"]
        details = run.get("stateDetails")
        return Status(
            _state(run["state"]), run["state"].lower() + (f": {details}" if details else "")
        )

    def log_tail(self, identifier: str) -> list[str]:
        """Return the last lines of the driver's log."""
        objects = open_objects(self._logs, self._settings)
        return step_log.serverless(objects, self._application, identifier)

    def _named(self, run: Submission) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_job_runs")
        for page in pages.paginate(applicationId=self._application):
            yield from (found for found in page["jobRuns"] if found.get("name") == run.name)

    def _token(self, run: Submission) -> str:
        # Two who submit at once have counted as many that ended, so they say the same and get one.
        ended = sum(_state(found["state"]).ended for found in self._named(run))
        return hashlib.sha256(f"{run.name}\n{run.package}\n{ended}".encode()).hexdigest()


def _state(said: str) -> State:
    return STATES.get(said, State.FAILED)

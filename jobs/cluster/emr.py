"""Runs on an EMR cluster that is there: each one a step."""

from typing import Any, Protocol

from conf.errors import UsageError
from conf.settings import Settings
from jobs.cluster import step_log
from jobs.cluster.place import State, Status
from jobs.cluster.submit_line import Submission, on_yarn
from lake.objects import open_objects

UNDER_WAY = ("PENDING", "RUNNING", "CANCEL_PENDING")
STATES = {
    "PENDING": State.WAITING,
    "RUNNING": State.RUNNING,
    "CANCEL_PENDING": State.RUNNING,
    "COMPLETED": State.DONE,
}  # CANCELLED, FAILED, INTERRUPTED: failed


class EmrClient(Protocol):
    """What is used of boto3's client `emr`."""

    add_job_flow_steps: Any
    describe_cluster: Any
    describe_step: Any
    get_paginator: Any
    run_job_flow: Any


def step(run: Submission, on_failure: str) -> dict[str, Any]:
    """Return the step that does `run`."""
    return {
        "Name": run.name,
        "ActionOnFailure": on_failure,
        "HadoopJarStep": {"Jar": "command-runner.jar", "Args": on_yarn(run)},
    }


class EmrCluster:
    """The steps of one cluster."""

    def __init__(self, client: EmrClient, cluster: str, settings: Settings) -> None:
        """`cluster`: its id, such as j-1ABCDEFGHIJKL."""
        self._client = client
        self._cluster = cluster
        self._settings = settings

    def request(self, run: Submission) -> dict[str, object]:
        """Return what `start` would ask for."""
        return {"JobFlowId": self._cluster, "Steps": [step(run, "CONTINUE")]}

    def running(self, run: Submission) -> str | None:
        """Return the step of the same name that has not ended."""
        pages = self._client.get_paginator("list_steps")
        for page in pages.paginate(ClusterId=self._cluster, StepStates=list(UNDER_WAY)):
            for found in page["Steps"]:
                if found["Name"] == run.name and found["Status"]["State"] in UNDER_WAY:
                    return str(found["Id"])
        return None

    def start(self, run: Submission) -> str:
        """Add the step."""
        state = self._describe()["Status"]["State"]
        if state.startswith("TERMINAT"):
            raise UsageError(f"--cluster {self._cluster}: is {state}; name a running one")
        (identifier,) = self._client.add_job_flow_steps(**self.request(run))["StepIds"]
        return str(identifier)

    def status(self, identifier: str) -> Status:
        """Return how far a step is."""
        answer = self._client.describe_step(ClusterId=self._cluster, StepId=identifier)
        return step_status(answer["Step"]["Status"])

    def log_tail(self, identifier: str) -> list[str]:
        """Return the last lines of a step's log."""
        uri = self._describe().get("LogUri", "")
        if not uri:
            return [f"the cluster {self._cluster} keeps no logs; set its LogUri"]
        # EMR gives the address with the scheme of its old file system.
        objects = open_objects(uri.replace("s3n://", "s3://"), self._settings)
        return step_log.step(objects, self._cluster, identifier)

    def _describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.describe_cluster(ClusterId=self._cluster)["Cluster"]
        return found


def step_status(found: dict[str, Any]) -> Status:
    """Return a step's status from what EMR says of it."""
    failure = found.get("FailureDetails") or {}
    reason = failure.get("Message") or (found.get("StateChangeReason") or {}).get("Message")
    says = found["State"].lower() + (f": {reason}" if reason else "")
    return Status(STATES.get(found["State"], State.FAILED), says)

"""Runs on an EMR cluster of their own, which starts for one run and ends with it."""

from typing import Any

from conf.errors import AntipodeError
from conf.settings import Settings
from jobs.cluster.emr import EmrClient, EmrCluster, step
from jobs.cluster.place import Status
from jobs.cluster.submit_line import Submission

LIVING = ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")


class TransientCluster:
    """A new cluster for each run; the run's identifier is that of the cluster."""

    def __init__(self, client: EmrClient, cluster: dict[str, Any], settings: Settings) -> None:
        """`cluster`: the request of RunJobFlow, but for its name and steps; see `deployment`."""
        self._client = client
        self._request = cluster
        self._settings = settings

    def request(self, run: Submission) -> dict[str, object]:
        """Return what `start` would ask for."""
        # EMR refuses steps that end the cluster when they fail where several may run at once.
        steps, one_at_a_time = [step(run, "TERMINATE_CLUSTER")], {"StepConcurrencyLevel": 1}
        return {**self._request, **one_at_a_time, "Name": run.name, "Steps": steps}

    def running(self, run: Submission) -> str | None:
        """Return the cluster of the same name that has not ended."""
        pages = self._client.get_paginator("list_clusters")
        for page in pages.paginate(ClusterStates=list(LIVING)):
            for found in page["Clusters"]:
                if found["Name"] == run.name:
                    return str(found["Id"])
        return None

    def start(self, run: Submission) -> str:
        """Start the cluster with the run as its only step."""
        return str(self._client.run_job_flow(**self.request(run))["JobFlowId"])

    def status(self, identifier: str) -> Status:
        """Return how far the only step of a cluster is."""
        found = self._cluster(identifier).status(self._step(identifier))
        if found.state.ended:
            return found
        state = self._client.describe_cluster(ClusterId=identifier)["Cluster"]["Status"]
        if state["State"] == "TERMINATED_WITH_ERRORS":
            raise AntipodeError(
                f"cluster {identifier} ended before its step: "
                f"{state.get('StateChangeReason', {}).get('Message', 'no reason given')}"
            )
        return Status(found.state, f"cluster {state['State'].lower()}, step {found.says}")

    def log_tail(self, identifier: str) -> list[str]:
        """Return the last lines of the log of a cluster's only step."""
        return self._cluster(identifier).log_tail(self._step(identifier))

    def _cluster(self, identifier: str) -> EmrCluster:
        return EmrCluster(self._client, identifier, self._settings)

    def _step(self, identifier: str) -> str:
        for page in self._client.get_paginator("list_steps").paginate(ClusterId=identifier):
            for found in page["Steps"]:
                return str(found["Id"])
        raise AntipodeError(f"cluster {identifier} has no step; was it started by somebody else?")

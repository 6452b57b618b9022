"""Moto's EMR, and what happens on it: tests say when a step or a job run changes its state."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.emr.models import emr_backends
from moto.emrserverless.models import emrserverless_backends

from conf.settings import Settings
from jobs.cluster.place import Patience
from jobs.cluster.submit_line import Submission, submission
from jobs.dated import Work

REGION = "eu-central-1"
PACKAGE = "s3://bucket/packages/emr-spark-8.0.0-0123456789ab"
ROLE = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/antipode-job"


@contextmanager
def mocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let boto3 speak to moto, as nobody."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


def write_log(folder: Path, key: str, *lines: str) -> None:
    """Leave a log as EMR does."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def work(day: int = 31, tenant: str | None = "acme") -> Work:
    return Work("detect", date(2026, 10, day), "s3://bucket/lake", tenant)


def run(day: int = 31, settings: Settings | None = None) -> Submission:
    return submission(work(day), PACKAGE, settings or Settings())


def cluster(logs: str = "") -> str:
    """Start a cluster that stays; return its id."""
    answer = boto3.client("emr", REGION).run_job_flow(
        Name="daily",
        ReleaseLabel="emr-7.13.0",
        LogUri=logs,
        Instances={
            "InstanceCount": 1,
            "MasterInstanceType": "m5.xlarge",
            "KeepJobFlowAliveWhenNoSteps": True,
        },
        JobFlowRole="profile",
        ServiceRole="role",
    )
    return answer["JobFlowId"]


def set_step(cluster_id: str, step_id: str, state: str, reason: str | None = None) -> None:
    for step in emr_backends[DEFAULT_ACCOUNT_ID][REGION].clusters[cluster_id].steps:
        if step.id == step_id:
            step.state = state
            step.last_state_change_reason = reason


def set_run(application: str, run_id: str, state: str, details: str = "") -> None:
    backend = emrserverless_backends[DEFAULT_ACCOUNT_ID][REGION]
    found = backend.get_job_run(application, run_id)
    found.state, found.state_details = state, details


@dataclass
class Script:
    """What happens at each wait, in turn; nothing more after that."""

    acts: list[Callable[[], Any]]
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.acts:
            self.acts.pop(0)()

    @property
    def patience(self) -> Patience:
        return Patience(self.sleep, poll=15, log_questions=3)

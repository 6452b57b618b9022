"""A place where a submission runs, whatever it is; and waiting for the result there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from conf.errors import AntipodeError
from jobs.cluster.submit_line import Submission

Say = Callable[[str], None]
POLL = 15.0  # seconds between two questions; EMR allows few
TELL_EVERY = 20  # questions, after which an unchanged state is told again


class State(Enum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether it stays so."""
        return self in (State.DONE, State.FAILED)


@dataclass(frozen=True)
class Status:
    """A run's state, and what the place says of it in its own words."""

    state: State
    says: str


class Place(Protocol):
    """Where submissions run. A run is known by an identifier of the place."""

    def request(self, run: Submission) -> dict[str, object]:
        """Return what `start` would ask for."""
        ...

    def running(self, run: Submission) -> str | None:
        """Return the run of the same name that has not ended, if there is one."""
        ...

    def start(self, run: Submission) -> str:
        """Start it; return its identifier."""
        ...

    def status(self, identifier: str) -> Status:
        """Return how far a run is."""
        ...

    def log_tail(self, identifier: str) -> list[str]:
        """Return the last lines of its log; none while there is no log."""
        ...


@dataclass(frozen=True)
class Patience:
    """How to wait: `sleep` for `poll` seconds; and how often to ask for a log that comes late."""

    sleep: Callable[[float], None]
    poll: float = POLL
    log_questions: int = 24  # six minutes: EMR copies logs to S3 every five


def submit(place: Place, run: Submission, say: Say) -> tuple[str, bool]:
    """Start `run` unless it is under way; return its identifier, and whether it was started now."""
    found = place.running(run)
    if found is not None:
        say(f"{run.name}: is running already as {found}")
        return found, False
    identifier = place.start(run)
    say(f"{run.name}: started as {identifier}")
    return identifier, True


def wait(place: Place, identifier: str, patience: Patience, say: Say) -> Status:
    """Wait for the end of a run, telling how far it is. Raises AntipodeError when it failed."""
    told, questions = "", 0
    while True:
        status = place.status(identifier)
        if status.says != told or questions % TELL_EVERY == 0:
            say(f"{identifier}: {status.says}")
            told = status.says
        questions += 1
        if status.state is State.DONE:
            return status
        if status.state is State.FAILED:
            _tell_log(place, identifier, patience, say)
            raise AntipodeError(f"{identifier} failed: {status.says}; its log is above")
        patience.sleep(patience.poll)


def _tell_log(place: Place, identifier: str, patience: Patience, say: Say) -> None:
    for question in range(patience.log_questions):
        lines = place.log_tail(identifier)
        if lines:
            for line in lines:
                say(f"  {line}")
            return
        if question == 0:
            say(f"{identifier}: waiting for its log, which comes some minutes late")
        patience.sleep(patience.poll)
    say(f"{identifier}: no log came")

"""A simulator whose past is always the same."""

from collections.abc import Iterator

import pytest
from provider_simulator.client import Simulator, running

ORIGIN, NOW = "2026-10-01T00:00:00Z", "2026-10-06T12:00:00Z"


@pytest.fixture(scope="session")
def _standing_still() -> Iterator[Simulator]:
    with running("--seed", "7", "--origin", ORIGIN, "--events-per-day", "200") as simulator:
        yield simulator


@pytest.fixture
def simulator(_standing_still: Simulator) -> Iterator[Simulator]:
    """Simulated providers at noon of 6 October, after five and a half days; the clock stands."""
    _standing_still.set_clock(NOW, running=False)
    yield _standing_still
    _standing_still.reset()

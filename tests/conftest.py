"""What holds for every test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from provider_simulator.client import Simulator
    from pyspark.sql import SparkSession


# How fast a busy machine draws an example says nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark of pytest-xdist also where the plug-in is switched off."""
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that use Spark on one worker, so that only one Spark starts."""
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("spark"))


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    """The one Spark of a test run, started when the first test asks for it."""
    from jobs.runner import spark_session

    session = spark_session("local[2]", name="tests")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def _simulator_process() -> Iterator["Simulator"]:
    from provider_simulator.client import running

    with running("--seed", "7", "--events-per-day", "400") as simulator:
        yield simulator


@pytest.fixture
def provider_simulator(_simulator_process: "Simulator") -> Iterator["Simulator"]:
    """The simulated providers, as just started: tests/provider_simulator/README.md."""
    yield _simulator_process
    _simulator_process.reset()

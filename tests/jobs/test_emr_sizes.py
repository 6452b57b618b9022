"""Drivers and executors fit the machines that the fleets ask for."""

import re
from pathlib import Path
from typing import Any

import pytest

from jobs.cluster import deployment
from jobs.cluster.release import named

CONF = Path(__file__).parents[2] / "conf"
VALUES = deployment.read(CONF / "emr" / "deployment.toml")
UNITS = {"m": 1, "g": 1024}
# What EMR gives YARN of a machine, MiB, and its cores, by size: the page "Task configuration" of
# its release guide. All families of the fleets (m5, m6 and their kin) have 4 GiB a core.
YARN = {"xlarge": (12_288, 4), "2xlarge": (24_576, 8)}
# `bench.scale`, docs/scale.md: the process tree of 40 M events, and the heap that it ran with.
MEASURED, HEAP = 6_119, 1_536


def settings() -> dict[str, str]:
    found = deployment.filled("emr/configurations.json", VALUES)
    (defaults,) = (each for each in found if each["Classification"] == "spark-defaults")
    return dict(defaults["Properties"])


def size(name: str) -> int:
    """A setting in MiB."""
    ((number, unit),) = re.findall(r"^(\d+)([mg])$", settings()[name])
    return int(number) * UNITS[unit]


def fleet(kind: str) -> list[dict[str, Any]]:
    fleets = deployment.filled("emr/instance_fleets.json", VALUES)
    (found,) = (each for each in fleets if each["InstanceFleetType"] == kind)
    return list(found["InstanceTypeConfigs"])


def room(machine: str) -> tuple[int, int]:
    return YARN[machine.split(".")[1]]


def container(who: str) -> int:
    return size(f"spark.{who}.memory") + size(f"spark.{who}.memoryOverhead")


def test_a_driver_fits_every_core_node() -> None:
    for each in fleet("CORE"):
        memory, cores = room(each["InstanceType"])
        assert container("driver") <= memory
        assert int(settings()["spark.driver.cores"]) <= cores


def test_pythons_part_of_the_driver_is_what_forty_million_events_took_and_half_as_much() -> None:
    assert size("spark.driver.memoryOverhead") >= 1.5 * (MEASURED - HEAP)
    assert size("spark.driver.memory") >= HEAP
    assert size("spark.driver.maxResultSize") < size("spark.driver.memory")


@pytest.mark.parametrize("kind", ["CORE", "TASK"])
def test_a_machine_has_room_for_as_many_executors_as_it_counts_units(kind: str) -> None:
    for each in fleet(kind):
        memory, cores = room(each["InstanceType"])
        assert each["WeightedCapacity"] * container("executor") <= memory
        assert each["WeightedCapacity"] * int(settings()["spark.executor.cores"]) <= cores


def test_as_many_drivers_as_steps_run_side_by_side_fit_the_core_nodes() -> None:
    most = deployment.filled("emr/managed_scaling.json", VALUES)["ComputeLimits"]
    share = deployment.filled("emr/configurations.json", VALUES)[-1]["Properties"]
    steps = deployment.cluster_request(named("emr-7.13.0"), VALUES)["StepConcurrencyLevel"]
    assert most["MaximumCoreCapacityUnits"] >= steps
    whole = most["MaximumCoreCapacityUnits"] * YARN["xlarge"][0]
    allowed = float(share["yarn.scheduler.capacity.maximum-am-resource-percent"]) * whole
    assert steps * container("driver") <= allowed

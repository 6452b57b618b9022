"""One cluster for all tests of a run; to start it takes longer than most of them."""

from collections.abc import Iterator

import cluster_world
import pytest
from cluster_world import World


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark of what `make e2e` runs."""
    config.addinivalue_line("markers", "e2e: needs the YARN and HDFS that `make e2e` installs")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A company's logs, an S3 server, a cluster, and the package for it."""
    with cluster_world.opened(tmp_path_factory.mktemp("cluster")) as world:
        yield world


@pytest.fixture(scope="session")
def on_the_laptop(world: World) -> str:
    """A lake in a folder, in which one machine has taken in the logs and detected."""
    lake = str(world.folder / "laptop")
    cluster_world.take_in(world.raw, lake)
    cluster_world.antipode(["detect", "--lake", lake, *cluster_world.DETECT])
    return lake


@pytest.fixture(scope="session")
def taken_in(world: World) -> str:
    """The same logs taken into a lake on S3, in which nothing is ever detected."""
    lake = f"s3://{cluster_world.BUCKET}/taken-in"
    cluster_world.take_in(world.raw, lake)
    return lake


@pytest.fixture(scope="session")
def on_the_cluster(world: World, taken_in: str) -> str:
    """As much of it in the lake as the role of jobs may read: raw objects and others are not there.

    Whatever a job needs, its role therefore allows.
    """
    return world.copied(taken_in, "lake")


@pytest.fixture(scope="session")
def at_a_node(world: World, taken_in: str) -> str:
    """The same once more."""
    return world.copied(taken_in, "at-a-node")

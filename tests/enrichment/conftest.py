"""A keeper of lists that runs for one test, and updates that ask it."""

import dataclasses
import threading

import pytest
from feeds_keeper import NOW, Keeper

from conf.settings import Settings
from enrichment import feeds_update
from enrichment.feed import known


@pytest.fixture
def keeper():
    with Keeper() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def feeds(keeper):
    """All feeds, each at a path of the keeper that bears its name."""
    return {
        name: dataclasses.replace(feed, url=f"{keeper.url}/{name}")
        for name, feed in known().items()
    }


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def update(settings, feeds):
    """Update one feed and return what became of it."""

    def one(name, now=NOW, **more):
        (result,) = feeds_update.update(settings, [name], now=now, feeds=feeds, **more)
        return result

    return one

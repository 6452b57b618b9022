"""Runs a worker of one queue, or beat, until the process is told to end."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from celery import Celery, Task, signals

from collectors.celery_app import (
    COLLECT,
    DAILY,
    NORMALIZE,
    celery_app,
    log_as_antipode,
    send,
    task_name,
)
from collectors.clock import SystemClock
from collectors.collect_task import LOOK, CollectTask
from collectors.collecting import Collecting
from collectors.daily_task import DailyTask
from collectors.live_configuration import LiveConfiguration
from collectors.normalize_task import NormalizeTask
from collectors.outcome import AccountKey
from collectors.store import open_store
from collectors.told import Told
from collectors.worker_settings import WorkerSettings
from conf.settings import Settings
from lake.streams import Stream

_NET = 900.0  # seconds that a task may take longer than it is meant to, before it is killed


@dataclass(frozen=True)
class Post:
    """Which broker a process works for, and how."""

    broker: str
    workers: WorkerSettings

    def app(self) -> Celery:
        """Return the application; the address is looked up now. Raises Stop."""
        address = self.workers.brokers[self.broker].value()
        return celery_app(address, self.workers.connection)

    def tell(self, app: Celery, stream: Stream) -> None:
        """Send word that something of a stream waits to be taken in."""
        arguments = [stream.tenant, stream.source, stream.name]
        # Should it be lost or come too late, a later run of the account sends another.
        life = 2 * LOOK.total_seconds()
        send(app, NORMALIZE, arguments, life, self.workers.connection.confirm)


def collect(post: Post, uri: str, settings: Settings, accounts: Path) -> int:
    """Work on the queue `collect`, in a process that runs on gevent; return the exit status."""
    app, clock, limits = post.app(), SystemClock(), post.workers.collect
    live = LiveConfiguration(accounts, clock)
    store = open_store(uri, settings, limits.side_by_side, green=True)
    store.encryption.prepare()  # now, while nobody waits for this process's heartbeats
    work = CollectTask(
        Collecting(live.newest, store),
        live,
        store,
        clock,
        timedelta(seconds=limits.longest),
        partial(post.tell, app),
    )

    @app.task(name=task_name(COLLECT), bind=True)
    def collect_account(self: Task[Any, Any], tenant: str, source: str, name: str) -> None:
        again = bool((self.request.delivery_info or {}).get("redelivered"))
        work.run(AccountKey(tenant, source, name), again)

    return _work(app, COLLECT, "gevent", concurrency=limits.side_by_side)


def normalize(post: Post, uri: str, settings: Settings) -> int:
    """Work on the queue `normalize` with several processes; return the exit status."""
    app, limits = post.app(), post.workers.normalize
    longest = timedelta(seconds=limits.longest)
    work = NormalizeTask(uri, settings, SystemClock(), longest, partial(post.tell, app))

    @app.task(name=task_name(NORMALIZE), time_limit=int(limits.longest + _NET))
    def normalize_stream(tenant: str, source: str, name: str) -> None:
        work.run(Stream(tenant, source, name))

    return _work(
        app,
        NORMALIZE,
        "prefork",
        concurrency=limits.processes or None,
        max_tasks_per_child=limits.tasks_per_child,
        max_memory_per_child=limits.megabytes_per_child * 1024,
    )


def daily(post: Post, uri: str, options: Sequence[str]) -> int:
    """Work on the queue `daily`, one run at a time; return the exit status."""
    app = post.app()
    work = DailyTask(uri, post.workers.daily, SystemClock(), options)

    # Acknowledged at once: RabbitMQ takes back what is not for half an hour, and runs take longer.
    @app.task(name=task_name(DAILY), acks_late=False)
    def run_daily() -> None:
        work.run()

    return _work(app, DAILY, "prefork", concurrency=1)


def beat(post: Post, accounts: Path) -> None:
    """Send tasks when accounts are due."""
    from collectors.schedule import AccountScheduler

    scheduler: Any = partial(
        AccountScheduler,
        accounts=LiveConfiguration(accounts, SystemClock()),
        settings=post.workers,
        broker=post.broker,
    )
    beat: Any = post.app().Beat(scheduler_cls=scheduler, quiet=True)
    # It keeps nothing, so it may end in the middle of anything; Celery's own handler saves its
    # schedule first and, told while a message is being sent, may wait for that for ever.
    beat.install_sync_handler = lambda service: _end_at_once()
    log_as_antipode()
    beat.run()


def _end_at_once() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def _work(app: Celery, queue: str, pool: str, **limits: Any) -> int:
    log_as_antipode()
    worker = app.Worker(
        hostname=f"{queue}@%h",
        pool=pool,
        queues=[queue],
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,  # that of events; the connection's own is on
        **limits,
    )

    def ready(**_: Any) -> None:
        Told().info("worker ready", queue=queue, broker=app.connection_for_read().as_uri())

    signals.worker_ready.connect(ready, weak=False)
    worker.start()
    return int(worker.exitcode or 0)

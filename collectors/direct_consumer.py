"""Celery's consumer of tasks, less what we do not use, and on time.

Named in the settings as `worker_consumer`.
"""

import time
from typing import Any

from celery.worker.consumer import Consumer

_celerys: Any = Consumer.Blueprint


class DirectConsumer(Consumer):
    """Without delayed delivery: 28 queues on each broker for countdowns, of which we have none."""

    Blueprint = type(
        "Blueprint",
        (_celerys,),
        {"default_steps": [one for one in _celerys.default_steps if "delayed" not in str(one)]},
    )

    def loop_args(self) -> tuple[Any, ...]:
        """Return what Celery's loop is given, with a connection that waits no longer than told."""
        itself, connection, *rest = super().loop_args()
        hub = rest[2]  # none under gevent
        return itself, connection if hub else OnTime(connection), *rest


class OnTime:
    """A connection to a broker, whose wait for events ends when its time is over.

    amqp begins to wait anew after each heartbeat of the broker. Where these come faster than the
    loop's two seconds, under gevent, the loop would neither acknowledge tasks nor notice that it
    is to end.
    """

    def __init__(self, connection: Any) -> None:
        """Wrap kombu's connection."""
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        """Be kombu's connection otherwise."""
        return getattr(self._connection, name)

    def drain_events(self, timeout: float) -> None:
        """Handle one event. Raises TimeoutError when none comes within `timeout` seconds."""
        end = time.monotonic() + timeout
        reader = self._connection.connection  # that of amqp
        while not reader.blocking_read(max(0.01, end - time.monotonic())):
            if time.monotonic() >= end:
                raise TimeoutError(f"no event within {timeout} s")

"""The Celery application of one broker: its queues, and what makes its tasks safe to lose.

A task only says whom to collect or what to take in; where it goes on stands in the lake. So each
may be lost, run twice, or run by two at once: messages are acknowledged late, a killed worker's
come again, and nobody waits for a result.

What is switched off, each for its reason:

- Remote control and events of workers. Each opens a connection of its own, and under gevent
  nobody sends heartbeats on that of the remote control: the broker then closes it (Celery's issues
  3377 and 5157). What is left is the connection that tasks come by, whose heartbeats a timer of
  gevent's loop sends (1511), and those that publish, which have none and wait for confirmation.
- Celery's delayed delivery (`direct_consumer`): no task of ours has a countdown.
"""

import logging
from typing import Any

from celery import Celery, signals
from kombu import Exchange, Queue

from collectors.worker_settings import Connection

COLLECT, NORMALIZE, DAILY = (
    "collect",
    "normalize",
    "daily",
)  # queues; their tasks are named antipode.<queue>
DELIVERIES = 20  # of one message; whatever kills its worker that often is left to the next run


def task_name(queue: str) -> str:
    """Return the name of the one task that a queue carries."""
    return f"antipode.{queue}"


def queue(name: str) -> Queue:
    """Return a queue that survives its broker: quorum, durable, with messages on disk."""
    return Queue(
        name,
        Exchange(name, type="direct", durable=True),
        routing_key=name,
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": DELIVERIES},
    )


def celery_app(address: str, connection: Connection) -> Celery:
    """Return the application for the broker at an address (which holds its password)."""
    app = Celery("antipode", set_as_current=False, broker=address)
    app.conf.update(
        broker_heartbeat=connection.heartbeat,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=10,
        # A message counts as sent when the broker has it on disk.
        broker_transport_options={"confirm_publish": True},
        task_queues=[queue(COLLECT), queue(NORMALIZE), queue(DAILY)],
        task_default_queue=COLLECT,
        task_create_missing_queues=False,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_consumer="collectors.direct_consumer:DirectConsumer",
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        # Those that run on when the connection is lost do no harm, and finish what they began.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        timezone="UTC",
    )
    return app


def send(app: Celery, queue: str, arguments: list[str], expires: float, confirm: float) -> None:
    """Send a task that is worth nothing `expires` seconds from now.

    `confirm`: seconds to wait until the broker has it; raises kombu's or amqp's errors after that.
    """
    app.send_task(
        task_name(queue),
        args=arguments,
        queue=queue,
        expires=expires,
        confirm_timeout=confirm,
        retry=True,
        retry_policy={"max_retries": 2, "interval_start": 0.5, "interval_step": 1.0},
        ignore_result=True,
    )


@signals.setup_logging.connect
def log_as_antipode(**_: Any) -> None:
    """Log what Celery says where everything else is logged, its warnings and worse."""
    logging.captureWarnings(True)
    ours = logging.getLogger("antipode")
    for name in ("celery", "kombu", "amqp", "py.warnings"):
        logger = logging.getLogger(name)
        logger.handlers[:] = ours.handlers
        logger.propagate = False
        logger.setLevel(max(logging.WARNING, ours.level))

"""`antipode worker`"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from antipode.options import Lake
from conf.errors import UsageError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode worker collect --lake s3://bucket/lake --accounts accounts.toml

    antipode worker normalize --lake s3://bucket/lake

    antipode worker daily --lake s3://bucket/lake -- --serverless APP --deployment deployment.toml
"""


class Queue(StrEnum):
    """The queues that there are."""

    COLLECT = "collect"
    NORMALIZE = "normalize"
    DAILY = "daily"


Which = Annotated[Queue, typer.Argument(help="The queue to work on.")]
SomeAccounts = Annotated[
    Path | None,
    typer.Option(
        "--accounts",
        metavar="FILE",
        help="For collect: the accounts, a TOML file or a folder of them.",
    ),
]
CeleryFile = Annotated[
    Path | None,
    typer.Option(
        "--celery",
        metavar="FILE",
        help="Brokers, schedule and limits: what differs from conf/celery/workers.toml.",
    ),
]
Broker = Annotated[
    str | None, typer.Option("--broker", help="Which broker to work for, if there are several.")
]
MetricsPort = Annotated[
    int | None, typer.Option("--metrics-port", help="Serve Prometheus metrics on this port.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def worker(
        queue: Which,
        lake: Lake,
        accounts: SomeAccounts = None,
        celery: CeleryFile = None,
        broker: Broker = None,
        metrics_port: MetricsPort = None,
        backfill: Annotated[
            list[str] | None,
            typer.Argument(help="For daily, after --: more options of `antipode backfill`."),
        ] = None,
    ) -> None:
        """Do the tasks of a queue, sent by `antipode beat` over RabbitMQ, until told to end."""
        if (queue is Queue.COLLECT) != (accounts is not None):
            raise UsageError("worker: --accounts goes with collect, and only with it")
        if backfill and queue is not Queue.DAILY:
            raise UsageError(f"worker: {' '.join(backfill)}: goes with daily only")
        if accounts is not None:
            from antipode import collect_worker
            from collectors import green

            given = collect_worker.arguments(lake, accounts, celery, broker, metrics_port)
            green.become(collect_worker.__name__, given)
        from collectors import metrics_server, worker_settings

        metrics_server.serve(metrics_port, processes=True)
        from collectors import working

        workers = worker_settings.load(celery)
        post = working.Post(workers.chosen(broker), workers)
        if queue is Queue.DAILY:
            raise typer.Exit(working.daily(post, lake, backfill or ()))
        raise typer.Exit(working.normalize(post, lake, Settings()))

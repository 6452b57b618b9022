"""`antipode submit`"""

import json as encoding
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from antipode import clock, output
from antipode.options import AnyTenant, Days, Json, Lake
from conf.errors import UsageError
from conf.settings import Settings

if TYPE_CHECKING:
    from jobs.cluster.place import Place

EXAMPLES = """Examples:

    antipode submit detect --date 2026-10-31 --lake s3://bucket/lake --cluster j-1ABCDEFGHIJKL \\
      --package s3://bucket/packages/emr-spark-8.0.0-0123456789ab

    antipode submit detect --date 2026-10-31 --lake s3://bucket/lake --transient \\
      --deployment deployment.toml
"""

Job = Annotated[str, typer.Argument(help="A job that is run for a date: detect.")]
Package = Annotated[
    str | None,
    typer.Option("--package", metavar="URI", help="What `antipode package` made, on S3."),
]
OnCluster = Annotated[
    str | None, typer.Option("--cluster", metavar="ID", help="Run as a step of this EMR cluster.")
]
OnServerless = Annotated[
    str | None,
    typer.Option("--serverless", metavar="APP", help="Run on this EMR Serverless application."),
]
Deployment = Annotated[
    Path | None,
    typer.Option(
        "--deployment", metavar="FILE", help="What is the account's own: conf/emr/deployment.toml."
    ),
]
Conf = Annotated[
    list[str] | None,
    typer.Option("--conf", metavar="KEY=VALUE", help="A setting of Spark for this run."),
]


@dataclass(frozen=True)
class Opened:
    """A place, the package to run there, and the settings that runs there get."""

    place: "Place"
    package: str
    settings: Settings


@dataclass(frozen=True)
class Where:
    """What was said of where to run."""

    cluster: str | None
    transient: bool
    serverless: str | None
    package: str | None
    deployment: Path | None

    @property
    def asked(self) -> bool:
        """Whether a place was named at all."""
        return bool(self.cluster or self.transient or self.serverless)

    def open(self, settings: Settings) -> Opened:
        """Return the place; the account's region holds where this machine names none."""
        if sum([self.cluster is not None, self.transient, self.serverless is not None]) != 1:
            raise UsageError("submit: give one of --cluster ID, --transient and --serverless APP")
        from jobs.cluster import deployment

        values = deployment.read(self.deployment) if self.deployment else {}
        package = self.package or values.get("package")
        if not package:
            raise UsageError("submit: give --package URI, as `antipode package` printed it")
        if not settings.s3_region and values.get("region"):
            settings = settings.model_copy(update={"s3_region": str(values["region"])})
        return Opened(_place(self, values, str(package), settings), str(package), settings)


def _place(where: Where, values: dict[str, Any], package: str, settings: Settings) -> "Place":
    import boto3
    from botocore.config import Config

    from jobs.cluster import deployment, emr, release, serverless, transient
    from jobs.cluster.package import read

    region = values.get("region") or settings.s3_region or None
    patient = Config(retries={"mode": "adaptive", "total_max_attempts": 10})
    if where.serverless:
        account, bucket = (deployment.text(values, key) for key in ("account", "bucket"))
        return serverless.Serverless(
            boto3.client("emr-serverless", region_name=region, config=patient),
            where.serverless,
            f"arn:aws:iam::{account}:role/antipode-job",
            f"s3://{bucket}/logs/serverless/",
            settings,
        )
    client: Any = boto3.client("emr", region_name=region, config=patient)
    if where.cluster:
        return emr.EmrCluster(client, where.cluster, settings)
    if not values:
        raise UsageError("submit: --transient needs --deployment FILE for subnets and bucket")
    made_for = read(package, settings)
    fitting = release.named(str(made_for["release"]))
    request = deployment.cluster_request(fitting, values, str(made_for["python"]))
    return transient.TransientCluster(client, request, settings)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def submit(
        job: Job,
        lake: Lake,
        date: Annotated[str, typer.Option("--date", help="The last day that the job looks at.")],
        tenant: AnyTenant = None,
        days: Days = 30,
        cluster: OnCluster = None,
        transient: Annotated[
            bool, typer.Option("--transient", help="Run on a cluster that starts and ends for it.")
        ] = False,
        serverless: OnServerless = None,
        package: Package = None,
        deployment: Deployment = None,
        conf: Conf = None,
        wait: Annotated[
            bool, typer.Option("--wait/--no-wait", help="Wait for the end, and exit by its result.")
        ] = True,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Print what would be asked of AWS, and end.")
        ] = False,
        json: Json = False,
    ) -> None:
        """Run a job for a date on EMR; one that is under way is waited for, not started again."""
        from jobs.cluster import place as places
        from jobs.cluster.submit_line import submission
        from jobs.dated import Work

        day = clock.day(date, "--date")
        assert day is not None
        asked = Where(cluster, transient, serverless, package, deployment).open(Settings())
        work, where = Work(job, day, lake, tenant, days), asked.place
        run = submission(work, asked.package, asked.settings, _conf(conf))
        if dry_run:
            print(encoding.dumps(where.request(run), indent=2))
            return
        stages = clock.Stages()
        with stages.stage("submit"):
            identifier, started = places.submit(where, run, output.log.info)
            state = where.status(identifier)
            if wait:
                patience = places.Patience(clock.sleep)
                state = places.wait(where, identifier, patience, output.log.info)
        found = {"name": run.name, "id": identifier, "started": started, "state": state.state.value}
        output.result(found | {"seconds": stages.seconds}, json, f"{identifier}: {state.says}")


def _conf(given: list[str] | None) -> dict[str, str]:
    found = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not equals or not key.startswith("spark."):
            raise UsageError(f"--conf {text}: write it as spark.name=value")
        found[key] = value
    return found

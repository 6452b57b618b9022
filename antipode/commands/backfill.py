"""`antipode backfill`"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from antipode import clock, output
from antipode.commands.submit import Deployment, Job, OnCluster, OnServerless, Package, Where
from antipode.options import AnyTenant, Days, Json, Lake
from conf.errors import AntipodeError, UsageError
from conf.settings import Settings

if TYPE_CHECKING:
    from jobs.dated import Work

EXAMPLES = """Examples:

    antipode backfill detect --from 2026-10-01 --to 2026-10-31 --lake lake

    antipode backfill detect --from 2026-10-01 --to 2026-10-31 --lake s3://bucket/lake \\
      --serverless 00exampleexample --deployment deployment.toml
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def backfill(
        job: Job,
        lake: Lake,
        first: Annotated[str, typer.Option("--from", help="The first date.")],
        last: Annotated[str, typer.Option("--to", help="The last date, included.")],
        tenant: AnyTenant = None,
        days: Days = 30,
        cluster: OnCluster = None,
        serverless: OnServerless = None,
        package: Package = None,
        deployment: Deployment = None,
        again: Annotated[
            bool, typer.Option("--again", help="Also dates for which it was done already.")
        ] = False,
        json: Json = False,
    ) -> None:
        """Run a job for each date of a span in turn, but for those done: here, or on EMR.

        A date that fails does not keep the others from being run; the exit status is then 1.
        """
        from jobs.dated import Work
        from jobs.dated import job as dated
        from lake.lake import Lake as Opened

        settings = Settings()
        where = Where(cluster, False, serverless, package, deployment)
        run = _submitted(where, settings) if where.asked else _here
        this, opened = dated(job), Opened(lake, settings)
        wanted = [Work(job, day, lake, tenant, days) for day in _days(first, last)]
        stages = clock.Stages()
        with stages.stage("backfill"):
            missing = [work for work in wanted if again or not this.done(opened, work)]
            failed = _each(missing, run)
        if failed:
            raise AntipodeError(
                f"{len(failed)} of {len(missing)} dates failed: {'; '.join(failed)}. The others "
                "are filled in; run it again for these"
            )
        counted = {"dates": len(wanted), "skipped": len(wanted) - len(missing), "run": len(missing)}
        output.result(
            counted | {"seconds": stages.seconds},
            json,
            f"{counted['run']} dates run, {counted['skipped']} had been done",
        )


def _each(missing: "Sequence[Work]", run: "Callable[[Work], None]") -> list[str]:
    """Run each date, whatever becomes of the others; return those that failed, with why."""
    failed = []
    with output.progress("Filling in", "dates") as advance:
        for number, work in enumerate(missing):
            advance(number, len(missing))
            output.log.info("%s", work.name)
            try:
                run(work)
            except AntipodeError as error:
                output.log.warning("%s: %s", work.day, error)
                failed.append(f"{work.day} ({error})")
    return failed


def _days(first: str, last: str) -> list[date]:
    begin, end = clock.day(first, "--from"), clock.day(last, "--to")
    if begin is None or end is None or begin > end:
        raise UsageError(f"--from {first} --to {last}: the first date lies after the last")
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


def _here(work: "Work") -> None:
    """Run the very command that a cluster would run, in this process."""
    import typer.main

    from antipode import cli
    from jobs.dated import job

    words = job(work.job).arguments(work)
    typer.main.get_command(cli.build()).main(words, "antipode", standalone_mode=False)


def _submitted(where: Where, settings: Settings) -> "Callable[[Work], None]":
    from jobs.cluster import place as places
    from jobs.cluster.submit_line import submission

    asked = where.open(settings)
    place = asked.place

    def run(work: "Work") -> None:
        words = submission(work, asked.package, asked.settings)
        identifier, _ = places.submit(place, words, output.log.info)
        places.wait(place, identifier, places.Patience(clock.sleep), output.log.info)

    return run

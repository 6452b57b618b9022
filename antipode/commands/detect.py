"""`antipode detect`"""

import typer

from antipode import clock, output
from antipode.options import AnyTenant, AsOf, Days, Json, Lake, Master
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode detect --lake lake

    antipode detect --lake s3://bucket/lake --tenant acme --days 30 --as-of 2026-11-01
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def detect(
        lake: Lake,
        tenant: AnyTenant = None,
        days: Days = 30,
        as_of: AsOf = None,
        master: Master = None,
        json: Json = False,
    ) -> None:
        """Flag the accounts that were used from where they do not belong."""
        before = clock.day(as_of, "--as-of")
        from antipode import detection_printed
        from jobs import detect as job

        stages = clock.Stages()
        with stages.stage("detect"):
            report = job.run(lake, Settings(), tenant, days, before, master, say=output.log.info)
        told = [
            line
            for name, found in report["tenants"].items()
            for line in detection_printed.lines(name, found)
        ]
        output.result(
            report | {"seconds": report["seconds"] | stages.seconds},
            json,
            *told,
            f"See them with: antipode anomalies --lake {lake}",
        )

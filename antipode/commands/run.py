"""`antipode run`"""

from typing import Any

import typer

from antipode import clock, counted, output
from antipode.options import AsOf, Days, Json, Lake, Master, Raw, Tenant, Workers
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode run --raw logs --lake lake --tenant acme

    antipode run --raw logs --lake s3://bucket/lake --tenant acme --days 30 --as-of 2026-11-01
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def run(
        raw: Raw,
        lake: Lake,
        tenant: Tenant,
        days: Days = 30,
        as_of: AsOf = None,
        workers: Workers = 2,
        master: Master = None,
        json: Json = False,
    ) -> None:
        """Normalise and enrich raw logs, then detect: from a folder to flagged places."""
        before = clock.day(as_of, "--as-of")
        from jobs import detect
        from jobs.normalize import Target, normalize

        settings = Settings()
        stages = clock.Stages()
        target = Target(lake, tenant, clock.now(), settings)
        with stages.stage("normalize"), output.progress("Normalising and enriching") as advance:
            counts = normalize(raw, target, workers, advance)
        with stages.stage("detect"):
            report = detect.run(lake, settings, tenant, days, before, master, say=output.log.info)
        found: dict[str, Any] = counted.as_json(counts) | {
            "flagged": report["flagged"],
            "seconds": stages.seconds,
        }
        output.result(
            found,
            json,
            *counted.lines(counts),
            f"{report['flagged']} flagged; see them with: antipode anomalies --lake {lake}",
            counted.seconds(stages.seconds),
        )

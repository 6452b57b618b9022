"""`antipode explain`"""

from typing import Annotated

import typer

from antipode import output
from antipode.options import Lake
from conf.settings import Settings

EXAMPLES = """Example:

    antipode explain 3f9a1c --lake lake
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def explain(
        id: Annotated[str, typer.Argument(help="The anomaly's id, or how it begins.")],
        lake: Lake,
    ) -> None:
        """Say why a place is flagged: reasons, votes, speed, user agents and the very events."""
        from antipode import anomaly_list, explained

        settings = Settings()
        row = anomaly_list.one(lake, settings, id)
        explained.show(row, explained.events(lake, settings, row), output.console())

"""`antipode beat`"""

import typer

from antipode.commands.worker import Broker, CeleryFile
from antipode.options import Accounts

EXAMPLES = """Example:

    antipode beat --accounts accounts.toml
"""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog=EXAMPLES)
    def beat(accounts: Accounts, celery: CeleryFile = None, broker: Broker = None) -> None:
        """Send a task whenever an account is due, until told to end; one for each broker."""
        from collectors import worker_settings, working

        workers = worker_settings.load(celery)
        working.beat(working.Post(workers.chosen(broker), workers), accounts)

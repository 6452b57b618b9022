"""The command line. Each command is a file of `antipode/commands`; heavy things load when asked."""

import logging
import sys
from typing import Annotated

import typer
import typer.main
from pydantic import ValidationError

from antipode import aws_errors, bad_usage, commands
from antipode.output import error, start_logging
from conf import plugins
from conf.errors import AntipodeError
from conf.settings import Settings

HELP = """Finds accounts that are used from places where they do not belong.

Raw activity logs of cloud services go in, a table of flagged (account, place) comes out, each with
its reasons. Try it on a simulated company:

    antipode demo

Then on your own logs, a folder for each source:

\b
    antipode run --raw logs --lake lake --tenant acme
    antipode anomalies --lake lake
"""
FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 130
log = logging.getLogger("antipode")


def build() -> typer.Typer:
    """Return the application with every command."""
    app = typer.Typer(
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def everywhere(
        version: Annotated[
            bool, typer.Option("--version", help="Print the version.", callback=_version)
        ] = False,
    ) -> None:
        pass

    for name in plugins.names(commands):
        plugins.load(commands, name).register(app)
    return app


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("antipode"))
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 bad usage."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit status."""
    try:
        start_logging(Settings().log_level)
    except ValidationError as failure:
        start_logging("INFO")
        error(bad_usage.settings_told(failure))
        return BAD_USAGE
    try:
        typer.main.get_command(build()).main(arguments, "antipode", standalone_mode=False)
    except AntipodeError as failure:
        error(str(failure))
        return failure.exit_status
    except typer.TyperException as failure:
        error(bad_usage.told(failure.format_message(), arguments))
        return failure.exit_code
    except typer.Exit as left:
        return int(left.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        error("interrupted; run it again and it goes on where it was")
        return INTERRUPTED
    except BrokenPipeError:
        return FAILED
    except Exception as failure:
        log.debug("unexpected", exc_info=failure)
        if refused := aws_errors.told(failure):
            error(refused)
            return FAILED
        # A mistake of ours: say where, never what was in the data.
        error(f"unexpected {type(failure).__name__}; set ANTIPODE_LOG_LEVEL=DEBUG for where")
        return FAILED
    return 0

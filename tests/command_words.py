"""Reads the words of a command as `antipode` would, without running it."""

from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from antipode import cli


def read(words: list[str]) -> dict[str, Any]:
    """Return the parameters that `antipode` followed by `words` gives its command."""
    group = get_command(cli.build())
    assert isinstance(group, TyperGroup)
    command = group.get_command(group.make_context("antipode", words[:1]), words[0])
    assert command is not None, f"antipode has no command {words[0]}"
    return dict(command.make_context(words[0], words[1:]).params)

"""Secrets by reference: the configuration says where a secret lies, never what it is.

    env:NAME                          an environment variable
    file:PATH                         a file, without the line end at its end
    aws-secretsmanager:NAME           a secret of AWS Secrets Manager (name or ARN)
    aws-secretsmanager:NAME#KEY       one key of a secret that is a JSON object
    ssm:NAME                          a parameter of AWS Systems Manager, decrypted

A secret is looked up when it is needed, so that one that was renewed is found, and not kept.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from collectors.errors import Stop


class Secret:
    """A reference to a secret. As text it is the reference."""

    def __init__(self, reference: str) -> None:
        """Check the form of a reference; ValueError when it has none of the known ones."""
        kind, colon, name = reference.partition(":")
        if not colon or not name or kind not in _KINDS:
            # What was written may be the secret itself: it is not repeated.
            raise ValueError(f"write where the secret lies, as {', '.join(_FORMS)}")
        self.reference = reference

    def value(self) -> str:
        """Look the secret up. Raises Stop when it is not there."""
        kind, _, name = self.reference.partition(":")
        try:
            found = _KINDS[kind](name)
        except Exception as error:
            # Errors of these look-ups name what was looked for, but might quote what was found.
            raise Stop(
                f"The secret {self.reference} cannot be read ({type(error).__name__}): put it "
                "there, or let this process read it."
            ) from None
        if not found:
            raise Stop(f"The secret {self.reference} is empty: put it there.")
        return found

    def __str__(self) -> str:
        """Return the reference."""
        return self.reference

    def __repr__(self) -> str:
        """Return the reference."""
        return f"Secret({self.reference!r})"

    def __eq__(self, other: object) -> bool:
        """Two are equal when they refer to the same place."""
        return isinstance(other, Secret) and other.reference == self.reference

    def __hash__(self) -> int:
        """Return the hash of the reference."""
        return hash(self.reference)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let pydantic read it from text, and never quote that text in an error."""
        return core_schema.no_info_plain_validator_function(
            _from_input, serialization=core_schema.to_string_ser_schema()
        )


def _from_input(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise ValueError(f"write where the secret lies, as {', '.join(_FORMS)}")
    return Secret(value)


def _from_environment(name: str) -> str:
    return os.environ[name]


def _from_file(name: str) -> str:
    return Path(name).read_text("utf-8").rstrip("\r\n")


def _from_secrets_manager(name: str) -> str:
    import boto3

    place, _, key = name.partition("#")
    text: str = boto3.client("secretsmanager").get_secret_value(SecretId=place)["SecretString"]
    return str(json.loads(text)[key]) if key else text


def _from_parameter_store(name: str) -> str:
    import boto3

    answer = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


_KINDS: dict[str, Callable[[str], str]] = {
    "env": _from_environment,
    "file": _from_file,
    "aws-secretsmanager": _from_secrets_manager,
    "ssm": _from_parameter_store,
}
_FORMS = ("env:NAME", "file:PATH", "aws-secretsmanager:NAME", "ssm:NAME")

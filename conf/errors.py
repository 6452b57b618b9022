"""The errors Antipode raises on purpose, classed by what the caller should do next.

A message names the thing, the bad value and the remedy. It never holds a secret or a raw record.
"""


class AntipodeError(Exception):
    """Something went wrong that a person has to mend; the command exits with status 1."""

    exit_status = 1


class UsageError(AntipodeError):
    """The command was asked for something that cannot be; the command exits with status 2."""

    exit_status = 2


class Conflict(AntipodeError):
    """Somebody else changed the object or table first: read it again and decide anew."""


class Damaged(AntipodeError):
    """A file is not what it claims to be: truncated, corrupted or of another kind."""


class MissingDependency(AntipodeError):
    """A program or data file that Antipode needs is not there."""


class KeyDestroyed(AntipodeError):
    """Data whose key was destroyed on purpose: nobody can read it any more, so go on without."""

"""What went wrong with a provider, classed by what is to be done next: again, nothing, go on.

A message names the thing, the value and the remedy. It never holds a header, a body, the query of
an address or a secret.
"""

from datetime import timedelta

from conf.errors import AntipodeError


class CollectError(AntipodeError):
    """Something went wrong at, or on the way to, a provider."""


class Retry(CollectError):
    """It may work later: the run of this account ends, the next one goes on where this one was."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        """`after`: how long the provider asked to be left alone, if it did."""
        super().__init__(message)
        self.after = after


class Unusable(Retry):
    """An answer came whole and makes no sense: torn JSON, another thing than the API's."""


class Stop(CollectError):
    """It will not work before a person acts: a wrong secret, a missing scope or licence."""


class Skip(CollectError):
    """One thing is not to be had (a blob that expired, an answer 404 or 410): go on without it.

    A provider that catches it goes on with the next; one that does not ends the stream's window.
    """


class CursorLost(CollectError):
    """The provider no longer knows the cursor: the stream's window is read again from its start."""

"""A request before it is sent, and the sign-in that adds nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from collectors.response import Response


@dataclass(frozen=True)
class Call:
    """A request, ready to be signed. `url` holds the query; names of headers as they are sent.

    `arriving`  called now and then while the answer comes in; what it raises ends the request.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    arriving: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)


Send = Callable[[Call], Response]  # unsigned, within the budget, tried again; any status comes back


class NoSignIn:
    """For what is open to all."""

    def headers(self, call: Call, now: datetime, send: Send) -> Mapping[str, str]:
        """Return nothing."""
        return {}

    def forget(self, refused: Mapping[str, str]) -> bool:
        """Have nothing to forget."""
        return True

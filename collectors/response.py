"""A provider's answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from collectors.errors import Unusable

T = TypeVar("T")
_LINK = re.compile(r'<([^>]*)>\s*;[^<]*?\brel="?([\w-]+)"?')


@dataclass(frozen=True)
class Response:
    """Status, headers (names in lower case, repeated ones joined by a comma) and the whole body.

    `place` is method and address without query, for messages.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    place: str = ""

    def decode(self, kind: type[T]) -> T:
        """Read the JSON body as a msgspec type: a Struct with the fields that matter.

        A field `items: list[msgspec.Raw]` holds each record as the bytes that were received, for
        `Page.of`. Raises Unusable (a Retry) when the body is not JSON, or not of this kind: what
        stands between us and a provider says such things for a while.
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            # Says what is wrong and where, never what stood there.
            raise Unusable(
                f"{self.place}: answered {self.status} with unusable JSON: {error}."
            ) from None

    def json(self) -> Any:
        """Read the JSON body as dicts and lists; for small answers."""
        return self.decode(Any)

    def link(self, relation: str = "next") -> str | None:
        """Return the address with this relation in the `Link` header, None when there is none."""
        for address, found in _LINK.findall(self.headers.get("link", "")):
            if found == relation:
                return str(address)
        return None

"""A token that was made once and holds until somebody changes it."""

from collections.abc import Mapping
from datetime import datetime

from collectors.secret import Secret
from collectors.sign_in_call import Call, Send


class StaticToken:
    """Sends `<header>: <scheme> <token>`. A changed token is found when the old one is refused."""

    def __init__(
        self, token: Secret, *, scheme: str = "Bearer", header: str = "Authorization"
    ) -> None:
        """`scheme` may be empty: the header then holds the bare token."""
        self._token, self._scheme, self._header = token, scheme, header
        self._value: str | None = None

    def headers(self, call: Call, now: datetime, send: Send) -> Mapping[str, str]:
        """Return the header."""
        value = self._value
        if value is None:
            value = self._value = self._token.value()
        return {self._header: self._sent(value)}

    def forget(self, refused: Mapping[str, str]) -> bool:
        """Look the token up again next time, unless it is another one already."""
        if self._value is None or refused.get(self._header) != self._sent(self._value):
            return False
        self._value = None
        return True

    def _sent(self, value: str) -> str:
        return f"{self._scheme} {value}".strip()

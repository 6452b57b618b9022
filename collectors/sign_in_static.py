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
        if self._value is None:
            self._value = self._token.value()
        return {self._header: f"{self._scheme} {self._value}".strip()}

    def forget(self) -> None:
        """Look the token up again next time."""
        self._value = None

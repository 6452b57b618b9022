"""The log of collectors: each line with tenant, source, account, stream and request as fields.

What is logged is chosen word by word: addresses without query, names of errors. Headers, bodies
and tokens never come near it.
"""

import logging
from typing import Any

log = logging.getLogger("antipode.collect")


class Told:
    """Logs with the same fields each time; `with_` adds some."""

    def __init__(self, **fields: Any) -> None:
        """Use these fields, such as tenant="acme"."""
        self.fields = fields

    def with_(self, **fields: Any) -> "Told":
        """Return one with more fields."""
        return Told(**self.fields, **fields)

    def debug(self, message: str, **fields: Any) -> None:
        """Log a detail."""
        self._log(logging.DEBUG, message, fields)

    def info(self, message: str, **fields: Any) -> None:
        """Log what happened."""
        self._log(logging.INFO, message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        """Log what somebody may want to look at."""
        self._log(logging.WARNING, message, fields)

    def error(self, message: str, **fields: Any) -> None:
        """Log what somebody must look at."""
        self._log(logging.ERROR, message, fields)

    def _log(self, level: int, message: str, fields: dict[str, Any]) -> None:
        if log.isEnabledFor(level):
            log.log(level, message, extra={"fields": {**self.fields, **fields}})

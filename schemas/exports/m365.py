"""The unified audit log as Purview exports it: CSV, the record a text in the column `AuditData`.

Search-UnifiedAuditLog gives the same rows, older exports under other names but for that one.
Source: Microsoft Learn, "Export, configure, and view audit log records".
"""

from typing import Any

MARK = b'"AuditData"'


def record(row: dict[str, Any]) -> Any:
    """Return the record itself."""
    return row.get("AuditData")

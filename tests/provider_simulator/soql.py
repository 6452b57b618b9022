"""Reads the little of SOQL that queries of logs are made of.

"SOQL SELECT Syntax" (developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/): fields,
one object, conditions joined by AND, an order. Moments stand without quotes, text in single ones.
"""

import re
from dataclasses import dataclass

from provider_simulator.clock import parsed
from provider_simulator.exchange import Refused

QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>[\w\s,.]+?)\s+FROM\s+(?P<object>\w+)"
    r"(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<by>\w+)(?:\s+(?P<direction>ASC|DESC))?)?"
    r"(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
CONDITION = re.compile(
    r"(?P<field>\w+)\s*(?P<operator>>=|<=|!=|>|<|=|IN\b)\s*"
    r"(?P<value>'[^']*'|\([^)]*\)|[0-9][0-9TZ:+.-]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """A query of one object."""

    text: str
    fields: tuple[str, ...]
    object: str
    conditions: tuple[tuple[str, str, str], ...]  # field, operator, value without quotes
    order_by: str
    descending: bool
    limit: int | None

    def window(self, field: str) -> tuple[int | None, int | None]:
        """Return the moments, in milliseconds, from first to before second, of a field of time.

        Salesforce keeps whole seconds.
        """
        since, until = None, None
        for name, operator, value in self.conditions:
            if name.lower() != field.lower():
                continue
            try:
                moment = parsed(value)
            except ValueError:
                raise malformed(f"{name}: {value}") from None
            if operator in (">=", ">"):
                since = max(since or 0, moment + (1000 if operator == ">" else 0))
            elif operator in ("<=", "<"):
                until = min(until or 1 << 45, moment + (1000 if operator == "<=" else 0))
        return since, until

    def values(self, field: str) -> list[str] | None:
        """Return what a field of text must be one of; None where anything will do."""
        for name, operator, value in self.conditions:
            if name.lower() == field.lower() and operator in ("=", "IN"):
                return [text.strip().strip("'") for text in value.strip("()").split(",")]
        return None


def malformed(detail: str) -> Refused:
    return Refused("bad_request", f"MALFORMED_QUERY: {detail}")


def read(text: str) -> Query:
    """Return a query, or refuse what is not understood."""
    found = QUERY.fullmatch(text)
    if found is None:
        raise malformed(text[:80])
    where = found["where"] or ""
    conditions = [
        (part["field"], part["operator"].upper(), part["value"].strip("'"))
        for part in CONDITION.finditer(where)
    ]
    rest = re.sub(r"\bAND\b|[()\s]", "", CONDITION.sub("", where), flags=re.IGNORECASE)
    if rest:
        raise malformed(rest)
    return Query(
        text,
        tuple(name.strip() for name in found["fields"].split(",")),
        found["object"],
        tuple(conditions),
        found["by"] or "",
        (found["direction"] or "").upper() == "DESC",
        int(found["limit"]) if found["limit"] else None,
    )

"""Sensitive activity, told from single events: rules as data, run as one SQL expression.

Ordinary events pay for one comparison of their source and one look-up of their operation: only
where some rule of the source names the operation are the rules themselves asked, and of those only
the ones that name it.
"""

from functools import cache

from conf import plugins
from enrichment import sensitive_rules
from enrichment.sensitive_rule import Rule

# OCSF severity_id; 1 is informational.
SEVERITY_IDS = {"low": 2, "medium": 3, "high": 4, "critical": 5}
INFORMATIONAL = 1
FAILURE = 2  # OCSF status_id


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """Return the rules of every source that has some."""
    return {
        source: plugins.load(sensitive_rules, source).RULES
        for source in plugins.names(sensitive_rules)
    }


def expression() -> str:
    """Return SQL (DuckDB) over a row of the standard event: the ids of the rules that fire.

    VARCHAR[], in the order of the rules' files; empty where none fires, never null.
    """
    by_source = "\n".join(
        f"WHEN {_literal(source)} THEN {_of_source(found)}" for source, found in rules().items()
    )
    return f"CASE source {by_source} ELSE []::VARCHAR[] END"


def severity_expression(ids: str | None = None) -> str:
    """Return SQL for the OCSF severity_id, INTEGER: that of the gravest rule that fires, else 1.

    `ids` is SQL that yields the rules that fire; by default `expression()`, which DuckDB evaluates
    only once where both stand in one SELECT.
    """
    fired = expression() if ids is None else ids
    gravest_first = sorted(SEVERITY_IDS.items(), key=lambda severity: -severity[1])
    cases = "\n".join(
        f"WHEN list_has_any(fired, {_list(members)}) THEN {number}"
        for severity, number in gravest_first
        if (members := _ids(severity))
    )
    return (
        f"list_transform([{fired}], lambda fired: CASE WHEN len(fired) = 0 "
        f"THEN {INFORMATIONAL} {cases} ELSE {INFORMATIONAL} END)[1]::INTEGER"
    )


def _ids(severity: str) -> list[str]:
    return [rule.id for found in rules().values() for rule in found if rule.severity == severity]


def _of_source(found: tuple[Rule, ...]) -> str:
    operations = sorted({operation for rule in found for operation in rule.operations})
    asked = ", ".join(
        f"CASE WHEN {_condition(rule)} THEN {_literal(rule.id)} END" for rule in found
    )
    return (
        f"CASE WHEN api.operation IN ({_literals(operations)})\n"
        f"THEN list_filter([{asked}], lambda id: id IS NOT NULL) ELSE []::VARCHAR[] END"
    )


def _condition(rule: Rule) -> str:
    terms = [f"api.operation IN ({_literals(rule.operations)})"]
    if not rule.attempts:
        terms.append(f"status_id IS DISTINCT FROM {FAILURE}")
    if rule.where:
        terms.append(f"({rule.where})")
    return " AND ".join(terms)


def _list(texts: list[str]) -> str:
    return f"[{_literals(texts)}]"


def _literals(texts: list[str] | tuple[str, ...]) -> str:
    return ", ".join(_literal(text) for text in texts)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

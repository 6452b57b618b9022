"""What AWS would answer: policies evaluated for a request, by the published rules of IAM.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and, for
conditions, .../reference_policies_elements_condition_operators.html. Only the operators that the
project's policies use are known; another one is an error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

Context = Mapping[str, str | Sequence[str]]
OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": fnmatchcase,
    "ArnEquals": fnmatchcase,
    "Bool": str.__eq__,
}


def allowed(
    policies: Iterable[Mapping[str, Any]], action: str, resource: str, request: Context
) -> bool:
    """Whether the policies of a role allow an action: one says so, and none denies it."""
    found = {
        statement["Effect"]
        for policy in policies
        for statement in policy["Statement"]
        if _applies(statement, action, resource, request)
    }
    return found == {"Allow"}


def denied(policy: Mapping[str, Any], action: str, resource: str, request: Context) -> bool:
    """Whether a policy denies a request expressly."""
    return any(
        statement["Effect"] == "Deny" and _applies(statement, action, resource, request)
        for statement in policy["Statement"]
    )


def _applies(statement: Mapping[str, Any], action: str, resource: str, request: Context) -> bool:
    return (
        any(fnmatchcase(action.lower(), each.lower()) for each in texts(statement["Action"]))
        and any(fnmatchcase(resource, each) for each in texts(statement["Resource"]))
        and all(
            _holds(operator, key, texts(wanted), request)
            for operator, conditions in statement.get("Condition", {}).items()
            for key, wanted in conditions.items()
        )
    )


def _holds(operator: str, key: str, wanted: list[str], request: Context) -> bool:
    if operator == "Null":
        return str(key not in request).lower() in wanted
    quantifier, _, plain = operator.rpartition(":")
    bare = plain.removesuffix("IfExists")
    negated = "Not" in bare
    if key not in request:
        return plain != bare or negated  # an absent key equals nothing
    matches = OPERATORS[bare.replace("Not", "")]
    given = texts(request[key])
    assert quantifier == "ForAllValues" or len(given) == 1, f"{key} has several values"
    return all(any(matches(value, each) for each in wanted) != negated for value in given)


def texts(found: Any) -> list[str]:
    """Return an element that may be one text or a list of them, as a list."""
    return [found] if isinstance(found, str) else list(found)

"""Faults on demand: rules that strike some of the calls, each by a random generator of its own."""

import itertools
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# name -> what it does, and the settings it takes with their defaults
KINDS: dict[str, dict[str, Any]] = {
    "too_many": {"retry_after": 1},  # 429; None: without a header that says when to come back
    "server_error": {"status": 500},  # 500, 502, 503 in the provider's own form
    "html": {"status": 200},  # a page for people in place of an answer, with 200 or 502
    "half_body": {},  # the connection closes in the middle of the body
    "reset": {},  # the connection is reset before the answer
    "slow": {"seconds": 5},  # the answer comes late
    "expired_token": {},  # the token in use ends
    "expired_cursor": {},  # the cursor in use ends
    "repeated_page": {},  # the page before is served again
    "empty_page": {},  # no records, and a next page that has them
}
# Only where there is a cursor in the call.
NEED_CURSOR = frozenset({"expired_cursor", "repeated_page"})
# Only where a log comes in pages.
NEED_PAGES = frozenset({"repeated_page", "empty_page"})


@dataclass
class Rule:
    """Strikes calls of a kind with a probability, at most `count` times."""

    fault: str
    provider: str | None = None
    tenant: str | None = None
    kind: str = "log"  # or sign_in, other
    probability: float = 1.0
    count: int | None = None
    skip: int = 0  # calls that it lets through first
    seed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.fault not in KINDS:
            raise ValueError(f"fault={self.fault}: not one of {', '.join(sorted(KINDS))}")
        if unknown := set(self.settings) - set(KINDS[self.fault]):
            raise ValueError(f"{self.fault} takes no {', '.join(sorted(unknown))}")
        self.settings = KINDS[self.fault] | dict(self.settings)
        self._random = random.Random(f"{self.seed} {self.fault}")

    def meets(self, provider: str, tenant: str, kind: str, has_cursor: bool, pages: bool) -> bool:
        """Tell whether the rule is about such a call at all."""
        return (
            self.provider in (None, provider)
            and self.tenant in (None, tenant)
            and self.kind == kind
            and (has_cursor or self.fault not in NEED_CURSOR)
            and (pages or self.fault not in NEED_PAGES)
        )

    def draw(self) -> bool:
        """Decide about one more call."""
        if self.count is not None and self.struck >= self.count:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        return self._random.random() < self.probability


class Faults:
    """The rules in force and how often each kind of fault has struck."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.counts: Counter[str] = Counter()
        self._numbers = itertools.count(1)

    def add(self, rule: Rule) -> Rule:
        rule.number = next(self._numbers)
        self.rules.append(rule)
        return rule

    def remove(self, number: int | None = None) -> None:
        """Take out one rule, or all; what they have done stays counted."""
        self.rules = [rule for rule in self.rules if number not in (None, rule.number)]

    def strike(
        self, provider: str, tenant: str, kind: str, *, has_cursor: bool, pages: bool
    ) -> Rule | None:
        """Return the first rule that strikes a call, and count it."""
        for rule in self.rules:
            if rule.meets(provider, tenant, kind, has_cursor, pages) and rule.draw():
                rule.struck += 1
                self.counts[rule.fault] += 1
                return rule
        return None

    def missed(self, rule: Rule) -> None:
        """Take back a strike that could not be carried out."""
        rule.struck -= 1
        self.counts[rule.fault] -= 1

    def remembers(self, provider: str) -> bool:
        """Tell whether pages of a provider have to be kept, to be served again."""
        return any(
            rule.fault == "repeated_page" and rule.provider in (None, provider)
            for rule in self.rules
        )

"""Weighs the explanations of each case, and says which cases an attack explains best.

The score is the posterior probability of an attack among all explanations:

    score = exp(L_attack) / sum over explanations of exp(L_e),   L_e = sum of the terms of e

Cases of one person bear on each other: an attacker's presence makes the owner's trip look
impossible. So the worst case is taken out first, and the others are judged without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log
from types import ModuleType

import numpy as np

import models.explanations
from conf import plugins
from models.case import Case
from models.casebook import Context, Person, cases

ATTACK = "attack"


@dataclass(frozen=True)
class Verdict:
    """A case with what each explanation makes of it: explanation -> topic -> log-likelihood."""

    case: Case
    terms: Mapping[str, Mapping[str, float]]

    @property
    def totals(self) -> dict[str, float]:
        return {name: sum(topics.values()) for name, topics in self.terms.items()}

    @property
    def log_odds(self) -> float:
        """Natural log of the odds of an attack against all other explanations together."""
        totals = self.totals
        attack = totals.pop(ATTACK)
        most = max(totals.values())
        return attack - most - log(sum(exp(value - most) for value in totals.values()))

    @property
    def score(self) -> float:
        return logistic(self.log_odds)

    @property
    def best_benign(self) -> str:
        totals = self.totals
        return max((name for name in totals if name != ATTACK), key=totals.__getitem__)

    def difference(self) -> dict[str, float]:
        """Return by topic how much better an attack explains the case than the next best."""
        attack, benign = self.terms[ATTACK], self.terms[self.best_benign]
        return {topic: attack[topic] - benign[topic] for topic in attack}


def logistic(value: float) -> float:
    """Return 1 / (1 + exp(-value)), for any value."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))


@cache
def explanations() -> dict[str, ModuleType]:
    """Return the explanations by name."""
    package = models.explanations
    return {name: plugins.load(package, name) for name in plugins.names(package)}


def judge(case: Case) -> Verdict:
    """Let every explanation speak about a case."""
    return Verdict(case, {name: module.terms(case) for name, module in explanations().items()})


def judge_person(context: Context, number: int, threshold: float) -> Iterator[Verdict]:
    """Yield a person's verdicts; those above the threshold in the order in which they were found."""
    part = context.known.slice_of(number)
    rows = np.arange(part.start, part.stop)
    while True:
        person = Person.of(context, number, rows)
        verdicts = [judge(case) for case in cases(context, person)]
        worst = max(verdicts, key=lambda verdict: verdict.log_odds, default=None)
        if worst is None or worst.score < threshold:
            yield from verdicts
            return
        yield worst
        rows = np.setdiff1d(rows, worst.case.presences, assume_unique=True)

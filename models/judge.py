"""Weighs the explanations of each case, and says which cases an attack explains best.

The score is the posterior probability of an attack among all explanations:

    score = exp(L_attack) / sum over explanations of exp(L_e),   L_e = sum of the terms of e

Cases of one person bear on each other: an attacker's presence makes the owner's trip look
impossible. So the worst case is taken out first, and the others are judged without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import exp, log
from types import ModuleType

import numpy as np

import models.explanations
from conf import plugins
from models.case import Case
from models.casebook import again, cases, of_exits
from models.context import Context
from models.person import Person
from models.relearning import concerned, without_attacks
from models.suspicion import Suspicion, campaigns

ATTACK = "attack"
NOTHING = Suspicion()


@dataclass(frozen=True)
class Verdict:
    """A case with what each explanation makes of it: explanation -> topic -> log-likelihood."""

    case: Case
    terms: Mapping[str, Mapping[str, float]]

    @cached_property
    def totals(self) -> dict[str, float]:
        return {name: sum(topics.values()) for name, topics in self.terms.items()}

    @cached_property
    def log_odds(self) -> float:
        """Natural log of the odds of an attack against all other explanations together."""
        others = [value for name, value in self.totals.items() if name != ATTACK]
        most = max(others)
        return self.totals[ATTACK] - most - log(sum(exp(value - most) for value in others))

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


def judge_person(
    context: Context,
    number: int,
    threshold: float,
    suspect: Suspicion = NOTHING,
    before: Sequence[Verdict] = (),
) -> list[Verdict]:
    """Return a person's verdicts: first those above the threshold, in the order found.

    `before`: those of an earlier judgement, from which only what was learned of others differs.
    """
    part = context.known.slice_of(number)
    rows = np.arange(part.start, part.stop)
    places = context.known.place_of_presence[part]
    if (places == places[:1]).all():
        return []
    found: list[Verdict] = []
    # While nothing was taken out, the person's own use is as it was.
    drawn = [] if any(one.score >= threshold for one in before) else [one.case for one in before]
    while True:
        person = Person.of(context, number, rows)
        known = [again(context, case, suspect) for case in drawn]
        verdicts = [judge(case) for case in known or cases(context, person, suspect)]
        together = [judge(case) for case in of_exits(context, person, suspect)]
        worst = max([*verdicts, *together], key=lambda verdict: verdict.log_odds, default=None)
        if worst is None or worst.score < threshold:
            return [*found, *verdicts]
        found.append(worst)
        drawn = []
        suspect = replace(suspect, people=suspect.people | {number})
        rows = np.setdiff1d(rows, worst.case.presences, assume_unique=True)


def judge_all(context: Context, threshold: float) -> list[Verdict]:
    """Judge everybody, and again those who share a block of addresses with a suspect."""
    people = range(len(context.known.people))
    by_person = {number: judge_person(context, number, threshold) for number in people}
    first, context = context, without_attacks(context, by_person, threshold)
    for number in concerned(first, context, by_person):
        by_person[number] = judge_person(context, number, threshold, before=by_person[number])
    suspect = Suspicion(blocks=campaigns(context.known, by_person))
    for number in suspect.users:
        before = by_person[number]
        by_person[number] = judge_person(context, number, threshold, suspect, before)
    return [verdict for verdicts in by_person.values() for verdict in verdicts]

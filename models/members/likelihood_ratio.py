"""The likelihood ratio of Freeman, Jain, Dürmuth, Biggio and Giacinto (NDSS 2016), with back-off.

    LR = product over features x of  p(x | attack) / p(x | person),    score = LR / (1 + LR)

Features: country, place, network, and the hour of the day, HOURS_MOST at most. Each counts by
itself, so that a strange country counts in its places once more.
What a person has not shown is drawn to what the company shows, and that to an even spread. Unlike
the paper, which scores one sign-in, a pair is scored without its own days, so that what an attacker
does often does not become a habit; and the prior of the person being attacked is the same for all.
"""

from dataclasses import dataclass

import numpy as np

from models.columns import Floats, Integers
from models.pairs import Pairs
from models.params import Params
from models.views.times import SLOTS, hours_usual
from models.visits import Visits

BACK_OFF_DAYS = 2.0  # the company's weight beside the person's own days
HOURS_MOST = 3  # of one visit: its hours go together
# Over which attackers spread, as far as the company does not know more of them.
COUNTRIES, PLACES, NETWORKS = 100, 500, 500
EVEN_DAYS = 5.0  # weight of the even spread beside the company's


@dataclass(frozen=True)
class Feature:
    """One feature of every pair, as numbers below `values`, over which attackers spread evenly."""

    value: Integers
    values: int


def fit(visits: Visits, params: Params) -> list[Feature]:
    """Return the features of the pairs."""
    pairs = visits.pairs
    countries = pairs.context.known.places.country
    code = {name: number for number, name in enumerate(dict.fromkeys(countries))}
    country = np.array([code[countries[place]] for place in pairs.place], np.int64)
    return [
        Feature(country, max(COUNTRIES, len(code))),
        Feature(pairs.place, max(PLACES, len(countries))),
        Feature(pairs.network, max(NETWORKS, int(pairs.network.max(initial=0)) + 1)),
    ]


def score(fitted: list[Feature], visits: Visits) -> Floats:
    """Score each pair."""
    pairs = visits.pairs
    log_ratio = np.zeros(len(pairs))
    for feature in fitted:
        log_ratio += np.log(1 / feature.values) - np.log(of_person(feature, pairs))
    hours = pairs.mean(hours_usual(pairs)) + np.log(SLOTS)
    log_ratio -= hours * np.minimum(pairs.hours, HOURS_MOST)
    # Clipped so that the exponential stays finite; 30 is certainty already.
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_ratio, -30, 30))))


def of_person(feature: Feature, pairs: Pairs) -> Floats:
    """Return p(value | person) of each pair, leaving its own days out."""
    key = pairs.person * feature.values + feature.value
    distinct, index = np.unique(key, return_inverse=True)
    same = np.bincount(index, weights=pairs.days, minlength=len(distinct))[index]
    everyone = np.bincount(feature.value, weights=pairs.days, minlength=feature.values)
    total = float(pairs.days.sum())
    company = (everyone[feature.value] - same + EVEN_DAYS / feature.values) / (
        total - pairs.days_of_person + EVEN_DAYS
    )
    own = same - pairs.days
    elsewhere = pairs.days_of_person - pairs.days
    return np.asarray((own + BACK_OFF_DAYS * company) / (elsewhere + BACK_OFF_DAYS))

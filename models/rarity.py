"""How much surer a finding has to be where attacks are rare.

The prior of an attack is that of companies in which one account in some thirty was attacked within
a month. In most, far fewer are; the same doubtful visit is less often an attack there, and an
analyst has only false alarms to look at. How many attacks there are, the company's own month tells
(empirical Bayes; Robbins 1956):

    expected = sum of the scores of all places that were judged, votes and patience included
    usual    = USUAL * user-days
    more     = log((usual + GIVEN) / (expected + GIVEN)), at least 0 and at most MOST

GIVEN is what the usual rate counts for, in attacks: after a day, or among twenty people, hardly
anything can be told and next to nothing more is asked. MOST bounds what this could hide: a place
that is five times as likely an attack as all else is flagged in any company. Many findings never
make the next one easier.
"""

from collections.abc import Iterable
from math import log

from models.company import Company
from models.runs import distinct

USUAL = 0.002  # attacked places a user-day
GIVEN = 2.0
MOST = 1.0


def user_days(known: Company) -> int:
    """Return how many pairs of person and day were seen."""
    seen = known.presences
    return len(distinct(seen.person * known.window.days + seen.day))


def needed(known: Company, scores: Iterable[float]) -> float:
    """Return by how much the log-odds must exceed those that suffice where attacks are usual.

    `scores`: of all places that were judged.
    """
    usual, expected = USUAL * user_days(known), sum(scores)
    return min(max(log((usual + GIVEN) / (expected + GIVEN)), 0.0), MOST)

"""How much surer a run has to be while it knows little, and of what has only just begun.

The log-odds of a finding must exceed those of Params.flagged_from by

    UNKNOWN / days² + BEGUN if its first use is of the last day of the window

- *days* are those from the first use in the window to its end. In its first days a tenant's ways
  out, its VPN and the machines that act for its people are not learned yet, and look like attacks
  by the dozen; from the second week on the term says nothing.
- The first evening of a trip, of a layover, of a new VPN looks like an attack to whoever does not
  know the morning after.

Either delays what is flagged and hides nothing: the events stay in the memory, and are judged again
the next day. What is beyond doubt is flagged at once.
"""

from models.active_hours import DAY, HOUR
from models.company import Company
from models.judge import Verdict

UNKNOWN = 16.0
BEGUN = 1.5


def needed(known: Company, verdict: Verdict) -> float:
    """Return by how much the log-odds of a finding must exceed those that always suffice."""
    end = known.window.hours * HOUR
    days = (end - known.first_use - 1) // DAY + 1
    began = int(known.presences.first[verdict.case.presences].min())
    return UNKNOWN / days**2 + (BEGUN if end - began <= DAY else 0.0)

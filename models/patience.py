"""How much surer a run has to be while it knows little, and of what has only just begun.

The log-odds of a finding must exceed those of Params.flagged_from by

    UNKNOWN / days² + BEGUN if its first use is of the last day of the window
                    + FORGOTTEN if it is of the first

- *days* are those from the first use in the window to its end. In its first days a tenant's ways
  out, its VPN and the machines that act for its people are not learned yet, and look like attacks
  by the dozen; from the second week on the term says nothing.
- The first evening of a trip, of a layover, of a new VPN looks like an attack to whoever does not
  know the morning after.

Both delay what is flagged and hide nothing: the events stay in the memory, and are judged again the
next day. What is beyond doubt is flagged at once.

- What is of the first day of the window has lost the days before it: the start of the trip, the use
  of the same line a week ago. Runs that still knew them have judged it.
"""

from models.active_hours import DAY, HOUR
from models.company import Company
from models.judge import Verdict

UNKNOWN = 32.0
BEGUN = 2.0
FORGOTTEN = 1.5


def needed(known: Company, verdict: Verdict) -> float:
    """Return by how much the log-odds of a finding must exceed those that always suffice."""
    end = known.window.hours * HOUR
    days = (end - known.first_use - 1) // DAY + 1
    began = int(known.presences.first[verdict.case.presences].min())
    edges = (BEGUN if end - began <= DAY else 0.0) + (FORGOTTEN if began < DAY else 0.0)
    return UNKNOWN / days**2 + edges

"""What a place says for or against its being the person's: sentences for an analyst."""

import numpy as np

from models.context import Context
from models.judge import Verdict
from models.linked import ALONE, Linked
from models.places import Places
from models.runs import distinct

NAMED = 5  # places that a sentence names at most
TOWN_KM = 1.0  # as far from the usual place as it is from itself


def place_reasons(
    context: Context, verdict: Verdict, place: int, linked: Linked = ALONE
) -> list[str]:
    """Say how rare the place is for the person and for the company.

    Accounts that are flagged on the same addresses are no colleagues who were there.
    """
    case, places = verdict.case, context.known.places
    days = context.known.window.days
    country, others = places.country[place], case.people - 1
    if country != places.country[case.usual]:
        where = _abroad(context, verdict, place, days)
        there, seen = f"in {country}", context.peers.seen_in(country)
    elif places.vague(place):
        where = (
            f"Used from {places.spoken(place)}, known no better than that; "
            f"usual is {places.name(case.usual)}"
        )
        there, seen = f"in {country}", context.peers.seen_in(country)
    else:
        where = f"Used from {places.name(place)}, {_far(places, place, case.usual)}"
        there, seen = f"near {places.name(place)}", context.peers.seen_in_towns_near(place)
    flagged = {case.person, *linked.people}
    known = sum(person not in flagged for person in seen.tolist())
    was = "was" if known == 1 else "were"
    colleagues = f"{known} of {others} colleagues {was} {there} in {days} days"
    return [where, colleagues, *_together(places, verdict, place)]


def _abroad(context: Context, verdict: Verdict, place: int, days: int) -> str:
    """Say whether the person was in the country from elsewhere, too."""
    case, places = verdict.case, context.known.places
    country, usual = places.country[place], places.country[case.usual]
    theirs = distinct(context.known.place_of_presence[context.known.slice_of(case.person)])
    used = {
        int(places.town[at]) for at in [*theirs.tolist(), place] if places.country[at] == country
    }
    if len(used) == 1:
        return f"First access from {country} for this person in {days} days; usual is {usual}"
    return (
        f"One of {len(used)} places in {country} from which the account was used in {days} days; "
        f"usual is {usual}"
    )


def _far(places: Places, place: int, usual: int) -> str:
    km = float(places.great_circle_km(place, np.array([usual]))[0])
    if km < TOWN_KM:
        return "the town of the usual place"
    return f"{km:,.0f} km from the usual {places.name(usual)}"


def _together(places: Places, verdict: Verdict, place: int) -> list[str]:
    """Name the places of which the other sentences speak as well: a case may have several."""
    case, own = verdict.case, places.town[place]
    others = sorted({places.spoken(at) for at in case.places if places.town[at] != own})
    if not others:
        return []
    return [
        f"Judged as one with {listed(others)}: the other sentences speak of all of these, "
        f"{case.events:,} events that succeeded"
    ]


def listed(names: list[str], most: int = NAMED) -> str:
    """Return names one after the other, and how many more there are beyond the first few."""
    more = len(names) - most
    return "; ".join(names[:most]) + (f"; and {more:,} more" if more > 0 else "")

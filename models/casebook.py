"""Draws up the cases of a person: one for each site other than the person's main one."""

from dataclasses import replace
from math import inf, log

import numpy as np

from models.active_hours import HOUR
from models.case import Case, Lines, Times
from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.context import Context
from models.journey import beside, journeys, silences
from models.networks import hidden, jump_share, network
from models.person import Person, anchors, stops
from models.rhythm import rhythm
from models.runs import among, begins, distinct_sorted, lengths
from models.suspicion import Suspicion
from models.timeline import Timeline, timeline

ANCHORS_ENOUGH = 20  # presences from which a rhythm can be learned


def cases(context: Context, person: Person, suspect: Suspicion) -> list[Case]:
    """Return the cases of a person, heaviest site first."""
    return [case(context, person, site, suspect) for site in range(1, len(person.sites.places))]


def again(context: Context, drawn: Case, suspect: Suspicion) -> Case:
    """Return a case with what is known by now of devices, of networks and of other accounts.

    All else is the person's own use, which is as it was.
    """
    return replace(
        drawn,
        network=replace(drawn.network, jump_share=jump_share(context, drawn.presences)),
        flagged_elsewhere=drawn.person in suspect.people,
        campaign=suspect.campaign_over(context.known, drawn.person, drawn.presences),
        device=context.devices.again(drawn.device),
    )


def of_exits(context: Context, person: Person, suspect: Suspicion) -> list[Case]:
    """Return the case of all private exits of a person together, where there are several.

    Each alone, the others look like the person's habit, its devices like the person's own.
    """
    exits = person.exits(context)
    if len(exits) < 2:
        return []
    return [case(context, person.with_one(exits), exits[0], suspect)]


def case(context: Context, person: Person, site: int, suspect: Suspicion) -> Case:
    """Draw up the case of one site."""
    known, peers = context.known, context.peers
    seen, places = known.presences, known.places
    place = person.sites.places[site][0]
    usual = person.sites.places[person.sites.main][0]
    country, home = places.country[place], places.country[usual]
    here = person.site == site
    rows, elsewhere = person.rows[here], person.rows[~here]
    cell = _cells_at(known, person, site)
    return Case(
        person=person.number,
        place=place,
        places=person.sites.places[site],
        presences=rows,
        usual=usual,
        km=places.between_km(place, usual),
        times=times(context, person, site),
        intensity=_intensity(seen.events[rows], seen.events[elsewhere]),
        honest_intensity=context.intensity,
        day_length=_hours_a_day(person.hour[here]) - _hours_a_day(person.hour[~here]),
        honest_day_length=context.day_length,
        events=int(seen.events[rows].sum()),
        failures=int(known.cells.failures[cell].sum()),
        sensitive=bool(known.cells.sensitive[cell].any()),
        reputation=float(known.cells.reputation[cell].max(initial=0.0)),
        honest_marks=context.marks,
        network=network(context, person, site, home),
        same_country=country == home,
        colleagues_in_country=peers.in_country(country, person.number),
        colleagues_near=peers.near(place, person.number),
        people=peers.people,
        travels=peers.travels,
        hidden=hidden(context, person, site, country),
        flagged_elsewhere=person.number in suspect.people,
        campaign=suspect.campaign_over(known, person.number, rows),
        device=context.devices.at(person.number, person.sites.places[site]),
        acting=context.programs.at(person.number, person.sites.places[site]),
    )


def times(context: Context, person: Person, site: int) -> Times:
    """Lay out when the site was used, among the person's other use."""
    seen, places = context.known.presences, context.known.places
    window_hours = float(context.known.window.hours)
    place, usual = person.sites.places[site][0], person.sites.places[person.sites.main][0]
    last = seen.last[person.rows]
    here = person.site == site
    km = person.km_to(places, place)
    anchor, stop = anchors(person, site, km), stops(person, site)
    both = here | anchor
    doubt = context.doubt[person.rows][both]
    laid = timeline(person.first[both], last[both], here[both], km[both], window_hours, doubt)
    lived = anchor if anchor.sum() >= ANCHORS_ENOUGH else ~here
    lives = rhythm(person.hour[lived], context.kinds_of_day, context.company_rate)
    silent = silences(laid, person.first[~here], last[~here], window_hours)
    hours = distinct_sorted(person.hour[here])
    silent_days = [lives.working_days(start, end) for start, end in silent]
    return Times(
        timeline=laid,
        journeys=journeys(places, laid, place, person.first[stop], last[stop], person.places[stop]),
        beside=_beside(context, person, site, stop, laid),
        silent_days=silent_days,
        absent_hours=_absent(silent, silent_days, person.first[here]),
        sequence=person.rows[both],
        anchors=int(anchor.sum()),
        rhythm=lives,
        lines=_lines(context, person, here),
        clock_shift=round((places.longitude[place] - places.longitude[usual]) / 15),
        active_days=len(begins(hours // 24)),
        weight_of_hours=_weight_of_hours(hours),
        person_days=person.active_days,
        window_hours=window_hours,
    )


def _beside(
    context: Context, person: Person, site: int, stop: Booleans, laid: Timeline
) -> list[float]:
    """Return the hours from each visit to the nearest stop elsewhere in the country, if abroad."""
    places, sites = context.known.places, person.sites.places
    country = places.country[sites[site][0]]
    if country == places.country[sites[person.sites.main][0]]:
        return [inf] * len(laid.visits)
    here = [number for number, other in enumerate(sites) if places.country[other[0]] == country]
    kept = stop & among(person.site, here)
    return beside(laid, person.first[kept], context.known.presences.last[person.rows[kept]])


def _lines(context: Context, person: Person, here: Booleans) -> Lines:
    """Return how the person's own lines elsewhere were used while the site was, and otherwise."""
    own = context.own_line[person.rows] & ~here
    day = person.day
    first, last = day[here][[0, -1]].tolist()
    active, lines = distinct_sorted(day[~here]), distinct_sorted(day[own])
    inside = (active >= first) & (active <= last)
    used = int(((lines >= first) & (lines <= last)).sum())
    outside = int((~inside).sum())
    return Lines(int(inside.sum()), used, (len(lines) - used) / (outside + 1.0))


def _absent(silent: list[tuple[float, float]], days: list[float], first: Integers) -> int:
    """Count the active hours that lie in silences of more than a working day's expected use."""
    hours = first / HOUR
    return sum(
        int(((hours >= start) & (hours <= end)).sum())
        for (start, end), expected in zip(silent, days, strict=True)
        if expected > 1.0
    )


def _weight_of_hours(hours: Integers) -> Floats:
    """Return for each hour of the day its share of each active day, summed; `hours` in order."""
    day = begins(hours // 24)
    number = lengths(day, len(hours))
    of_day = 1.0 / np.repeat(number, number)
    return np.asarray(np.bincount(hours % 24, of_day, minlength=24), np.float64)


def _intensity(here: Integers, elsewhere: Integers) -> float:
    """Return the log of the mean events an active hour here, less the same elsewhere."""
    return log(here.sum() / len(here)) - log(elsewhere.sum() / len(elsewhere))


def _hours_a_day(hours: Integers) -> float:
    """Return the log of the active hours an active day; `hours` of the window, in order."""
    hours = distinct_sorted(hours)
    return log(len(hours) / len(begins(hours // 24)))


def _cells_at(known: Company, person: Person, site: int) -> Integers:
    """Return the person's cells at a site.

    Addresses with failures only are of nobody's use yet: they belong to all use in their town.
    """
    used: Integers = person.cells.used[person.cells.site == site]
    tried = known.tried_by(person.number)
    if not len(tried):
        return used
    town, of = known.places.town, known.addresses.place[known.cells.address[tried]]
    guessed = tried[among(town[of], town[person.sites.places[site]])]
    both: Integers = np.concatenate([used, guessed])
    return both

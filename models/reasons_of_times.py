"""What the times of use say for or against the person's being there: sentences for an analyst."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from models.active_hours import HOUR
from models.columns import Integers
from models.context import Context
from models.judge import Verdict
from models.runs import among, distinct
from models.timeline import Way
from models.weighed import TELLING

AT_ONCE_HOURS = 1 / 60


def time_reasons(context: Context, verdict: Verdict, place: int) -> list[str]:
    """Say what the times of use elsewhere have against the person's being there, or whether none.

    Of several ways that were too long, the fastest to or from the place itself is told.
    """
    timeline = verdict.case.times.timeline
    if not timeline.impossible:
        return elsewhere(context, verdict, place)
    told = [Told.of(context, verdict, way) for way in timeline.impossible]
    own = [each for each in told if each.here == context.known.places.town[place]]
    fastest = max(own or told, key=lambda each: each.way.kmh)
    sentences = [way_sentence(context, fastest, place)]
    impossible, every = len(timeline.impossible), len(timeline.ways)
    if impossible > 1:
        sentences.append(
            f"Of {every} changes between here and elsewhere {impossible} left too little time "
            "for the way"
        )
    if timeline.overlapping:
        crossing, hours = _crossing(context, verdict)
        when = f"In {crossing} of {hours} hours" if hours > 1 else "In the same hour"
        sentences.append(f"{when} by the clock the account was in use elsewhere as well")
    return sentences


def hour_reasons(context: Context, verdict: Verdict) -> list[str]:
    """Say so if the hours of the day are not the person's."""
    if verdict.difference()["hours"] < TELLING:
        return []
    case = verdict.case
    hours = distinct(context.known.presences.first[case.presences] // HOUR % 24)
    rate = float(case.times.rhythm.rate[0][hours].mean())
    named = ", ".join(f"{hour:02d}" for hour in hours.tolist())
    return [
        f"Used in hours of the day ({named} UTC) in which the person is active on about "
        f"{rate:.0%} of working days"
    ]


@dataclass(frozen=True)
class Told:
    """A way with both its ends: rows of the company's presences."""

    way: Way
    there: int  # the use elsewhere
    at: int  # the use here
    here: int  # number of the town of that

    @classmethod
    def of(cls, context: Context, verdict: Verdict, way: Way) -> "Told":
        """Find the use here that the way leads to, or comes from: the visit's first, or last."""
        known, sequence = context.known, verdict.case.times.sequence
        if way.arriving:
            at = int(sequence[way.anchor + 1])
        else:
            before = sequence[: way.anchor]
            elsewhere = np.flatnonzero(~among(before, verdict.case.presences))
            visit = before[elsewhere[-1] + 1 if len(elsewhere) else 0 :]
            at = int(visit[known.presences.last[visit].argmax()])
        town = known.places.town[known.addresses.place[known.presences.address[at]]]
        return cls(way, int(sequence[way.anchor]), at, int(town))


def way_sentence(context: Context, told: Told, place: int) -> str:
    """Tell one way: from where, how long before or after, how far, how fast, and when."""
    known, way = context.known, told.way
    seen, places = known.presences, known.places
    there = int(known.addresses.place[seen.address[told.there]])
    here = int(known.addresses.place[seen.address[told.at]])
    other = places.town[here] != places.town[place]
    here_too = f" as from {places.spoken(here)}" if other else ""
    name, far = places.spoken(there), f"at least {way.km:,.0f} km away"
    if way.hours < AT_ONCE_HOURS:
        when = moment(context, max(int(seen.first[told.there]), int(seen.first[told.at])))
        return f"Used from {name} at the same time{here_too}, {far}: {when}"
    relation = "earlier" if way.arriving else "later"
    if other:
        relation = f"{'before' if way.arriving else 'after'} use from {places.spoken(here)}"
    edge = seen.last if way.arriving else seen.first
    when = moment(context, int(edge[told.there]))
    return f"Used from {name} {duration(way.hours)} {relation}, {far} ({way.kmh:,.0f} km/h): {when}"


def _crossing(context: Context, verdict: Verdict) -> tuple[int, int]:
    """Count the hours by the clock with use here, and those of them with use elsewhere, too.

    Not hours of each address, as the timeline counts them: who changes addresses has several.
    """
    first, sequence = context.known.presences.first, verdict.case.times.sequence
    hour = first[sequence] // HOUR
    here = among(sequence, verdict.case.presences)
    used, others = distinct(hour[here]), distinct(hour[~here])
    return int(among(used, others).sum()), len(used)


def elsewhere(context: Context, verdict: Verdict, place: int) -> list[str]:
    """Tell the use elsewhere next before and after, but for machines, VPN and relays."""
    known, case = context.known, verdict.case
    seen, part = known.presences, known.slice_of(case.person)
    rows = np.arange(part.start, part.stop)
    town = known.places.town[known.place_of_presence[part]]
    here = rows[among(rows, case.presences) & (town == known.places.town[place])]
    if not len(here):
        return []
    others = rows[~among(rows, case.presences)]
    hidden = context.learned.hides[seen.address[others]]
    others = others[~hidden] if not hidden.all() else others
    begin, end = int(seen.first[here].min()), int(seen.last[here].max())
    before, after = others[seen.last[others] < begin], others[seen.first[others] > end]
    between = others[(seen.last[others] >= begin) & (seen.first[others] <= end)]
    told = [
        *_next(context, before[-1:], begin, "before"),
        *_next(context, after[:1], end, "after"),
    ]
    if len(between):
        hours = len(distinct(seen.first[between] // HOUR))
        told.append(f"in between as well, in {hours:,} hour{'s' * (hours > 1)} by the clock")
    aside = ", VPN and machines aside," if hidden.any() and not hidden.all() else ""
    return [f"Used elsewhere{aside} {'; '.join(told)}"] if told else []


def _next(context: Context, row: Integers, here: int, relation: str) -> list[str]:
    """Tell the use in `row`, if there is one, before or after the second `here`."""
    known = context.known
    found = []
    for each in row.tolist():
        place = int(known.addresses.place[known.presences.address[each]])
        edge = known.presences.last if relation == "before" else known.presences.first
        hours = abs(int(edge[each]) - here) / HOUR
        shows = context.physical[each] and not context.mobile[each]
        may_err = "" if shows else " (place in doubt)"
        found.append(f"{duration(hours)} {relation}, from {known.places.spoken(place)}{may_err}")
    return found


def moment(context: Context, second: int) -> str:
    """Return a second of the window as a date and time of day."""
    time: datetime = context.known.window.start + timedelta(seconds=second)
    return f"{time:%Y-%m-%d %H:%M} UTC"


def duration(hours: float) -> str:
    """Return a length of time as one reads it: 40 minutes, 5 hours, 3 days."""
    time = timedelta(hours=hours)
    if time < timedelta(hours=2):
        minutes = round(time.total_seconds() / 60)
        return f"{minutes} minute{'s' * (minutes != 1)}"
    if time < timedelta(days=2):
        return f"{hours:.0f} hours"
    return f"{hours / 24:.0f} days"

"""Draws up the cases of a person: one for each site other than the person's main one."""

from dataclasses import dataclass

import numpy as np

from models.case import Case, Hidden, Network
from models.company import Company
from models.learned import APART_LEAST_KM, DAY, HIDDEN_KINDS, Learned
from models.peers import Peers
from models.places import Booleans, Integers
from models.rhythm import day_kinds, rhythm
from models.sites import Sites, sites
from models.sphere import Floats
from models.timeline import timeline


@dataclass(frozen=True)
class Context:
    """What all cases share."""

    known: Company
    learned: Learned
    peers: Peers
    kinds_of_day: Integers
    company_rate: Floats  # (2, 24), see models/rhythm.py
    physical: Booleans  # an entry a presence

    @classmethod
    def of(cls, known: Company, learned: Learned) -> "Context":
        kinds = day_kinds(known.window.start, known.window.hours // 24)
        return cls(
            known,
            learned,
            Peers(known, learned),
            kinds,
            company_rate(known, kinds),
            learned.physical[known.presences.address],
        )


def company_rate(known: Company, kinds: Integers) -> Floats:
    """Return the share of people's active days, by kind and hour, with some use in that hour."""
    seen, hours = known.presences, known.window.hours
    pairs = np.unique(seen.person * hours + seen.first // 3600)
    hour = pairs % hours
    days = np.unique(pairs // 24)
    active = np.zeros((2, 24))
    np.add.at(active, (kinds[hour // 24], hour % 24), 1.0)
    of_kind = np.bincount(kinds[days % (hours // 24)], minlength=2)
    return np.asarray(active / np.maximum(of_kind, 1)[:, None])


@dataclass(frozen=True)
class Person:
    """One person's presences (rows of the company's), without those already judged an attack's."""

    number: int
    rows: Integers
    places: Integers  # an entry a row, as `first`
    first: Integers
    sites: Sites
    site: Integers

    @classmethod
    def of(cls, context: Context, number: int, rows: Integers) -> "Person":
        known = context.known
        places = known.addresses.place[known.presences.address[rows]]
        first = known.presences.first[rows]
        grouped = sites(known, number, places, first)
        site = np.fromiter((grouped.of_place[p] for p in places.tolist()), np.int64, len(places))
        return cls(number, rows, places, first, grouped, site)


def cases(context: Context, person: Person) -> list[Case]:
    """Return the cases of a person, heaviest site first."""
    return [case(context, person, site) for site in range(1, len(person.sites.places))]


def case(context: Context, person: Person, site: int) -> Case:
    """Draw up the case of one site."""
    known = context.known
    seen, places = known.presences, known.places
    place = person.sites.places[site][0]
    usual = person.sites.places[person.sites.main][0]
    here = person.site == site
    rows = person.rows[here]
    km = _to_each(known, place, person.places)
    anchor = ~here & context.physical[person.rows] & (km > APART_LEAST_KM)
    both = here | anchor
    lived = rhythm(person.first[~here], context.kinds_of_day, context.company_rate)
    cell = _cells_at(known, person.number, person.sites.places[site])
    elsewhere = person.rows[~here]
    return Case(
        person=person.number,
        site=site,
        place=place,
        places=person.sites.places[site],
        presences=rows,
        usual=usual,
        km=float(places.apart_km(place, [usual])[0]),
        timeline=timeline(
            person.first[both],
            seen.last[person.rows[both]],
            here[both],
            km[both],
            float(known.window.hours),
        ),
        sequence=person.rows[both],
        anchors=int(anchor.sum()),
        rhythm=lived,
        clock_shift=round((places.longitude[place] - places.longitude[usual]) / 15),
        hours_of_day=_by_day(person.first[here]),
        person_days=len(np.unique(person.first // DAY)),
        intensity=_intensity(seen.events[rows], seen.events[elsewhere]),
        events=int(seen.events[rows].sum()),
        failures=int(known.cells.failures[cell].sum()),
        sensitive=bool(known.cells.sensitive[cell].any()),
        reputation=float(known.cells.reputation[cell].max(initial=0.0)),
        network=network(context, person.number, rows, elsewhere),
        same_country=places.country[place] == places.country[usual],
        colleagues_in_country=context.peers.in_country(places.country[place], person.number),
        colleagues_near=context.peers.near(place, person.number),
        people=context.peers.people,
        travels=context.peers.travels,
        hidden=Hidden(
            elsewhere=_hidden(context, elsewhere),
            colleagues=context.peers.hidden_in(None, person.number),
            colleagues_in_country=context.peers.hidden_in(places.country[place], person.number),
            people=context.peers.people,
        ),
        window_hours=float(known.window.hours),
    )


def network(context: Context, person: int, rows: Integers, elsewhere: Integers) -> Network:
    """Describe the networks of the presences `rows`, beside the person's others."""
    seen, addresses, learned = (
        context.known.presences,
        context.known.addresses,
        context.learned,
    )
    address, other = seen.address[rows], seen.address[elsewhere]
    distinct, weight = np.unique(address, return_counts=True)
    share = weight / weight.sum()
    kinds: dict[str | None, float] = {}
    for at, part in zip(distinct.tolist(), share.tolist(), strict=True):
        kinds[addresses.kind[at]] = kinds.get(addresses.kind[at], 0.0) + part
    jump_shares = [
        learned.share_without(at, person, addresses.kind[at]) for at in distinct.tolist()
    ]
    numbers = addresses.asn[address]
    networks = np.unique(learned.network[address])
    users = [_others(learned, at, person) for at in networks.tolist()]
    return Network(
        kinds=kinds,
        known_number=float((np.isin(numbers, addresses.asn[other]) & (numbers >= 0)).mean()),
        known_address=float(np.isin(addresses.prefix[address], addresses.prefix[other]).mean()),
        jump_share=float(np.dot(share, jump_shares)),
        colleagues=max(_established(learned, at, person) for at in distinct.tolist()),
        networks=len(networks),
        new_to_company=not any(users),
    )


def _others(learned: Learned, network: int, person: int) -> int:
    used = learned.by_network.pair(network, person) is not None
    return int(learned.by_network.people[network]) - int(used)


def _established(learned: Learned, address: int, person: int) -> int:
    """Count the colleagues who used the address for days."""
    ip = int(learned.ip[address])
    usage = learned.by_address
    row = usage.pair(ip, person)
    mine = row is not None and usage.settled[row]
    return int(usage.established[ip]) - int(mine)


def _hidden(context: Context, elsewhere: Integers) -> bool:
    """Say whether the person uses a VPN or the like at other sites, on several days."""
    seen = context.known.presences
    kinds = context.known.addresses.kind
    hidden = [kinds[at] in HIDDEN_KINDS for at in seen.address[elsewhere].tolist()]
    return len(np.unique(seen.first[elsewhere][np.array(hidden, np.bool_)] // DAY)) > 2


def _to_each(known: Company, place: int, places: Integers) -> Floats:
    distinct, index = np.unique(places, return_inverse=True)
    return known.places.apart_km(place, distinct)[index]


def _by_day(first: Integers) -> list[Integers]:
    hours = np.unique(first // 3600)
    return np.split(hours % 24, np.flatnonzero(np.diff(hours // 24)) + 1)


def _intensity(here: Integers, elsewhere: Integers) -> float:
    """Return the log of the mean events an active hour here, less the same elsewhere."""
    if len(elsewhere) == 0:
        return 0.0
    return float(np.log(here.mean()) - np.log(elsewhere.mean()))


def _cells_at(known: Company, person: int, places: list[int]) -> Booleans:
    """Say which cells are the person's at the places, those with only failures as well."""
    bounds = np.searchsorted(known.cells.person, [person, person + 1])
    mine = np.zeros(len(known.cells.person), np.bool_)
    part = slice(int(bounds[0]), int(bounds[1]))
    mine[part] = np.isin(known.addresses.place[known.cells.address[part]], places)
    return mine

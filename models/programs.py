"""Programs that act for people from machines that are not theirs.

Mail gets indexed, a calendar is joined with another, a form fills a folder: the provider itself, or
a firm that was let in, does it in a person's name, with machines in any town it has some. Neither
place nor time says anything of the person. Such a program gives itself a name (user agent) that
nobody's own device has: all its use comes from rented machines, for many people, from many
addresses, for weeks. All of that is learned of the company's own logs; no list of names is needed.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.columns import Booleans, Integers
from models.company import Company
from models.network_kinds import RENTED
from models.runs import among, distinct

MOSTLY = 0.9  # of a program's events come from machines
ADDRESSES_LEAST, DAYS_LEAST, PEOPLE_LEAST = 5, 10, 8  # less may be a burst, or one hand's
OTHERS = 20.0  # uses by programs that are not known yet, beside those seen


@dataclass(frozen=True)
class Acting:
    """What programs do at one site, and for which colleagues (the person is none)."""

    share: float  # of the site's events
    own: bool  # such a program acts for the person elsewhere as well
    people: int  # colleagues for whom these programs act
    on_number: int  # of these, over the network numbers used here
    in_country: int  # of these, from the site's country
    common: float  # share of these programs among all programs' uses, people counted


NONE = Acting(0.0, False, 0, 0, 0, 0.0)


class Programs:
    """The company's programs, and where they act for whom."""

    def __init__(self, known: Company) -> None:
        self._known, devices = known, known.devices
        self._place = known.addresses.place[devices.address]
        machines = known.addresses.of(RENTED)[devices.address]
        self.acts = machines & self._programs(machines)[devices.device]

    def _programs(self, machines: Booleans) -> Booleans:
        """Say of each device whether it is a program's."""
        known, devices = self._known, self._known.devices
        number = int(devices.device.max(initial=-1)) + 1
        everywhere = np.bincount(devices.device, weights=devices.events, minlength=number)
        there = np.bincount(devices.device, devices.events * machines, minlength=number)
        device = devices.device[machines]
        people = _each(device, devices.person[machines], number)
        addresses = _each(device, devices.address[machines], number)
        found = (there >= MOSTLY * everywhere) & (people >= PEOPLE_LEAST)
        found &= addresses >= ADDRESSES_LEAST
        lasting = np.zeros(number, np.bool_)
        seen, span = known.presences, len(known.addresses.ip)
        used = seen.person * span + seen.address
        for each in np.flatnonzero(found).tolist():
            of_it = machines & (devices.device == each)
            rows = among(used, devices.person[of_it] * span + devices.address[of_it])
            lasting[each] = len(distinct(seen.day[rows])) >= DAYS_LEAST
        return lasting

    @cached_property
    def _people(self) -> Counter[tuple[int, object]]:
        """Count people by (device, None), (device, network number) and (device, country)."""
        known, devices = self._known, self._known.devices
        number = known.addresses.asn[devices.address[self.acts]].tolist()
        country = [known.places.country[at] for at in self._place[self.acts].tolist()]
        who, device = devices.person[self.acts].tolist(), devices.device[self.acts].tolist()
        uses = {
            (person, used, where)
            for column in ([None] * len(who), number, country)
            for person, used, where in zip(who, device, column, strict=True)
        }
        return Counter((used, where) for _, used, where in uses)

    @cached_property
    def _acted_for(self) -> Integers:
        """Count what programs do for each person."""
        people = len(self._known.people)
        return np.bincount(self._known.devices.person[self.acts], minlength=people)

    @cached_property
    def _all_uses(self) -> int:
        return sum(count for (_, where), count in self._people.items() if where is None)

    def at(self, person: int, places: list[int]) -> Acting:
        """Return what programs do at a person's places."""
        if not self._acted_for[person]:
            return NONE
        known, devices = self._known, self._known.devices
        low, high = np.searchsorted(devices.person, [person, person + 1]).tolist()
        here, acts = among(self._place[low:high], places), self.acts[low:high]
        if not (here & acts).any():
            return NONE
        events, device = devices.events[low:high], devices.device[low:high]
        numbers = known.addresses.asn[devices.address[low:high]]
        used = np.unique(device[here & acts]).tolist()
        # The person is one of those who are counted.
        people = [self._people[each, None] - 1 for each in used]
        on_number = [
            max(self._people[each, at] for at in numbers[here & acts & (device == each)].tolist())
            for each in used
        ]
        country = known.places.country[places[0]]
        return Acting(
            share=float(events[here & acts].sum() / events[here].sum()),
            own=bool((acts & ~here).any()),
            people=max(people),
            on_number=max(on_number) - 1,
            in_country=max(0, max(self._people[each, country] for each in used) - 1),
            common=sum(people) / (self._all_uses - len(used) + OTHERS),
        )


def _each(group: Integers, thing: Integers, number: int) -> Integers:
    """Count the distinct things of each group."""
    span = int(thing.max(initial=0)) + 1
    return np.bincount(distinct(group * span + thing) // span, minlength=number)

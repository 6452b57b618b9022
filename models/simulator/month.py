"""One company's month: founds it, lets its people live, and plants the attacks."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.simulator import attacks, company, noise, people, travel
from models.simulator.attacks import Attack, Planting
from models.simulator.company import Company
from models.simulator.days import Month
from models.simulator.diary import Diary
from models.simulator.lines import DAY
from models.simulator.people import Person
from models.simulator.world import World


@dataclass(frozen=True)
class Lived:
    """A month as it was: who there is, when they were online, and what was planted."""

    company: Company
    accounts: list[Person]  # people, then service accounts; sessions name their ordinal
    diary: Diary
    attacks: list[Attack]


def live(
    world: World,
    users: int,
    events: int,
    days: int,
    seed: int,
    last_day: date,
    plan: Sequence[Planting],
) -> Lived:
    """Return the month that ends with `last_day`, as `seed` has it.

    `events` only says how much password guessing there is; see `diary.counts` for the rest.
    """
    draw = random.Random(f"{seed}/company")
    firm = company.found(world, last_day - timedelta(days=days - 1), days, users, draw)
    taken: set[str] = set()
    # The attacks of some kinds need somebody in particular: as many of those work there.
    needed = dict(enumerate(p.kind.victim for p in plan if p.kind.victim != "any"))
    for index in range(users):
        draw = random.Random(f"{seed}/person/{index}")
        firm.people.append(people.hire(firm, index, draw, taken, needed.get(index, "")))
    travel.plan(firm, random.Random(f"{seed}/travel"))
    diary = Diary(days * DAY)
    for person in firm.people:
        Month(firm, person, diary, str(seed)).write()
    planted = attacks.plant(firm, diary, plan, random.Random(f"{seed}/attacks"))
    draw = random.Random(f"{seed}/noise")
    services = noise.service_accounts(firm, max(1, users // 60), draw)
    noise.run_services(firm, services, diary, draw)
    noise.spray(firm, diary, events, draw)
    return Lived(firm, [*firm.people, *services], diary, planted)

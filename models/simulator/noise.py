"""Use that is nobody's: programs of the company, and strangers who guess passwords."""

import random

from models.simulator import lines
from models.simulator.company import Company
from models.simulator.diary import FAILED, PROGRAM, STRANGER, TOKEN, Diary, Session
from models.simulator.lines import DAY
from models.simulator.people import Person
from models.simulator.world import Address

SERVICES = ("svc-backup", "svc-deploy", "svc-report", "svc-sync", "svc-scanner", "svc-billing")
SERVICE_SHARE = 0.05  # of the events
SPRAY_SHARE = 0.012  # of the events
STEADY = 0.25  # of the spray: single guesses all month long


def service_accounts(company: Company, number: int, draw: random.Random) -> list[Person]:
    """Return accounts that belong to programs; their `index` follows the people's."""
    accounts = []
    for ordinal in range(number):
        name = SERVICES[ordinal % len(SERVICES)]
        if ordinal >= len(SERVICES):
            name += f"-{ordinal // len(SERVICES) + 1}"
        line = draw.choice(company.clouds)
        city = company.offices[0].city
        accounts.append(
            Person(
                index=len(company.people) + ordinal,
                name=name,
                email=f"{name}@{company.domain}",
                role="service",
                traits=frozenset(("service",)),
                office=company.offices[0],
                home_city=city,
                home=lines.home(city, 0, draw),
                carrier=line,
                rate=draw.lognormvariate(0.0, 1.0),
                office_days=0.0,
                rises=0.0,
                present=(0, company.days),
                service=True,
            )
        )
    return accounts


def run_services(
    company: Company, accounts: list[Person], diary: Diary, draw: random.Random
) -> None:
    """Write down what the programs do: day and night, at times from another cloud."""
    total = sum(s.weight for s in diary.sessions) * SERVICE_SHARE
    rates = sum(account.rate for account in accounts)
    for account in accounts:
        weight = total * account.rate / rates / (company.days * 4)
        for quarter in range(company.days * 4):
            line = account.carrier if draw.random() < 0.97 else draw.choice(company.clouds)
            start = quarter * DAY / 4
            address = line.address(start, draw)
            diary.add(
                Session(
                    person=account.index,
                    start=start,
                    end=start + DAY / 4,
                    address=address,
                    device=PROGRAM,
                    weight=weight,
                    label="service",
                    mode=TOKEN,
                )
            )


def spray(company: Company, diary: Diary, events: int, draw: random.Random) -> None:
    """Write down failed guesses from all over the world: campaigns, and single ones all month."""
    left = int(events * SPRAY_SHARE)
    steady = int(left * STEADY)
    for _ in range(steady):
        start = draw.uniform(0, company.days * DAY)
        _guess(company, diary, _anywhere(company, draw), start, 1, draw)
    left -= steady
    campaigns = max(1, company.days // 8)
    for ordinal in range(campaigns):
        number = left // (campaigns - ordinal)
        left -= number
        begins = draw.uniform(0, company.days * DAY)
        lasts = draw.choice((2 * 3600.0, DAY, 4 * DAY))
        addresses = [_anywhere(company, draw) for _ in range(draw.choice((3, 40, 300)))]
        while number > 0:
            count = min(number, draw.choice((1, 1, 1, 2)))
            start = min(begins + draw.random() * lasts, company.days * DAY - 120)
            _guess(company, diary, draw.choice(addresses), start, count, draw)
            number -= count


def _anywhere(company: Company, draw: random.Random) -> Address:
    kind = draw.choice(("isp", "isp", "hosting", "vpn"))
    blocks = company.world.blocks_of(kind) or company.world.blocks_of("isp")
    return draw.choice(blocks).address(draw)


def _guess(
    company: Company, diary: Diary, address: Address, start: float, count: int, draw: random.Random
) -> None:
    diary.add(
        Session(
            person=draw.choice(company.people).index,
            start=start,
            end=start + 60.0,
            address=address,
            device=STRANGER,
            label="spray",
            mode=FAILED,
            count=count,
        )
    )

"""What a company's logs teach about its addresses."""

from month_of_use import DAYS, Line, Month, boston, chicago, lagos, paris

from models.carriers import carriers
from models.company import Company, company, prefix
from models.learned import Learned, learn


def learned_of(month: Month) -> tuple[Company, Learned]:
    known = company(month.cells())
    return known, learn(known)


def of(known: Company, ip: str) -> int:
    return known.addresses.ip.index(ip)


def interleaved(month: Month, line: Line, people: int) -> None:
    """Let people use a line between hours of work at home."""
    for number in range(people):
        person = f"colleague{number}@example.com"
        for day in range(DAYS):
            month.use(person, line, day, 14.6, events=2)


def test_an_address_where_people_really_are_is_a_place() -> None:
    month = Month()
    month.colleagues(12)
    for number in range(12):
        month.work(f"colleague{number}@example.com", boston("20.9.9.9"), [1, 3, 8, 10], hours=(16,))
    known, learned = learned_of(month)
    assert learned.physical[of(known, "20.9.9.9")]
    assert learned.by_address.established[learned.ip[of(known, "20.9.9.9")]] == 12


def test_a_shared_address_that_people_jump_to_is_no_place() -> None:
    month = Month()
    month.colleagues(12)
    interleaved(month, paris("85.0.0.1", kind=None), 12)
    known, learned = learned_of(month)
    assert not learned.physical[of(known, "85.0.0.1")]
    assert learned.physical[of(known, "20.1.0.5")]


def test_a_carrier_is_seen_by_its_spread_and_only_access_networks_are_carriers() -> None:
    month = Month()
    month.colleagues(12)
    interleaved(month, chicago(), 12)
    interleaved(month, paris("85.0.0.1", kind="hosting"), 12)
    known, learned = learned_of(month)
    found = {known.addresses.ip[at] for at in carriers(known, learned).nonzero()[0]}
    assert found == {"23.0.1.5"}


def test_a_line_at_home_keeps_its_place_though_its_carrier_is_spread() -> None:
    month = Month()
    month.colleagues(12)
    interleaved(month, chicago(), 12)
    for number in (2, 3):
        month.work(f"colleague{number}@example.com", chicago("23.0.2.9"), range(DAYS), hours=(2,))
    known, learned = learned_of(month)
    found = {known.addresses.ip[at] for at in carriers(known, learned).nonzero()[0]}
    assert found == {"23.0.1.5"}


def test_an_office_is_not_at_fault_for_the_many_gateways_that_its_people_use() -> None:
    month = Month()
    office = boston("20.9.9.9", asn=750)
    for number in range(12):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(DAYS), hours=(8, 9, 20))
        month.work(person, office, range(DAYS), hours=(12, 13, 14, 15, 16))
        month.use(person, chicago(f"23.{number}.0.7", asn=7100 + number), 3, 14.5)
    known, learned = learned_of(month)
    assert learned.share[of(known, "20.9.9.9")] < 0.1


def test_nobody_settles_on_an_aircraft_and_still_it_is_doubted() -> None:
    month = Month()
    month.colleagues(12)
    for number in range(5):
        month.use(f"colleague{number}@example.com", paris("85.0.0.1"), number + 1, 14.6)
    known, learned = learned_of(month)
    assert learned.doubt[of(known, "85.0.0.1")] > 0.4
    assert learned.doubt[of(known, "20.1.0.5")] == 0.0


def test_one_who_jumps_alone_does_not_make_a_network_placeless() -> None:
    month = Month()
    month.colleagues(12)
    month.use("colleague0@example.com", lagos(), 3, 14.6)
    known, learned = learned_of(month)
    assert learned.physical[of(known, "102.0.1.5")]


def test_a_block_is_a_24_or_a_48() -> None:
    assert prefix("192.0.2.77") == "192.0.2"
    assert prefix("2001:db8:1:2::3") == "2001:db8:1"
    assert prefix("2001:db8::3") == "2001:db8:0"


def test_a_vpn_at_home_is_no_place_though_most_of_its_users_are_at_home() -> None:
    def physical(kind: str | None) -> bool:
        month = Month()
        month.colleagues(12)
        shared = boston("20.9.9.9", asn=750, kind=kind)
        for number in range(12):
            month.work(f"colleague{number}@example.com", shared, range(DAYS), hours=(16,))
        for number in range(6):  # who live in Paris
            person = f"remote{number}@example.com"
            month.work(person, paris(f"80.0.{number}.5", asn=800 + number), range(DAYS))
            month.work(person, shared, range(DAYS), hours=(16,))
        known, learned = learned_of(month)
        return bool(learned.physical[of(known, "20.9.9.9")])

    assert physical("isp")
    assert not physical("hosting")


def test_a_proxy_acts_for_the_company_by_its_number_wherever_it_comes_out() -> None:
    """Each of thirty people in two countries has an exit that hardly anybody shares."""

    def of_company(people: int, kind: str | None) -> bool:
        month = Month()
        month.colleagues(30)
        for number in range(people):
            town = boston if number % 2 else paris
            line = town(f"45.0.{number}.5", asn=6000, kind=kind)
            month.work(f"colleague{number}@example.com", line, range(DAYS), hours=(16,))
        known, learned = learned_of(month)
        address = of(known, "45.0.1.5")
        assert bool(learned.few_share[address]) is not bool(learned.of_company[address])
        return bool(learned.of_company[address])

    assert of_company(12, "relay")
    assert not of_company(10, "relay")  # a fifth of the people, and five
    assert not of_company(12, "hosting")  # the providers' own machines, and whoever rents there

"""What strange devices say, and how much: learned from the company."""

from collections.abc import Iterable

import pytest
from month_of_use import DAYS, Line, Month, boston, lagos, paris

from models.company import Company, company
from models.devices import Device, DeviceBook, Use, log_device
from models.dwellings import Dwellings
from models.programs import Programs
from models.stays import Stays
from models.turnover import NEW_VERSION
from models.user_agents import COMPUTER, TELEPHONE, TOOL

SELDOM = (0.02, 0.02, 0.02, 0.02)
STRANGE = Use(1.0, own=0.0, common=0.1, kind=COMPUTER)


def book(known: Company) -> DeviceBook:
    return DeviceBook(known, Dwellings.of(Stays.of(known)), Programs(known).acts)


def strange_share(device: Device) -> float:
    """Return the share of the events by devices that are not the person's own."""
    return sum(use.share for use in device.uses if not use.own)


def test_a_device_not_used_elsewhere_is_strange() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent="laptop")
    month.use("ana@example.com", lagos(), 3, 15.0, events=3, agent="stranger")
    month.use("ana@example.com", lagos(), 3, 16.0, events=1, agent="laptop")
    known = company(month.cells())
    there = known.places.country.index("NG")
    assert strange_share(book(known).at(0, [there])) == 0.75


def proxied(agent: str) -> Company:
    """Let Ana work at home, and somebody use her account over exits in many towns."""
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent="laptop")
    for number in range(6):
        exit_there = Line(f"9.{number}.1.5", "DE", "Hesse", f"Town {number}", 50.0, number, 999)
        month.use("ana@example.com", exit_there, 3 + number, 15.0, agent=agent)
    return company(month.cells())


@pytest.mark.parametrize(("agent", "strange"), [("stranger", 1.0), ("laptop", 0.0)])
def test_a_device_is_no_less_strange_for_being_seen_over_many_exits(
    agent: str, strange: float
) -> None:
    known = proxied(agent)
    for place in range(len(known.places)):
        if known.places.country[place] == "DE":
            assert strange_share(book(known).at(0, [place])) == strange


def test_use_over_addresses_with_strange_devices_only_is_told_from_the_persons_own() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent="laptop")
    month.use("ana@example.com", lagos(), 3, 15.0, agent="stranger")
    month.use("ana@example.com", paris(), 4, 15.0, agent="stranger")
    month.use("ana@example.com", paris(), 4, 16.0, agent="laptop")
    month.work("ben@example.com", paris("80.0.1.6"), range(DAYS), agent=None)
    known = company(month.cells())
    strange = known.cells.address[book(known).strangers]
    assert {known.addresses.ip[address] for address in strange} == {lagos().ip}


def test_without_user_agents_nothing_is_known() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent=None)
    month.use("ana@example.com", lagos(), 3, 15.0)
    known = company(month.cells())
    device = book(known).at(0, [known.places.country.index("NG")])
    assert device.uses == ()
    assert log_device(device, attack=True) == log_device(device, attack=False) == 0.0


def says(device: Device) -> float:
    """Return by how much the devices speak for an attack."""
    return log_device(device, attack=True) - log_device(device, attack=False)


def test_where_honest_people_often_have_strange_devices_they_say_little() -> None:
    steady, changing = Month(), Month()
    for month, agents in ((steady, ["laptop"]), (changing, list("abcdefgh"))):
        for number in range(40):
            person = f"colleague{number}@example.com"
            month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
            month.work(person, paris(), [14, 15], agent=agents[number % len(agents)])
    few, many = (book(company(month.cells())).at(0, []).chances for month in (steady, changing))
    assert few[COMPUTER] < 0.1 < 0.5 < many[COMPUTER]
    assert says(Device((STRANGE,), few)) > 1.0
    assert says(Device((STRANGE,), many)) < 0.1


def taken_along(agent: str, people: Iterable[int]) -> Company:
    """Let these of forty people have something else with them in Paris."""
    month = Month()
    for number in range(40):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
        month.work(person, paris(), [14, 15], agent=agent if number in people else "laptop")
    return company(month.cells())


def test_telephones_that_people_have_with_them_do_not_make_strange_computers_usual() -> None:
    chances = book(taken_along("phone", range(12))).at(0, []).chances
    assert chances[TELEPHONE] > 8 * chances[COMPUTER]
    telephone = Use(1.0, own=0.0, common=0.1, kind=TELEPHONE)
    assert says(Device((telephone,), chances)) < says(Device((STRANGE,), chances)) - 2.0


def test_attackers_seldom_come_with_a_telephone() -> None:
    telephone, tool, computer = (
        says(Device((Use(1.0, 0.0, 0.1, kind),), SELDOM)) for kind in (TELEPHONE, TOOL, COMPUTER)
    )
    assert 0 < telephone < tool < computer


def test_updates_on_the_way_are_told_from_strange_devices() -> None:
    chances = book(taken_along("laptop/2", range(12))).at(0, []).chances
    assert chances[NEW_VERSION] > 8 * chances[COMPUTER]


def test_tools_on_rented_machines_are_looked_at_by_themselves() -> None:
    month = Month()
    for number in range(20):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
        month.use(person, lagos(f"102.1.{number}.5"), 14, 12.0, agent="laptop")
        machine = paris(f"80.1.{number}.5", kind="hosting")
        month.use(person, machine, 15, 12.0, agent="tool" if number % 2 else "laptop")
    known = company(month.cells())
    rented, travelling = (
        book(known).at(0, [known.places.country.index(there)]).chances for there in ("FR", "NG")
    )
    assert rented[TOOL] > 8 * travelling[TOOL]


@pytest.mark.parametrize(("kind", "updated"), [("isp", True), ("hosting", False)])
def test_a_rented_machine_has_its_own_copy_of_a_tool(kind: str, updated: bool) -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent="tool/2")
    month.use("ana@example.com", lagos(kind=kind), 3, 15.0, agent="tool/1")
    known = company(month.cells())
    (use,) = book(known).at(0, [known.places.country.index("NG")]).uses
    assert use.own
    assert use.updated is updated


def test_a_device_of_the_persons_own_in_another_version_speaks_for_an_attack() -> None:
    month = Month()
    month.colleagues(20)
    month.work("ana@example.com", boston(), range(DAYS), agent="laptop/1")
    month.use("ana@example.com", lagos(), 3, 15.0, events=4, agent="laptop/1")
    month.use("ana@example.com", paris(), 4, 15.0, events=4, agent="laptop/2")
    known = company(month.cells())
    ana = known.people.index("ana@example.com")
    same, other = (book(known).at(ana, [known.places.country.index(c)]) for c in ("NG", "FR"))
    assert strange_share(same) == strange_share(other) == 0.0
    assert [use.updated for device in (same, other) for use in device.uses] == [False, True]
    assert says(same) < -1.0
    assert says(other) > says(same) + 1.5


def test_a_strange_device_says_less_at_places_of_few_events_where_many_such_have_one() -> None:
    month = Month()
    for number in range(40):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
        month.work(person, paris(f"80.1.{number}.5"), [14, 15], agent="laptop")
        agent = "syncing" if number < 10 else "laptop"
        month.use(person, lagos(f"102.1.{number}.5"), 12, 9.0, events=1, agent=agent)
    month.work("ana@example.com", boston(), range(10), agent="laptop")
    month.use("ana@example.com", lagos(), 12, 9.0, events=1, agent="stranger")
    month.work("ana@example.com", paris(), [14, 15], agent="stranger")
    known = company(month.cells())
    of_one, of_many = (
        book(known).at(known.people.index("ana@example.com"), [known.places.country.index(there)])
        for there in ("NG", "FR")
    )
    assert of_one.chances[COMPUTER] > 3 * of_many.chances[COMPUTER]
    assert says(of_one) < says(of_many) - 1.0


def test_a_strange_device_says_more_when_nobody_has_it() -> None:
    popular, unknown = (
        Device((Use(1.0, 0.0, common, COMPUTER),), SELDOM) for common in (0.5, 0.0001)
    )
    assert says(unknown) > says(popular) + 1.0


def test_a_strange_device_says_less_of_one_of_whom_little_is_seen() -> None:
    month = Month()
    month.colleagues(20)
    for person, days in (("ana@example.com", 1), ("ben@example.com", DAYS)):
        month.work(person, boston(), range(days), agent="laptop")
        month.use(person, lagos(), 3, 15.0, agent="stranger")
    known = company(month.cells())
    there = known.places.country.index("NG")
    ana, ben = (
        book(known).at(known.people.index(f"{name}@example.com"), [there])
        for name in ("ana", "ben")
    )
    assert ana.chances[COMPUTER] > 5 * ben.chances[COMPUTER]
    assert says(ana) < says(ben) - 1.0


def test_the_persons_own_devices_speak_against_an_attack_but_may_be_mimicked() -> None:
    one = Device((Use(1.0, 0.5, 0.05, COMPUTER),), SELDOM)
    assert -2.0 < says(one) < -1.0


def test_several_of_them_are_hardly_mimicked() -> None:
    one, two = (Use(share, 0.5, 0.05, COMPUTER) for share in (0.6, 0.4))
    assert says(Device((one, two), SELDOM)) < says(Device((one,), SELDOM)) - 1.0


def test_what_attackers_used_does_not_make_strange_devices_usual() -> None:
    month = Month()
    for number in range(40):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
        there, agent = (lagos(), "stranger") if number < 10 else (paris(), "laptop")
        month.use(person, there, 14, 12.0, events=4, agent=agent)
    known = company(month.cells())
    attacked = known.places.country.index("NG")
    with_attackers = book(known)
    without = with_attackers.without((number, attacked) for number in range(len(known.people)))
    those, these = (each.at(0, []).chances[COMPUTER] for each in (with_attackers, without))
    assert these < those / 4
    assert with_attackers.without([]).turnovers == with_attackers.turnovers

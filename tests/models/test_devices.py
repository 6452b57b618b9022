"""What strange devices say, and how much: learned from the company."""

from month_of_use import DAYS, Month, boston, lagos, paris

from models.company import company
from models.devices import Device, DeviceBook, log_device


def book(month: Month) -> tuple[DeviceBook, list[int]]:
    known = company(month.cells())
    return DeviceBook(known), list(range(len(known.places)))


def test_a_device_not_used_elsewhere_is_strange() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent="laptop")
    month.use("ana@example.com", lagos(), 3, 15.0, events=3, agent="stranger")
    month.use("ana@example.com", lagos(), 3, 16.0, events=1, agent="laptop")
    known = company(month.cells())
    there = known.places.country.index("NG")
    assert DeviceBook(known).at(0, [there]).strange == 0.75


def test_without_user_agents_nothing_is_known() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS), agent=None)
    month.use("ana@example.com", lagos(), 3, 15.0)
    known = company(month.cells())
    device = DeviceBook(known).at(0, [known.places.country.index("NG")])
    assert device.strange is None
    assert log_device(device, attack=True) == log_device(device, attack=False) == 0.0


def test_where_honest_people_often_have_strange_devices_they_say_little() -> None:
    steady, changing = Month(), Month()
    for month, agents in ((steady, ["laptop"]), (changing, list("abcdefgh"))):
        for number in range(40):
            person = f"colleague{number}@example.com"
            month.work(person, boston(f"20.1.{number}.5"), range(10), agent="laptop")
            month.work(person, paris(), [14, 15], agent=agents[number % len(agents)])
    few, many = book(steady)[0].chance, book(changing)[0].chance
    assert few < 0.1 < 0.5 < many
    says = [
        log_device(Device(1.0, 0.5, chance), attack=True)
        - log_device(Device(1.0, 0.5, chance), attack=False)
        for chance in (few, many)
    ]
    assert says[0] > 2.0
    assert says[1] < 0.1

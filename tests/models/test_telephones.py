"""Telephones' networks, by name and by what they are used for."""

from month_of_use import DAYS, Line, Month, boston, chicago

from models.company import company
from models.learned import learn
from models.telephones import over_telephones

UNNAMED = 720


def telephones(month: Month) -> set[str]:
    """Return the addresses whose use is taken for a telephone's."""
    known = company(month.cells())
    found = over_telephones(known, learn(known))
    return {known.addresses.ip[at] for at in known.presences.address[found].tolist()}


def a_little(month: Month, line: Line, people: int) -> None:
    for number in range(people):
        for day in (2, 9):
            month.use(f"colleague{number}@example.com", line, day, 21.0, events=1)


def test_a_carrier_is_known_by_its_name() -> None:
    month = Month()
    month.colleagues(12)
    a_little(month, chicago(), 1)
    assert telephones(month) == {"23.0.1.5"}


def test_or_by_many_who_do_a_little_over_it() -> None:
    month = Month()
    month.colleagues(12)
    a_little(month, boston("20.200.0.1", asn=UNNAMED), 8)
    assert telephones(month) == {"20.200.0.1"}


def test_a_line_that_one_person_hardly_uses_is_not_known_for_anything() -> None:
    month = Month()
    month.colleagues(12)
    a_little(month, boston("20.200.0.1", asn=UNNAMED), 1)
    assert telephones(month) == set()


def test_machines_that_many_use_a_little_are_no_telephones() -> None:
    month = Month()
    month.colleagues(12)
    a_little(month, boston("20.200.0.1", asn=UNNAMED, kind="hosting"), 8)
    assert telephones(month) == set()


def test_or_by_one_person_who_has_another_address_of_it_each_day() -> None:
    month = Month()
    month.colleagues(12)
    person = "colleague0@example.com"
    for day in (2, 3, 4, 9, 10):
        month.use(person, boston(f"20.200.0.{day}", asn=UNNAMED), day, 21.0, events=3)
    assert telephones(month) == {f"20.200.0.{day}" for day in (2, 3, 4, 9, 10)}


def test_days_in_another_office_are_no_telephone() -> None:
    month = Month()
    month.colleagues(12)
    for day in (2, 3, 4):
        line = boston(f"20.200.0.{day}", asn=UNNAMED)
        month.work("colleague0@example.com", line, [day], hours=(9, 10, 11))
    assert telephones(month) == set()


def test_a_home_line_is_none() -> None:
    month = Month()
    month.colleagues(12)
    month.work("colleague0@example.com", boston("20.200.0.1", asn=UNNAMED), range(DAYS))
    assert telephones(month) == set()


def test_a_telephone_is_told_from_a_line_at_home_of_the_same_carrier() -> None:
    month = Month()
    month.colleagues(12)
    person = "colleague0@example.com"
    month.work(person, boston("20.200.1.1", asn=UNNAMED), range(DAYS), hours=(7, 21, 22))
    for day in (2, 3, 4, 9, 10):
        month.use(person, boston(f"20.200.0.{day}", asn=UNNAMED), day, 12.0, events=3)
    assert telephones(month) == {f"20.200.0.{day}" for day in (2, 3, 4, 9, 10)}


def test_a_line_at_home_that_changes_its_address_each_night_is_no_telephone() -> None:
    month = Month()
    month.colleagues(12)
    for day in range(0, 28, 2):
        month.use("ana@example.com", boston(f"20.200.0.{day}", asn=UNNAMED), day, 12.0, events=3)
    assert telephones(month) == set()


def test_most_of_a_persons_use_may_be_a_telephone_that_changes_it_more_often() -> None:
    month = Month()
    month.colleagues(12)
    for day in range(0, 28, 2):
        for hour in (8, 12, 18):
            line = boston(f"20.200.{hour}.{day}", asn=UNNAMED)
            month.use("ana@example.com", line, day, hour + 0.1, events=2)
    assert len(telephones(month)) == 3 * 14

"""What colleagues are known for, leaving one person out."""

from dataclasses import replace

from month_of_use import Line, Month, boston, paris

from models.company import company
from models.learned import learn
from models.peers import Peers

ANA, BOB = "ana@example.com", "bob@example.com"


def exit_of(number: int) -> Line:
    line = paris(f"45.0.{number}.5", asn=6000 + number, kind="vpn")
    return line if number % 2 else replace(line, country="CH", city="Zurich")


def peers(month: Month) -> tuple[Peers, dict[str, int]]:
    known = company(month.cells())
    number = {name: at for at, name in enumerate(known.people)}
    return Peers(known, learn(known)), number


def months(days: int) -> Month:
    month = Month()
    month.colleagues(20)
    month.work(ANA, boston(), range(28))
    month.work(BOB, boston(), range(28))
    for day in range(days):
        month.use(ANA, exit_of(day), day, 19.0)
    return month


def test_a_private_vpn_is_a_habit_by_its_days_though_each_has_another_exit() -> None:
    found, number = peers(months(4))
    assert found.hidden_in(None, number[BOB]) == 1
    assert found.hidden_in("FR", number[BOB]) == 1
    assert found.hidden_in("CH", number[BOB]) == 1
    assert found.hidden_in("DE", number[BOB]) == 0
    assert found.hidden_in(None, number[ANA]) == 0


def test_two_days_are_none() -> None:
    found, number = peers(months(2))
    assert found.hidden_in(None, number[BOB]) == 0
    assert found.hidden_in("CH", number[BOB]) == 0

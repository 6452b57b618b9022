"""A company in which many travel to the same office, and one is used from where nobody ever is."""

from functools import cache

from month_of_use import DAYS, Month, boston, lagos, paris

from models.company import company
from models.context import Context
from models.detection import prepared

ANA = "ana@example.com"
TRAVELLERS = 30


@cache
def travelling() -> Context:
    """Thirty work in Boston, each two days of them in Paris; Ana's account is once in Lagos too."""
    month = Month()
    for number in range(TRAVELLERS):
        who, home = f"colleague{number}@example.com", boston(f"20.1.{number}.5")
        away = 7 * (number % 4) + number % 3
        month.work(who, home, [day for day in range(DAYS) if day not in (away, away + 1)])
        month.work(who, paris(), [away, away + 1], hours=(8, 9, 10, 13, 14, 15))
    month.work(ANA, boston("20.1.200.5"), range(DAYS))
    month.use(ANA, lagos(), 8, 15.4, events=30, agent="another")
    context, _ = prepared(company(month.cells()))
    return context

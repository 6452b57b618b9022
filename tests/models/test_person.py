"""Which of a person's presences show where the person is."""

import numpy as np
from month_of_use import DAYS, Line, Month, boston, chicago, lagos

from models.company import company
from models.detection import prepared
from models.person import Person

ANA = "ana@example.com"


def shown(month: Month) -> set[str | None]:
    """Return the towns in which Ana's presences show her to be."""
    context, _ = prepared(company(month.cells()))
    known = context.known
    part = known.slice_of(known.people.index(ANA))
    person = Person.of(context, known.people.index(ANA), np.arange(part.start, part.stop))
    return {known.places.city[place] for place in person.places[person.shows].tolist()}


def proxy(number: int) -> Line:
    return chicago(f"85.0.{number}.1", asn=6000, kind="relay")


def behind_a_proxy() -> Month:
    """All work through a cloud proxy in Chicago; Ana's telephone is once in Lagos."""
    month = Month()
    for number in range(20):
        month.work(f"colleague{number}@example.com", proxy(number), range(DAYS))
    month.work(ANA, proxy(30), range(DAYS))
    month.use(ANA, lagos(kind="mobile"), 8, 15.4)
    return month


def test_a_proxy_shows_nobody_so_anything_else_must() -> None:
    assert shown(behind_a_proxy()) == {"Lagos"}


def test_nor_does_a_telephone_where_there_is_a_line_at_home() -> None:
    month = behind_a_proxy()
    month.work(ANA, boston(), range(DAYS), hours=(21,))
    assert shown(month) == {"Boston"}

"""Published rules, each shown uses that raise its alarm and uses that do not."""

import duckdb
import pyarrow as pa
import pytest
from month_of_use import Line, Month, boston, chicago, lagos, paris

from models import published
from models.published import Rule
from schemas.event import EVENT

ANA, BEN = "ana@example.com", "ben@example.com"
RULES = {rule.name: rule for rules in published.rules().values() for rule in rules}


def flagged(name: str, month: Month, sign_ins: bool = True) -> set[tuple[str, str]]:
    """Return (user, city) of a rule's rows."""
    return {(row["user"], row["city"]) for row in rows(RULES[name], month, sign_ins).to_pylist()}


def rows(rule: Rule, month: Month, sign_ins: bool = True) -> pa.Table:
    connection = duckdb.connect()
    connection.register("events", pa.Table.from_pylist(month.events(), EVENT))
    published.prepare(connection, "acme", sign_ins)
    return published.flagged(connection, rule)


@pytest.fixture
def month() -> Month:
    """Ana at home in Boston in the morning of the first two days."""
    month = Month()
    month.use(ANA, boston(), 0, 9, events=2)
    month.use(ANA, boston(), 1, 9, events=2)
    return month


def test_every_rule_says_where_it_is_published() -> None:
    assert len(RULES) == sum(len(rules) for rules in published.rules().values())
    assert {"buffalogs", "elastic", "metron", "panther"} <= set(published.rules())
    assert all(rule.source.startswith("https://") for rule in RULES.values())


@pytest.mark.parametrize("name", sorted(RULES))
def test_life_in_one_place_raises_nothing(name: str, month: Month) -> None:
    month.work(ANA, boston(), range(20))
    assert flagged(name, month) == set()


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("buffalogs_impossible_travel", 8.0),  # 5,500 km at 690 km/h
        ("okta_velocity", 6.0),
        ("panther_impossible_travel", 5.5),
        ("panther_impossible_travel_high", 5.5),
    ],
)
def test_travel_is_impossible_above_the_rules_speed(name: str, hours: float, month: Month) -> None:
    """Boston to Paris, from the last use at 9:02."""
    month.use(ANA, paris(), 1, 9.03 + hours, events=1)
    assert flagged(name, month) == {(ANA, "Paris")}
    slow = Month()
    slow.use(ANA, boston(), 1, 9, events=1)
    slow.use(ANA, paris(), 1, 9 + 23.9, events=1)
    assert flagged(name, slow) == set()


def test_buffalogs_asks_only_about_new_addresses_more_than_100_km_away(month: Month) -> None:
    name = "buffalogs_impossible_travel"
    near = Line("20.9.9.9", "US", "Massachusetts", "Worcester", 42.27, -71.80, 700)
    month.use(ANA, near, 1, 9.07, events=1)
    assert flagged(name, month) == set()
    month.use(ANA, paris(), 2, 9, events=1)  # a day later
    month.use(ANA, boston(), 2, 9.1, events=1)  # an address known long since
    assert flagged(name, month) == set()


def test_a_country_is_new_once(month: Month) -> None:
    month.use(ANA, paris(), 3, 9, events=3)
    month.use(ANA, chicago(), 4, 9)
    assert flagged("buffalogs_new_country", month) == {(ANA, "Paris")}
    (row,) = rows(RULES["buffalogs_new_country"], month).to_pylist()
    assert row["event_count"] == 1


def test_panther_forgets_after_a_day_and_never_remembers_a_vpn(month: Month) -> None:
    month.use(ANA, lagos(kind="vpn"), 1, 9.5, events=1)
    month.use(ANA, boston(), 1, 10, events=1)
    assert flagged("panther_impossible_travel", month) == {(ANA, "Lagos")}
    assert flagged("panther_impossible_travel_high", month) == set()


def test_elastic_wants_two_countries_in_so_many_minutes(month: Month) -> None:
    month.use(ANA, paris(), 1, 9.3, events=1)  # 16 minutes later
    month.use(BEN, boston(), 1, 9, events=1)
    month.use(BEN, paris(kind="vpn"), 1, 9.2, events=1)
    assert flagged("elastic_two_countries", month) == {(BEN, "Paris")}
    assert flagged("elastic_geolocations", month) == {(ANA, "Paris")}


def test_elastic_takes_a_region_for_new_after_14_days(month: Month) -> None:
    month.use(ANA, chicago(), 2, 9)
    month.use(ANA, boston(), 3, 9)
    month.use(ANA, boston(), 18, 9)
    assert flagged("elastic_atypical_travel", month) == {(ANA, "Chicago"), (ANA, "Boston")}
    (boston_row, _) = rows(RULES["elastic_atypical_travel"], month).sort_by("city").to_pylist()
    assert boston_row["first_time"].day == 20  # the 18th day after 2 March, not before


def test_splunk_wants_two_cities_in_a_day(month: Month) -> None:
    month.use(ANA, chicago(), 1, 20, events=1)
    month.use(ANA, paris(), 5, 9, events=1)
    assert flagged("splunk_multiple_cities", month) == {(ANA, "Chicago")}


def test_sentinel_asks_whether_the_company_knows_the_country(month: Month) -> None:
    month.use(BEN, paris(), 2, 9)
    month.use(ANA, paris(), 9, 9)
    month.use(ANA, lagos(), 9, 9)
    assert flagged("sentinel_new_country", month) == {(ANA, "Lagos")}


def test_metron_compares_with_the_centroid_and_with_everybody(month: Month) -> None:
    """Everybody moves by some km; one use is far from the person's last two hours."""
    for person in range(20):
        for step in range(30):
            latitude = 42.3 + step % 2 / 10
            near = Line(f"20.7.{person}.1", "US", "MA", "Boston", latitude, -71.0, 700)
            month.use(f"c{person}@example.com", near, 1, 6 + step / 10, events=1)
    month.use(ANA, lagos(), 1, 9.5, events=1)
    assert flagged("metron_geographic_outlier", month) == {(ANA, "Lagos")}


def test_only_sign_ins_that_succeeded_and_have_a_place_are_uses(month: Month) -> None:
    month.fail(ANA, paris(), 1, 9.1)
    nowhere = Line("9.9.9.9", "NG", None, None, 6.5, 3.4, 1)
    month.use(ANA, nowhere, 1, 9.2, events=1)
    events = month.events()
    location = events[-2]["src_endpoint"]["location"]  # type: ignore[index]
    location["lat"] = None
    for event in events[2:4]:
        event |= {"class_uid": 6003}
    connection = duckdb.connect()
    connection.register("events", pa.Table.from_pylist(events, EVENT))
    assert published.prepare(connection, "acme", sign_ins=True) == 2
    assert published.prepare(connection, "acme", sign_ins=False) == 4
    assert published.prepare(connection, "other", sign_ins=False) == 0


def test_a_row_holds_both_uses_and_rules_are_put_together_by_place(month: Month) -> None:
    month.use(ANA, paris(), 1, 9.1, events=1)
    one = rows(RULES["elastic_two_countries"], month)
    both = published.together([one, rows(RULES["buffalogs_new_country"], month)])
    (row,) = both.to_pylist()
    assert (row["user"], row["city"], row["event_count"]) == (ANA, "Paris", 2)
    # The use in Paris and the last one in Boston.
    assert sorted(row["event_uids"]) == sorted(one.to_pylist()[0]["event_uids"])
    assert len(row["event_uids"]) == 2

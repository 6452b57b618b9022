"""A simulated month: who there is, where they are, and which attacks are planted."""

from datetime import date

import pytest
from simulated_months import LAST_DAY, a_month, shipped_world

from conf.errors import UsageError
from models.simulator import attacks, clock
from models.simulator.attacks import own_places
from models.simulator.diary import BACKGROUND, FAILED, Diary, Session
from models.simulator.kinds import KINDS
from models.simulator.lines import DAY
from models.simulator.month import Lived


@pytest.fixture(scope="module")
def lived() -> Lived:
    return a_month()


def sessions_of_attacks(lived: Lived) -> dict[str, list[Session]]:
    found: dict[str, list[Session]] = {}
    for session in lived.diary.sessions:
        if session.attack >= 0:
            found.setdefault(lived.attacks[session.attack].kind, []).append(session)
    return found


def own_sessions(lived: Lived, person: int) -> list[Session]:
    """Return the sessions of one person, without those of attackers."""
    return [s for s in lived.diary.sessions if s.person == person and s.attack < 0]


def test_every_kind_of_attack_is_planted_on_an_account_of_its_own(lived: Lived) -> None:
    assert {attack.kind for attack in lived.attacks} == {kind.name for kind in KINDS}
    assert len(KINDS) >= 15
    victims = [attack.person.email for attack in lived.attacks]
    assert len(set(victims)) == len(victims) == sum(kind.accounts for kind in KINDS)


def test_each_attack_has_as_many_events_as_its_kind_says(lived: Lived) -> None:
    for number, attack in enumerate(lived.attacks):
        fewest, most = next(kind.events for kind in KINDS if kind.name == attack.kind)
        planted = sum(s.count for s in lived.diary.sessions if s.attack == number)
        assert fewest <= planted <= most, attack


@pytest.mark.parametrize("kind", ["far_once", "far_slow", "alternating", "on_traveller", "leaver"])
def test_a_far_attack_comes_from_no_country_of_the_owner(lived: Lived, kind: str) -> None:
    for session in sessions_of_attacks(lived)[kind]:
        owner = lived.accounts[session.person]
        block = session.address.block
        assert block.country not in {city.country for city in own_places(owner)}
        assert block.country not in {office.city.country for office in lived.company.offices}


def test_an_attack_in_the_owners_country_is_far_from_the_owners_places(lived: Lived) -> None:
    for session in sessions_of_attacks(lived)["own_country"]:
        owner = lived.accounts[session.person]
        block = session.address.block
        assert block.country in {city.country for city in own_places(owner)}
        place = next(
            c for c in shipped_world().cities
            if (c.country, c.region, c.name) == (block.country, block.region, block.city)
        )  # fmt: skip
        assert min(place.km_to(city) for city in own_places(owner)) > 250


def test_kinds_differ_in_how_they_are_spread_over_time_and_addresses(lived: Lived) -> None:
    of_kind = sessions_of_attacks(lived)

    def spread(kind: str) -> float:
        found = of_kind[kind]
        return max(s.end for s in found) - min(s.start for s in found)

    assert spread("far_once") <= 300
    assert spread("far_burst") <= 2 * 3600
    assert spread("far_slow") > 5 * DAY
    assert len({s.address.block.country for s in of_kind["residential_proxies"]}) > 3
    assert {s.address.block.kind for s in of_kind["hosting"]} == {"hosting"}
    assert {s.address.block.kind for s in of_kind["consumer_vpn"]} == {"vpn"}
    assert {s.address.block.kind for s in of_kind["far_mobile"]} == {"mobile"}
    assert len({s.person for s in of_kind["several_accounts"]}) == 3
    assert len({s.address for s in of_kind["several_accounts"]}) == 1


def test_an_account_is_attacked_when_its_kind_says(lived: Lived) -> None:
    of_kind = sessions_of_attacks(lived)
    (on_traveller,) = of_kind["on_traveller"]
    trips = lived.accounts[on_traveller.person].trips
    assert any(t.arrives <= on_traveller.start <= t.returns for t in trips)
    (leaver,) = of_kind["leaver"]
    assert leaver.start > lived.accounts[leaver.person].present[1] * DAY
    (active,) = of_kind["far_burst"]
    own = own_sessions(lived, active.person)
    assert any(s.start < active.end and active.start < s.end for s in own)
    (away,) = of_kind["while_away"]
    own = own_sessions(lived, away.person)
    assert not any(s.start < away.end and away.start < s.end for s in own)
    for session in of_kind["alternating"]:
        own = own_sessions(lived, session.person)
        assert any(abs(s.end + 600 - session.start) < 1 for s in own)


def test_failures_come_before_the_attack_from_its_address(lived: Lived) -> None:
    number = next(n for n, a in enumerate(lived.attacks) if a.kind == "after_failures")
    attack = next(s for s in lived.diary.sessions if s.attack == number)
    failures = [s for s in lived.diary.sessions if s.mode == FAILED and s.address == attack.address]
    assert len(failures) == 12
    assert all(s.end < attack.start for s in failures)


def test_the_demo_plants_one_account_used_from_nigeria_and_one_from_vietnam() -> None:
    for seed in range(3):
        lived = a_month(seed, plan="demo")
        places = {s.attack: s.address.block.country for s in lived.diary.sessions if s.attack >= 0}
        assert len(lived.attacks) == 2
        homes = {c.country for a in lived.attacks for c in own_places(a.person)}
        offices = {office.city.country for office in lived.company.offices}
        if not {"NG", "VN"} & (homes | offices):
            assert sorted(places.values()) == ["NG", "VN"]
        assert not set(places.values()) & (homes | offices)


def test_the_honest_noise_is_there(lived: Lived) -> None:
    labels = {session.label for session in a_month(users=400).diary.sessions}
    assert labels >= {
        *("mobile", "company_vpn", "cloud_proxy", "consumer_vpn", "private_relay", "service"),
        *("business_trip", "conference", "holiday", "family_holiday", "weekend_trip", "layover"),
        *("roaming_home", "in_flight", "moved", "second_home", "border_commuter", "contractor"),
        *("remote_alone", "new_hire", "home_misplaced", "prefix_moved", "provider_acts", "spray"),
    }


def test_nobody_is_at_home_while_on_a_trip(lived: Lived) -> None:
    travellers = [person for person in lived.company.people if person.trips]
    assert travellers
    for person in travellers:
        for session in own_sessions(lived, person.index):
            for trip in person.trips:
                gone = trip.arrives < session.start and session.end < trip.returns
                if gone and session.label in ("", "second_home", "moved"):
                    pytest.fail(f"{person.email} is at home and in {trip.city.name}")


def test_a_trip_takes_the_time_that_the_way_takes(lived: Lived) -> None:
    for person in lived.company.people:
        for trip in person.trips:
            hours = (trip.arrives - trip.leaves) / 3600
            assert trip.city.km_to(person.home_city) / hours < 900


def test_new_hires_and_leavers_are_there_only_while_employed(lived: Lived) -> None:
    for person in lived.company.people:
        first, last = person.present
        for session in own_sessions(lived, person.index):
            if session.mode not in (FAILED, BACKGROUND):
                assert (first - 1) * DAY <= session.start <= (last + 1) * DAY


def test_addresses_of_a_home_stay_in_its_city(lived: Lived) -> None:
    settled = [p for p in lived.company.people if not p.traits & {"home_misplaced", "prefix_moved"}]
    for person in settled:
        if "home_misplaced_abroad" not in person.traits:
            cities = {lease.block.city for lease in person.home.leases}
            assert cities == {person.home_city.name}


def test_an_unknown_kind_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown kind 'teleport'.*far_burst"):
        attacks.plan_of("far_once,teleport")


def test_a_company_without_a_victim_says_so() -> None:
    with pytest.raises(UsageError, match=r"no victim left.*ask for more users or days"):
        a_month(users=2)


def test_clocks_change_where_and_when_they_do() -> None:
    assert clock.utc_offset("DE", 13.4, date(2026, 3, 28)) == 1
    assert clock.utc_offset("DE", 13.4, date(2026, 3, 29)) == 2
    assert clock.utc_offset("DE", 13.4, date(2026, 10, 25)) == 1
    assert clock.utc_offset("US", -74.0, date(2026, 3, 7)) == -5
    assert clock.utc_offset("US", -74.0, date(2026, 3, 8)) == -4
    assert clock.utc_offset("US", -74.0, date(2026, 11, 1)) == -5
    assert clock.utc_offset("IN", 77.0, date(2026, 7, 1)) == 5.5
    assert clock.utc_offset("BR", -46.6, date(2026, 7, 1)) == -3


def test_a_session_is_cut_to_the_month() -> None:
    lived = a_month(users=40, plan="none", days=7)
    assert all(0 <= s.start < s.end < 7 * DAY for s in lived.diary.sessions)
    diary = Diary(DAY)
    address = lived.diary.sessions[0].address
    diary.add(Session(0, -3600, 3600, address, weight=2.0))
    diary.add(Session(0, DAY + 1, DAY + 2, address))
    assert [(s.start, s.weight) for s in diary.sessions] == [(0, 1.0)]


def test_the_month_ends_with_the_last_day() -> None:
    lived = a_month(users=40, plan="none", days=7)
    assert lived.company.calendar[-1] == LAST_DAY
    assert len(lived.company.calendar) == 7

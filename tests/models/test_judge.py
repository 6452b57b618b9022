"""What an attack is and what is none, told as months of one person among colleagues."""

from judged_months import ANA, a_month, at_home, flagged, judged
from month_of_use import DAYS, Line, Month, boston, chicago, lagos, paris


def test_a_life_in_one_town_is_nothing() -> None:
    month = a_month()
    at_home(month)
    assert flagged(month) == []


def test_use_from_afar_while_the_owner_works_is_an_attack() -> None:
    month = a_month()
    at_home(month)
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_a_single_event_from_afar_while_the_owner_works_is_an_attack() -> None:
    month = a_month()
    at_home(month)
    month.use(ANA, lagos(), 8, 15.4, events=1, agent="stranger")
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_an_attacker_behind_a_hosting_provider_is_seen() -> None:
    month = a_month()
    at_home(month)
    month.use(ANA, lagos(kind="hosting"), 8, 15.4, events=12, agent="stranger")
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_a_patient_attacker_is_seen() -> None:
    month = a_month()
    at_home(month)
    for day in (1, 4, 9, 15, 17, 22, 25):
        month.use(ANA, lagos(), day, 15.4, events=2, agent="stranger")
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_a_trip_during_which_home_is_silent_is_none() -> None:
    month = a_month()
    at_home(month, [day for day in range(DAYS) if day not in range(14, 19)])
    month.work(ANA, paris(), range(14, 19), hours=(8, 9, 11, 13, 15))
    assert flagged(month) == []


def test_an_attack_on_a_traveller_is_seen_and_the_trip_is_not() -> None:
    month = a_month()
    at_home(month, [day for day in range(DAYS) if day not in range(14, 19)])
    month.work(ANA, paris(), range(14, 19), hours=(8, 9, 11, 13, 15))
    month.use(ANA, lagos(), 16, 11.5, events=12, agent="stranger")
    assert flagged(month) == [(ANA, "Lagos, NG")]


def test_a_move_is_none() -> None:
    month = a_month()
    at_home(month, range(12))
    month.work(ANA, paris(), range(14, DAYS), hours=(8, 9, 11, 13, 15))
    assert flagged(month) == []


def test_a_private_vpn_that_takes_turns_with_home_is_a_habit() -> None:
    month = a_month()
    for day in range(DAYS):
        at_home(month, [day]) if day % 2 else month.work(ANA, paris(kind="vpn"), [day])
    assert flagged(month) == []


def test_a_way_out_that_colleagues_share_is_none() -> None:
    month = Month()
    proxy = paris("85.0.0.1", kind="hosting")
    for number in range(30):
        person = f"colleague{number}@example.com"
        for day in range(DAYS):
            if day % 7 < 5:
                month.use(person, boston(f"20.1.{number}.5"), day, 13.2, agent="laptop")
                month.use(person, proxy, day, 13.6, agent="laptop")
                month.use(person, boston(f"20.1.{number}.5"), day, 14.2, agent="laptop")
    assert flagged(month) == []


def test_a_carrier_whose_gateway_sits_in_another_town_is_none() -> None:
    month = Month()
    for number in range(20):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(DAYS))
        for day in range(DAYS):
            month.use(person, chicago(f"23.0.{number}.7"), day, 14.6, events=2, agent="phone")
    assert flagged(month) == []


def test_an_attacker_in_another_country_does_not_hide_behind_a_carrier() -> None:
    month = Month()
    for number in range(20):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(DAYS))
        for day in range(DAYS):
            month.use(person, chicago(f"23.0.{number}.7"), day, 14.6, events=2, agent="phone")
    month.use("colleague3@example.com", lagos(kind="mobile"), 8, 15.4, 12, agent="stranger")
    assert flagged(month) == [("colleague3@example.com", "Lagos, NG")]


def test_failed_guesses_from_all_over_are_no_presence() -> None:
    month = a_month()
    at_home(month)
    for day in range(DAYS):
        month.fail(ANA, lagos(f"102.0.{day}.5"), day, 15.4, events=5)
    assert flagged(month) == []


def test_an_address_that_the_database_moves_is_none() -> None:
    month = a_month()
    moved = Line("20.0.1.5", "CA", "Ontario", "Toronto", 43.65, -79.38, 700)
    at_home(month, range(14))
    month.work(ANA, moved, range(14, DAYS))
    assert flagged(month) == []


def test_a_telephone_that_roams_through_home_does_not_break_a_trip() -> None:
    month = a_month()
    at_home(month, [day for day in range(DAYS) if day not in range(14, 19)])
    month.use(ANA, boston(), 4, 20.5, events=2, agent="phone")
    month.work(ANA, paris(), range(14, 19), hours=(8, 9, 11, 13, 15))
    for number in range(8):  # the carrier is not known as one: people do a little over it
        person, line = f"colleague{number}@example.com", boston(f"24.0.{number}.1", asn=720)
        month.use(person, line, 3, 21.0, events=1)
    for day in range(14, 19):
        month.use(ANA, boston("24.0.9.1", asn=720), day, 10.5, events=3, agent="phone")
    assert flagged(month) == []


def test_an_attackers_line_does_not_take_the_place_of_an_owner_who_has_carriers_only() -> None:
    month = a_month()
    month.work(ANA, boston("23.0.7.7", asn=711, kind="mobile"), range(DAYS))
    for day in (8, 9, 10):
        month.use(ANA, lagos(), day, 15.4, events=12, agent="stranger")
    (verdict,) = [verdict for person, _, verdict in judged(month) if person == ANA]
    assert verdict.case.times.anchors > 50
    assert verdict.score > 0.9


def test_to_be_on_a_network_that_everybody_uses_excuses_nobody() -> None:
    month = a_month()
    at_home(month)
    month.use(ANA, chicago("23.9.0.1", asn=700, kind="isp"), 8, 15.2, events=12)
    assert flagged(month) == [(ANA, "Chicago, US")]


MARSEILLE = Line("81.0.1.5", "FR", "Provence", "Marseille", 43.3, 5.37, 820, "mobile")


def test_a_carrier_of_the_country_visited_is_part_of_the_trip() -> None:
    month = a_month()
    at_home(month, [day for day in range(DAYS) if day not in range(14, 19)])
    month.work(ANA, paris(), range(14, 19), hours=(8, 9, 11, 13, 15))
    for hour in (9.3, 12.0, 15.2):
        month.use(ANA, MARSEILLE, 16, hour, events=1, agent="phone")
    assert flagged(month) == []


def test_the_same_carrier_without_a_trip_is_no_excuse() -> None:
    month = a_month()
    at_home(month, [day for day in range(DAYS) if day not in range(14, 19)])
    month.work(ANA, paris(), range(14, 19), hours=(8, 9, 11, 13, 15))
    month.use(ANA, MARSEILLE, 8, 15.3, events=6, agent="stranger")
    assert flagged(month) == [(ANA, "Marseille, FR")]


def test_several_accounts_used_from_one_block_support_each_other() -> None:
    month = a_month()
    for number in range(3):
        month.use(f"colleague{number}@example.com", lagos(), 8, 15.4 + number, 6, agent="stranger")
    found = flagged(month)
    assert found == [(f"colleague{number}@example.com", "Lagos, NG") for number in range(3)]
    campaign = [verdict.case.campaign for *_, verdict in judged(month)]
    assert min(campaign) > 0.5


def test_the_score_is_the_posterior_of_the_attack() -> None:
    month = a_month()
    at_home(month)
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    (verdict,) = [verdict for person, _, verdict in judged(month) if person == ANA]
    odds = verdict.score / (1 - verdict.score)
    others = [name for name in verdict.totals if name != "attack"]
    best = max(others, key=lambda name: verdict.totals[name])
    assert verdict.best_benign == best
    assert odds <= 2.7182818 ** (verdict.totals["attack"] - verdict.totals[best]) * (1 + 1e-9)
    assert sum(verdict.difference().values()) > 0


def test_a_cloud_proxy_with_an_exit_for_each_is_shared_all_the_same() -> None:
    month = Month()
    for number in range(30):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(DAYS), hours=(13, 17))
        proxy = paris(f"85.0.{number}.1", asn=6000, kind="relay")
        month.use(person, proxy, number % DAYS, 13.6, agent="another")
    assert flagged(month) == []

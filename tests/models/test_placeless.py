"""Which networks are held to be no places, told as a company's jumps."""

import numpy as np

from models.placeless import placeless

OFFICE, CARRIERS = 0, (1, 2, 3)
PEOPLE = 30


def faults(office_prior: float, carrier_users: int = 10, carrier_hops: float = 0.5) -> list[bool]:
    """Return what is at fault where everybody jumps between the office and one of the carriers."""
    person = np.arange(PEOPLE)
    found = placeless(
        person=person,
        one=np.zeros(PEOPLE, np.int64),
        other=1 + person % len(CARRIERS),
        users=np.array([PEOPLE, *[carrier_users] * len(CARRIERS)]),
        prior=np.array([office_prior, *[0.35] * len(CARRIERS)]),
        reliance=np.array([0.8, *[0.1] * len(CARRIERS)]),
        hops=np.array([0.25, *[carrier_hops] * len(CARRIERS)]),
    )
    return [bool(fault) for fault in found]


def test_an_office_whose_people_use_several_carriers_is_a_place() -> None:
    assert faults(office_prior=0.04) == [False, True, True, True]


def test_an_office_is_not_excused_by_networks_on_which_most_do_not_jump() -> None:
    assert faults(office_prior=0.04, carrier_users=60)[OFFICE]


def test_nor_by_networks_of_which_fewer_hops_are_jumps() -> None:
    assert faults(office_prior=0.04, carrier_hops=0.1)[OFFICE]


def test_what_is_hardly_ever_a_place_is_not_excused() -> None:
    assert faults(office_prior=0.8)[OFFICE]

"""A case: all that was observed of one person at one site, ready to be explained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps

from models.columns import Floats, Integers
from models.devices import Device
from models.intensity import Intensity
from models.journey import Journey
from models.marks import Marks
from models.programs import Acting
from models.rhythm import Rhythm
from models.timeline import Timeline


@dataclass(frozen=True)
class Network:
    """Of which networks the site's use came, each share weighted by active hours."""

    kinds: Mapping[str | None, float]
    known_number: float  # share on networks that the person also uses elsewhere
    known_address: float  # share on IPs or blocks that the person also uses elsewhere
    jump_share: float  # share of the networks' other users who jump
    at_home: float  # share on network numbers in use in the person's usual country
    colleagues: int  # people established on the most shared of the addresses
    colleagues_passing: int  # people seen on the most used of the addresses, for however short
    alone: float  # share of the addresses that nobody else uses
    lasting: float  # how far the most lasting of the addresses is used for weeks, 0..1
    lasting_network: float  # the same of the networks
    colleagues_on_network: int  # people on the most used of the networks
    unsettled: float  # share of the most used network's other users who do not stay on it
    share_alone: float  # share of the networks' uses whose address nobody else uses
    new_to_company: bool  # no colleague uses any of the networks
    of_company: float  # share on networks that act for many of the company's people


@dataclass(frozen=True)
class Hidden:
    """The habit of private VPNs and the like, for days on end."""

    kinds: frozenset[str]  # of network that the person so uses at other sites; none: no habit
    colleagues: int  # who have it anywhere
    colleagues_in_country: int  # whose exits lie in the site's country
    new_number: float  # share of such colleagues whose network number nobody else so uses
    known_number: bool  # a colleague who has the habit has it on a number used here


@dataclass(frozen=True)
class Lines:
    """Whether the person's own lines elsewhere went on while the site was in use."""

    days: int  # on which the person is active elsewhere, from the site's first use to its last
    used: int  # of these, days on which one of the own lines is used
    usually: float  # share of the other days on which that is so


@dataclass(frozen=True)
class Times:
    """When the site was used, among the person's other use."""

    timeline: Timeline
    journeys: list[Journey | None]  # one a visit: between which stops it lies
    beside: list[float]  # hours a visit to the nearest use elsewhere in the country, on a trip
    # Working days' worth of use expected in each of the times with no use but the visits.
    silent_days: list[float]
    absent_hours: int  # active hours here that lie in silences too long to be a day's pause
    sequence: Integers  # rows of the company's presences: the site's and the anchors', in time
    anchors: int  # how many of them are anchors
    rhythm: Rhythm
    lines: Lines
    clock_shift: int  # hours by which the place's sun is ahead of the usual place's
    active_days: int
    # (24,): how much each hour of the day (UTC) is used: its share of each active day, summed
    weight_of_hours: Floats
    person_days: int  # days on which the person is active anywhere
    window_hours: float


@dataclass(frozen=True)
class Case:
    """One (person, site). Numbers leave the person out where they speak of colleagues."""

    person: int
    place: int  # the site's heaviest
    places: list[int]
    presences: Integers  # rows of the company's presences
    usual: int  # the person's heaviest other place
    km: float  # surely between the two
    times: Times
    intensity: float  # log of events an active hour here, less the same elsewhere
    honest_intensity: Intensity  # how that is in the company's other visits
    day_length: float  # log of active hours an active day here, less the same elsewhere
    honest_day_length: Intensity  # how that is in the company's other visits
    events: int
    failures: int
    sensitive: bool
    reputation: float
    honest_marks: Marks  # how often the company's visits bear such
    network: Network
    same_country: bool
    colleagues_in_country: int
    colleagues_near: int
    people: int
    travels: int
    hidden: Hidden
    flagged_elsewhere: bool  # another site of the person was flagged
    # Mean belief in an attack on the other users of one of its blocks, the greatest.
    campaign: float
    device: Device
    acting: Acting  # what programs do there that act for people
    # What was asked of it already, see `once`. A case that is made from this one asks anew.
    answers: dict[str, float] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def active_hours(self) -> int:
        return len(self.presences)

    @property
    def active_days(self) -> int:
        return self.times.active_days


def once(question: Callable[[Case], float]) -> Callable[[Case], float]:
    """Let a case keep the answer to what several explanations ask."""
    name = question.__name__

    @wraps(question)
    def answer(case: Case) -> float:
        if name not in case.answers:
            case.answers[name] = question(case)
        return case.answers[name]

    return answer

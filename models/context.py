"""What all cases share: the company, and what was learned of it."""

from dataclasses import dataclass

from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.devices import DeviceBook
from models.dwellings import Dwellings
from models.hiding import Hiding
from models.intensity import Intensity
from models.intensity import learned as learned_intensity
from models.learned import Learned
from models.marks import Marks
from models.marks import learned as learned_marks
from models.others import Others, settled_on_block
from models.own_lines import over_own_lines
from models.peers import Peers
from models.programs import Programs
from models.rhythm import company_rate, day_kinds
from models.stays import Stays
from models.telephones import over_telephones


@dataclass(frozen=True)
class Context:
    """What all cases share."""

    known: Company
    stays: Stays
    learned: Learned
    peers: Peers
    hiding: Hiding
    others: Others
    settled: Booleans  # an entry a cell: the person uses the address's block for days
    kinds_of_day: Integers
    company_rate: Floats  # (2, 24), see models/rhythm.py
    physical: Booleans  # an entry a presence
    doubt: Floats  # an entry a presence: chance that it does not show where the person is
    devices: DeviceBook
    mobile: Booleans  # an entry a presence: over a telephone's network
    intensity: Intensity  # events an active hour
    day_length: Intensity  # active hours an active day
    own_line: Booleans  # an entry a presence: over a line of the person's own
    marks: Marks  # of honest visits
    programs: Programs

    @classmethod
    def of(cls, known: Company, learned: Learned) -> "Context":
        telephones = over_telephones(known, learned)
        stays, programs = Stays.of(known), Programs(known)
        kinds = day_kinds(known.window.start, known.window.days)
        return cls(
            known,
            stays,
            learned,
            Peers(known, learned),
            Hiding(known, learned),
            Others.of(known, learned),
            settled_on_block(known, learned),
            kinds,
            company_rate(known, kinds),
            learned.physical[known.presences.address],
            learned.doubt[known.presences.address],
            DeviceBook(known, Dwellings.of(stays), programs.acts),
            telephones,
            *learned_intensity(known),
            over_own_lines(known, learned, telephones),
            learned_marks(known),
            programs,
        )

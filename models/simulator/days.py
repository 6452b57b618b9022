"""What one person does in a month, as sessions: work, commute, evenings, trips."""

import random
from collections.abc import Iterator
from datetime import date

from models.simulator import clock
from models.simulator.company import Company
from models.simulator.diary import BACKGROUND, LAPTOP, PHONE, SIGNED_IN, TOKEN, Diary, Session
from models.simulator.lines import DAY, Line
from models.simulator.people import Person
from models.simulator.travel import HOUR, Trip
from models.simulator.world import City

SECOND_HOME_SHARE = 0.5  # of weekends
SICK_SHARE = 0.02  # of working days
SESSION_LIVES_ON = 0.4  # of sessions, without another sign-in


class Month:
    """Writes the sessions of one person into the diary."""

    def __init__(self, company: Company, person: Person, diary: Diary, seed: str) -> None:
        self.company, self.person, self.diary = company, person, diary
        self.draw = random.Random(f"{seed}/days/{person.index}")
        self.away_weekends = {
            week for week in range(54) if self.draw.random() < SECOND_HOME_SHARE
        }  # fmt: skip

    def write(self) -> None:
        """Write the whole month: first at home, then each trip."""
        first, last = self.person.present
        for number in range(first, min(last, self.company.days)):
            for session in self._day(number, self.company.calendar[number]):
                if not any(
                    t.leaves < session.end and session.start < t.back for t in self.person.trips
                ):
                    self.diary.add(session)
        for trip in self.person.trips:
            for session in self._trip(trip):
                if first * DAY <= session.start and session.end <= last * DAY:
                    self.diary.add(session)

    def _at(
        self,
        start: float,
        hours: float,
        line: Line,
        device: int,
        weight: float,
        label: str = "",
        mode: int | None = None,
    ) -> Session:
        line, label = self._detour(line, device, label)
        return Session(
            person=self.person.index,
            start=start,
            end=start + max(0.05, hours) * HOUR,
            address=line.address(start, self.draw),
            device=device,
            weight=weight * self.person.rate,
            label=label,
            mode=mode if mode is not None else self._mode(),
        )

    def _mode(self) -> int:
        return TOKEN if self.draw.random() < SESSION_LIVES_ON else SIGNED_IN

    def _detour(self, line: Line, device: int, label: str) -> tuple[Line, str]:
        """Return the line that is really taken: some go through a VPN or a relay of their own."""
        person, draw = self.person, self.draw
        if person.private_vpn and draw.random() < 0.35 and line is not person.office.line:
            return draw.choice(person.private_vpn), "consumer_vpn"
        if person.relay and device == PHONE and draw.random() < 0.5:
            return person.relay, "private_relay"
        return line, label

    def _day(self, number: int, day: date) -> Iterator[Session]:
        city, home, label = self._residence(number, day)
        offset = clock.utc_offset(city.country, city.longitude, day)
        midnight = number * DAY - offset * HOUR
        rises = midnight + (self.person.rises + self.draw.gauss(0, 0.4)) * HOUR
        on_leave = self.person.leave[0] <= number < self.person.leave[1]
        if on_leave or (day.weekday() < 5 and self.draw.random() < SICK_SHARE):
            if self.draw.random() < 0.3:
                yield self._at(
                    rises + self.draw.uniform(1, 12) * HOUR, 0.3, home, PHONE, 0.1, label
                )
        elif day.weekday() >= 5:
            yield from self._day_off(rises + 1.5 * HOUR, home, label)
        else:
            yield from self._workday(rises, home, label)
        if self.person.strange_machines and self.draw.random() < 0.3:
            yield self._acted_for(midnight)

    def _residence(self, number: int, day: date) -> tuple[City, Line, str]:
        person = self.person
        weekend = day.weekday() >= 5
        if weekend and person.second_home and day.isocalendar().week in self.away_weekends:
            return *person.second_home, "second_home"
        if person.moves and number >= person.moves[0]:
            return person.moves[1], person.moves[2], "moved"
        peculiar = sorted(
            person.traits
            & {"home_misplaced", "home_misplaced_abroad", "prefix_moved", "remote_alone",
               "contractor", "border_commuter", "new_hire"}
        )  # fmt: skip
        return person.home_city, person.home, peculiar[0] if peculiar else ""

    def _day_off(self, rises: float, home: Line, label: str) -> Iterator[Session]:
        draw = self.draw
        for _ in range(draw.choice((0, 1, 1, 2, 3))):
            line, kind = (home, label) if draw.random() < 0.65 else (self.person.carrier, "mobile")
            start = rises + draw.uniform(0, 14) * HOUR
            yield self._at(start, draw.expovariate(2.0), line, PHONE, 0.08, kind)
        if draw.random() < 0.12:
            yield self._at(rises + draw.uniform(1, 9) * HOUR, 1.5, home, LAPTOP, 0.6, label)

    def _workday(self, rises: float, home: Line, label: str) -> Iterator[Session]:
        draw, person = self.draw, self.person
        in_office = draw.random() < person.office_days
        if draw.random() < 0.6:
            yield self._at(rises, 0.4, home, PHONE, 0.1, label)
        start = rises + draw.uniform(1.0, 2.2) * HOUR
        if in_office and draw.random() < 0.7:
            yield self._at(start - 0.8 * HOUR, 0.6, person.carrier, PHONE, 0.12, "mobile")
        for hours, pause in (
            (draw.uniform(2.5, 4.2), draw.uniform(0.4, 1.1)),
            (draw.uniform(3, 5), 0),
        ):
            if in_office:
                yield self._at(start, hours, person.office.line, LAPTOP, hours)
            else:
                yield from self._work_from_home(start, hours, home, label)
            if draw.random() < 0.35:
                line, kind = (person.carrier, "mobile") if in_office else (home, label)
                yield self._at(start + hours * HOUR, pause + 0.2, line, PHONE, 0.1, kind)
            start += (hours + pause) * HOUR
        if in_office and draw.random() < 0.6:
            yield self._at(start + 0.1 * HOUR, 0.7, person.carrier, PHONE, 0.12, "mobile")
        yield from self._evening(start + 1.5 * HOUR, home, label)

    def _work_from_home(
        self, start: float, hours: float, home: Line, label: str
    ) -> Iterator[Session]:
        draw, traits = self.draw, self.person.traits
        if "company_vpn" in traits and draw.random() < 0.7:
            split = draw.random() < 0.3  # only part of the traffic goes through the VPN
            yield self._at(start, hours, self.company.vpn, LAPTOP, hours * 0.8, "company_vpn")
            if split:
                yield self._at(start, hours, home, LAPTOP, hours * 0.4, label)
        elif "cloud_proxy" in traits:
            yield self._at(start, hours, self.company.proxy, LAPTOP, hours * 0.6, "cloud_proxy")
            yield self._at(start, hours, home, LAPTOP, hours * 0.5, label)
        else:
            yield self._at(start, hours, home, LAPTOP, hours, label)

    def _evening(self, start: float, home: Line, label: str) -> Iterator[Session]:
        draw = self.draw
        if draw.random() < 0.25:
            yield self._at(start, draw.uniform(0.5, 2), home, LAPTOP, 0.8, label)
        for _ in range(draw.choice((0, 1, 1, 2))):
            line, kind = (home, label) if draw.random() < 0.8 else (self.person.carrier, "mobile")
            yield self._at(start + draw.uniform(0, 4.5) * HOUR, 0.4, line, PHONE, 0.08, kind)
        if draw.random() < 0.2:  # a phone that syncs in the night
            yield self._at(start + 5 * HOUR, 4, home, PHONE, 0.08, label, BACKGROUND)

    def _acted_for(self, midnight: float) -> Session:
        machines = self.person.strange_machines
        assert machines is not None
        start = midnight + self.draw.uniform(0, 20) * HOUR
        return Session(
            person=self.person.index,
            start=start,
            end=start + 3 * HOUR,
            address=machines.address(start, self.draw),
            weight=0.15 * self.person.rate,
            label="provider_acts",
            mode=BACKGROUND,
            only="m365" if self.draw.random() < 0.7 else "google_workspace",
        )

    def _trip(self, trip: Trip) -> Iterator[Session]:
        draw, person = self.draw, self.person
        if draw.random() < 0.5:  # at the station or airport before leaving
            yield self._at(trip.leaves, 0.7, person.carrier, PHONE, 0.15, "mobile")
        for lands, goes_on, airport in trip.layovers:
            if draw.random() < 0.7:
                hours = (goes_on - lands) / HOUR - 0.4
                yield self._at(lands + 0.3 * HOUR, hours, airport, PHONE, 0.4, "layover")
        if trip.in_flight:
            for starts, ends in trip.flights:
                hours = (ends - starts) / HOUR
                line = self.company.in_flight
                yield self._at(starts, hours, line, LAPTOP, hours / 6, "in_flight")
        city = trip.city
        for number in range(int(trip.arrives // DAY), int(trip.returns // DAY) + 1):
            if 0 <= number < self.company.days:
                day = self.company.calendar[number]
                midnight = number * DAY - clock.utc_offset(city.country, city.longitude, day) * HOUR
                for session in self._day_away(trip, midnight, day):
                    if session.start >= trip.arrives and session.end <= trip.returns:
                        yield session

    def _day_away(self, trip: Trip, midnight: float, day: date) -> Iterator[Session]:
        draw, rises = self.draw, midnight + (self.person.rises + self.draw.gauss(0, 0.6)) * HOUR
        if not trip.holiday and day.weekday() < 5:
            for start in (rises + 1.5 * HOUR, rises + 6 * HOUR):
                hours = draw.uniform(1.0, 4.0)
                if "company_vpn" in self.person.traits and draw.random() < 0.5:
                    yield self._at(
                        start, hours, self.company.vpn, LAPTOP, hours * 0.7, "company_vpn"
                    )
                else:
                    yield self._at(start, hours, trip.stay, LAPTOP, hours * 0.7, trip.label)
        for _ in range(draw.choice((0, 1, 1, 2) if trip.holiday else (1, 2, 3))):
            line = trip.stay if draw.random() < 0.5 else trip.carrier
            kind = "roaming_home" if line is self.person.carrier else trip.label
            start = rises + draw.uniform(0, 15) * HOUR
            yield self._at(start, draw.expovariate(2.5), line, PHONE, 0.1, kind)

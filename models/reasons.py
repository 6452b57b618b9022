"""Why a (user, place) was flagged, in plain sentences with the numbers in them."""

from datetime import timedelta
from math import log

from models.context import Context
from models.devices import WHIFF, Device
from models.judge import Verdict
from models.learned import APART_LEAST_KM
from models.places import Places
from models.suspicion import SUSPECT_LEAST
from models.timeline import Way
from models.turnover import CHANCE_LEAST, NEW_VERSION
from models.user_agents import COMPUTER, TELEPHONE, TOOL
from models.weighed import weighed

AT_ONCE_HOURS = 1 / 60
MOSTLY = 0.9  # share of the events from which nothing is said of the others
DEVICE = {COMPUTER: "a browser", TELEPHONE: "a telephone", TOOL: "a program"}
KIND = {"vpn": "a VPN", "hosting": "a hosting provider", "relay": "a relay", "mobile": "a carrier"}


def reasons(context: Context, verdict: Verdict, place: int) -> list[str]:
    """Return the reasons, the weightiest first."""
    found = [
        *place_reasons(context, verdict, place),
        *time_reasons(context, verdict),
        *network_reasons(verdict),
        *device_reasons(verdict.case.device),
        *use_reasons(verdict),
        *other_reasons(verdict),
    ]
    return [*found, *weighed(verdict)]


def place_reasons(context: Context, verdict: Verdict, place: int) -> list[str]:
    """Say how rare the place is for the person and for the company."""
    case, places = verdict.case, context.known.places
    days = context.known.window.hours // 24
    country = places.country[place]
    home = places.country[case.usual]
    others = case.people - 1
    sentences = []
    if country != home:
        sentences.append(
            f"First access from {country} for this person in {days} days; usual is {home}"
        )
    else:
        sentences.append(f"Used from {places.name(place)}, {case.km:,.0f} km from the usual place")
    sentences.append(
        f"{case.colleagues_in_country} of {others} colleagues were in {country} in {days} days"
        if country != home
        else f"{case.colleagues_near} of {others} colleagues were near {places.name(place)} "
        f"in {days} days"
    )
    exits = sorted({places.name(other) for other in _apart(places, place, case.places)})
    if exits:
        sentences.append(f"Judged together with the other exits used: {'; '.join(exits)}")
    return sentences


def _apart(places: Places, place: int, others: list[int]) -> list[int]:
    far = places.apart_km(place, others) >= APART_LEAST_KM
    return [other for other, apart in zip(others, far.tolist(), strict=True) if apart]


def time_reasons(context: Context, verdict: Verdict) -> list[str]:
    """Say what the times of use elsewhere have against the person's being there."""
    case = verdict.case
    ways = case.times.timeline.ways
    if not ways:
        return ["No use far enough away, before or after, to compare it with"]
    fastest = case.times.timeline.fastest
    sentences = []
    if fastest is not None and not fastest.possible:
        sentences.append(way_sentence(context, verdict, fastest))
        impossible, every = len(case.times.timeline.impossible), len(ways)
        if impossible > 1:
            sentences.append(
                f"{impossible} of {every} ways between here and elsewhere were too long for "
                "the time there was"
            )
    crossing, hours = case.times.timeline.overlapping, case.times.timeline.hours
    if crossing:
        sentences.append(
            f"In {crossing} of {hours} active hours the account was in use elsewhere as well"
        )
    return sentences


def way_sentence(context: Context, verdict: Verdict, way: Way) -> str:
    """Tell one way: from where, how long before or after, how far, how fast."""
    known = context.known
    row = verdict.case.times.sequence[way.anchor]
    place = known.addresses.place[known.presences.address[row]]
    name = known.places.name(int(place))
    if way.hours < AT_ONCE_HOURS:
        return f"Used from {name} at the same time, at least {way.km:,.0f} km away"
    before = "earlier" if way.arriving else "later"
    return (
        f"Used from {name} {duration(way.hours)} {before}, at least {way.km:,.0f} km away "
        f"({way.kmh:,.0f} km/h)"
    )


def duration(hours: float) -> str:
    """Return a length of time as one reads it: 40 minutes, 5 hours, 3 days."""
    time = timedelta(hours=hours)
    if time < timedelta(hours=2):
        return f"{time.total_seconds() / 60:.0f} minutes"
    if time < timedelta(days=2):
        return f"{hours:.0f} hours"
    return f"{hours / 24:.0f} days"


def network_reasons(verdict: Verdict) -> list[str]:
    """Say what is odd about the network."""
    network = verdict.case.network
    sentences = []
    for kind, share in network.kinds.items():
        if kind in KIND and share > 0.5:
            sentences.append(f"Came through {KIND[kind]}")
    if network.new_to_company:
        sentences.append("Network never seen from a colleague")
    elif network.known_number == 0:
        sentences.append("Network new for this person")
    return sentences


def device_reasons(device: Device) -> list[str]:
    """Say whether what was used is the person's own, and how often honest people's is not.

    What is new to the person tells more than what is not, though that may be used more.
    """
    if not device.uses:
        return []
    new = [use for use in device.uses if (not use.own or use.updated) and use.share > WHIFF]
    if not new:
        return ["By a device such as the person's own"]
    most = max(new, key=lambda use: use.share)
    by = "By" if most.share > MOSTLY else f"{most.share:.0%} of it by"
    chance = device.chances[NEW_VERSION if most.own else most.kind]
    at_most = "at most " if chance <= CHANCE_LEAST else ""
    seldom = f"so is {at_most}1 in {1 / chance:,.0f} honest uses"
    if most.own:
        return [f"{by} a device such as the person's own, in a version that is not; {seldom}"]
    return [f"{by} {DEVICE[most.kind]} that is not the person's own; {seldom}"]


def use_reasons(verdict: Verdict) -> list[str]:
    """Say what is odd about the use itself."""
    case = verdict.case
    sentences = []
    if case.intensity > log(3):
        sentences.append(
            f"{2.718281828**case.intensity:.0f} times as many events an active hour as usual"
        )
    if case.failures >= 3:
        sentences.append(f"{case.failures} failed attempts from there")
    if case.sensitive:
        sentences.append("Sensitive activity among the events")
    if case.reputation >= 0.5:
        sentences.append("The address is on a list of known bad ones")
    return sentences


def other_reasons(verdict: Verdict) -> list[str]:
    """Say what was found beside this place: elsewhere in the account, on the same addresses."""
    case, sentences = verdict.case, []
    if case.flagged_elsewhere:
        sentences.append("Another place of this account looks like an attack's as well")
    if case.campaign >= SUSPECT_LEAST:
        sentences.append(
            "Others who used its block of addresses at about that time look attacked, with a "
            f"chance of {case.campaign:.0%}"
        )
    return sentences

"""Why a (user, place) was flagged, in plain sentences with the numbers in them."""

import numpy as np

from enrichment import sensitive
from models.active_hours import HOUR
from models.columns import Integers
from models.company import Company
from models.context import Context
from models.devices import WHIFF, Device, Use
from models.evidence import Evidence
from models.judge import Verdict
from models.linked import ALONE, Linked
from models.marks import FAILURES_LEAST, REPUTATION_LEAST
from models.reasons_of_network import network_reasons
from models.reasons_of_place import listed, place_reasons
from models.reasons_of_times import hour_reasons, time_reasons
from models.runs import among, distinct
from models.suspicion import SUSPECT_LEAST
from models.turnover import CHANCE_LEAST, NEW_VERSION
from models.user_agents import COMPUTER, TELEPHONE, TOOL
from models.weighed import weighed

MOSTLY = 0.9  # share of the events from which nothing is said of the others
OTHERS = "a device such as the person's own, in a version that is not"
DEVICE = {
    COMPUTER: "a browser that is not the person's own",
    TELEPHONE: "a telephone that is not the person's own",
    TOOL: "a program that is not the person's own",
    NEW_VERSION: OTHERS,
}
BUSY = 2.0  # times as busy as elsewhere, from which it is told
AGENTS, AGENT_LENGTH = 2, 140  # user agents that are named, and how much of each


def reasons(
    context: Context, verdict: Verdict, place: int, evidence: Evidence, linked: Linked = ALONE
) -> list[str]:
    """Return the reasons: where it was and what was flagged with it, then the weightiest first."""
    case, weight = verdict.case, verdict.difference()
    told = {
        "timing": time_reasons(context, verdict, place),
        "hours": hour_reasons(context, verdict),
        "network": network_reasons(context, verdict, linked),
        "device": [*device_reasons(case.device, case.events), *agent_reasons(evidence)],
        "volume": volume_reasons(context, verdict),
        "context": mark_reasons(verdict, evidence),
    }
    topics = sorted(told, key=lambda topic: -weight[topic])
    return [
        *place_reasons(context, verdict, place, linked),
        *other_reasons(verdict, linked),
        *(sentence for topic in topics for sentence in told[topic]),
        *weighed(verdict),
    ]


def device_reasons(device: Device, events: int) -> list[str]:
    """Say whether what was used is the person's own, and how often honest people's is not.

    What is new to the person tells more than what is not, though that may be used more. `events`:
    all that succeeded, of which some may not name a user agent.
    """
    if not device.uses:
        return []
    untold = ""
    if 0 < device.events < MOSTLY * events:
        untold = f"; {device.events:,.0f} of {events:,} events name a user agent"
    new = [use for use in device.uses if (not use.own or use.updated) and use.share > WHIFF]
    if not new:
        return [f"By a device such as the person's own{untold}"]
    share = sum(use.share for use in new)
    by = "By" if share > MOSTLY else f"{share:.0%} of it by"
    kinds = {_kind(use) for use in new}
    most = _kind(max(new, key=lambda use: use.share))
    what = DEVICE[most] if len(kinds) == 1 else f"what is new to the person, mostly {DEVICE[most]}"
    chance = device.chances[most]
    at_most = "at most " if chance <= CHANCE_LEAST else ""
    return [f"{by} {what}, as in {at_most}1 of {1 / chance:,.0f} honest visits{untold}"]


def _kind(use: Use) -> int:
    return NEW_VERSION if use.own else use.kind


def agent_reasons(evidence: Evidence) -> list[str]:
    """Name the user agents, the most used first."""
    named = [f"{_short(agent)} ({_events(number)})" for agent, number in evidence.agents]
    return [f"Named as user agent: {listed(named, AGENTS)}"] if named else []


def _short(agent: str) -> str:
    return agent if len(agent) <= AGENT_LENGTH else f"{agent[:AGENT_LENGTH]}…"


def _events(number: int) -> str:
    return "1 event" if number == 1 else f"{number:,} events"


def volume_reasons(context: Context, verdict: Verdict) -> list[str]:
    """Say so if the account was busier an hour by the clock than elsewhere.

    The explanations count each address's hours; who reads the events cannot.
    """
    known, case = context.known, verdict.case
    part = known.slice_of(case.person)
    rows = np.arange(part.start, part.stop)
    here = among(rows, case.presences)
    busy, usual = _an_hour(known, rows[here]), _an_hour(known, rows[~here])
    if case.intensity <= 0.0 or busy < BUSY * usual:
        return []
    times = _times(busy / usual)
    return [
        f"{_events(round(busy))} an hour with use, {times} as many as in the person's other use"
    ]


def _an_hour(known: Company, rows: Integers) -> float:
    hours = len(distinct(known.presences.first[rows] // HOUR))
    return float(known.presences.events[rows].sum()) / max(1, hours)


def _times(ratio: float) -> str:
    return f"{ratio:.0f} times" if ratio >= 10 else f"{ratio:.1f} times"


def mark_reasons(verdict: Verdict, evidence: Evidence) -> list[str]:
    """Say what was tried in vain, what was done that is sensitive, and what lists say."""
    case, sentences = verdict.case, []
    if case.failures >= FAILURES_LEAST:
        sentences.append(f"{case.failures:,} failed attempts from there")
    if case.sensitive:
        titles = {rule.id: rule.title for of in sensitive.rules().values() for rule in of}
        named = [
            f"{titles.get(rule, rule)} ({rule}, {_events(number)})"
            for rule, number in evidence.sensitive
        ]
        sentences.append(f"Sensitive activity: {listed(named) or 'at a place judged with it'}")
    if case.reputation >= REPUTATION_LEAST:
        lists = f": {listed(list(evidence.lists))}" if evidence.lists else ""
        sentences.append(f"The address is on a list of known bad ones{lists}")
    return sentences


def other_reasons(verdict: Verdict, linked: Linked = ALONE) -> list[str]:
    """Say what was found beside this place: elsewhere in the account, on the same addresses."""
    case, sentences = verdict.case, []
    if linked.places:
        sentences.append(f"Flagged as well of this account: {listed(list(linked.places))}")
    elif case.flagged_elsewhere:
        sentences.append("Another place of this account looks like an attack's as well")
    if linked.accounts:
        sentences.append(
            f"Flagged as well from the same block of addresses: {listed(list(linked.accounts))}"
        )
    elif case.campaign >= SUSPECT_LEAST:
        sentences.append(
            "Others who used its block of addresses at about that time look attacked, with a "
            f"chance of {case.campaign:.0%}"
        )
    return sentences

"""What the networks say for or against the use's being the person's: a sentence for an analyst."""

import numpy as np

from models.columns import Integers
from models.context import Context
from models.judge import Verdict
from models.linked import ALONE, Linked
from models.reasons_of_place import listed
from models.runs import distinct, tallied

NAMED = 3
MOSTLY = 0.5  # share of the active hours
KIND = {
    "vpn": "a VPN",
    "hosting": "a hosting provider",
    "relay": "a relay",
    "mobile": "a carrier",
    "corporate": "a company's network",
    "education": "a university's network",
}


def network_reasons(context: Context, verdict: Verdict, linked: Linked = ALONE) -> list[str]:
    """Say over which networks the use came, of what kind, and who else uses them.

    Not counted are accounts that are flagged on the same addresses.
    """
    case, addresses = verdict.case, context.known.addresses
    address = context.known.presences.address[case.presences]
    kinds = [
        KIND[kind] for kind, share in case.network.kinds.items() if kind in KIND and share > MOSTLY
    ]
    names = listed(_names(context, address), NAMED)
    through = f"Came through {kinds[0]}, {names}" if kinds else f"Came over {names}"
    numbers = distinct(addresses.asn[address])
    known = _who_else(context, verdict, numbers, linked) if (numbers >= 0).all() else []
    return ["; ".join([through, *known])]


def _names(context: Context, address: Integers) -> list[str]:
    """Return the names of the networks of presences' addresses, the most used first."""
    addresses = context.known.addresses
    used, weight = tallied(address)
    hours: dict[str, int] = {}
    for at, part in zip(used.tolist(), weight.tolist(), strict=True):
        name = name_of(addresses.organisation[at], int(addresses.asn[at]))
        hours[name] = hours.get(name, 0) + part
    return sorted(hours, key=lambda name: (-hours[name], name))


def name_of(organisation: str | None, number: int) -> str:
    """Return what an analyst calls a network."""
    if number < 0:
        return organisation or "an unknown network"
    return f"{organisation} (AS{number})" if organisation else f"AS{number}"


def _who_else(context: Context, verdict: Verdict, numbers: Integers, linked: Linked) -> list[str]:
    """Say whether colleagues use the networks, here or anywhere, and whether the person does."""
    case, network = verdict.case, verdict.case.network
    it = "it" if len(numbers) == 1 else "any of them"
    users = _users(context, numbers) - {case.person}
    everywhere = len(users - linked.people)
    if not everywhere:
        told = [f"no {'other ' if users else ''}colleague uses {it}"]
    elif network.new_to_company:
        country = context.known.places.country[case.place]
        do = "does" if everywhere == 1 else "do"
        told = [f"no colleague uses {it} in {country}, {everywhere:,} {do} elsewhere"]
    else:
        use = "colleague uses" if everywhere == 1 else "colleagues use"
        told = [f"{everywhere:,} {use} {it}"]
    if network.known_number == 0:
        told.append("new for this person")
    elif network.known_number > MOSTLY:
        told.append("the account uses it elsewhere, too")
    return told


def _users(context: Context, numbers: Integers) -> set[int]:
    """Return the people who use any network of such numbers, in whatever country."""
    learned = context.learned
    networks = distinct(learned.network[np.isin(context.known.addresses.asn, numbers)])
    users = learned.by_network.users
    return set(users[np.isin(users[:, 0], networks), 1].tolist())

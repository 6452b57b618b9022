"""Kinds of network, by what they say of who is behind an address; None: the kind is not known.

The kinds themselves are those of `enrichment/network_kind.py`.
"""

ACCESS = frozenset({None, "isp", "mobile"})  # lines and telephones: what a carrier may sell
LINES = frozenset({None, "isp"})
TELEPHONES = frozenset({"mobile"})
HIDING = frozenset({"vpn", "hosting", "relay"})  # whoever uses one may be anywhere
PROXIES = frozenset({"vpn", "relay"})  # what a company may send all its people through
RENTED = frozenset({"hosting"})  # machines on which programs run, and nobody sits

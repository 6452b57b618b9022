"""The kinds of attack, as data. `attacks.py` says how each word is carried out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which somebody else uses an account.

    `where`     far: another country, at least 2,000 km from all places of the owner;
                near: a neighbouring country, 150 to 900 km away; own_country: the owner's, at
                least 250 km away; office: a country in which the company has an office, but not
                the owner; colleague: the city in which a colleague lives alone.
    `through`   isp, mobile, hosting, vpn: one address; proxies: another address and country
                each time; several: a handful of addresses of one provider.
    `when`      once: within minutes; burst: within two hours; slow: over most of the month;
                alternating: in turns with the owner's sessions; away: while the owner is
                neither at work nor on a trip; after: once the owner has left the company.
                `active` in front (active_burst) lets it meet the owner at work.
    `events`    fewest and most, for each account.
    `victim`    any, traveller, new_hire, on_leave, leaver, engineer.
    """

    name: str
    where: str
    through: str
    when: str
    events: tuple[int, int]
    victim: str = "any"
    accounts: int = 1
    signs_in: bool = True
    failures: int = 0  # failed sign-ins from there before
    only: str = ""  # the one source in which it is seen


KINDS = (
    Kind("far_once", "far", "isp", "once", (1, 1)),
    Kind("far_burst", "far", "isp", "active_burst", (30, 80)),
    Kind("far_slow", "far", "isp", "slow", (12, 40)),
    Kind("far_mobile", "far", "mobile", "active_burst", (5, 20)),
    Kind("near_active", "near", "isp", "active_burst", (8, 25)),
    Kind("near_slow", "near", "isp", "slow", (10, 30)),
    Kind("own_country", "own_country", "isp", "active_burst", (8, 30)),
    Kind("office_country", "office", "isp", "active_burst", (8, 30)),
    Kind("colleague_city", "colleague", "isp", "active_burst", (6, 20)),
    Kind("hosting", "far", "hosting", "active_burst", (5, 30)),
    Kind("consumer_vpn", "far", "vpn", "burst", (5, 30)),
    Kind("residential_proxies", "far", "proxies", "slow", (8, 16)),
    Kind("on_traveller", "far", "isp", "active_burst", (6, 25), victim="traveller"),
    Kind("on_new_hire", "far", "isp", "active_burst", (6, 25), victim="new_hire"),
    Kind("on_leave", "far", "isp", "burst", (6, 25), victim="on_leave"),
    Kind("leaver", "far", "isp", "after", (4, 15), victim="leaver"),
    Kind("several_accounts", "far", "isp", "burst", (3, 10), accounts=3),
    Kind("session_token", "far", "several", "active_burst", (4, 20), signs_in=False),
    Kind("after_failures", "far", "isp", "burst", (4, 15), failures=12),
    Kind("warmed_up", "far", "isp", "slow", (6, 20), failures=25),
    Kind("alternating", "far", "isp", "alternating", (8, 24)),
    Kind("access_keys", "far", "hosting", "burst", (10, 60), victim="engineer",
         signs_in=False, only="cloudtrail"),
    Kind("while_away", "far", "isp", "away", (5, 25)),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}

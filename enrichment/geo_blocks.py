"""The address blocks of the geo databases in use, with where they are and whose.

Made for the small database that ships with Antipode, whose every block the simulator can draw
addresses from. The full databases have millions of blocks: do not list those.
"""

import ipaddress

import pyarrow as pa

from conf.settings import Settings
from enrichment import geo, network
from enrichment.geo_files import city_files
from enrichment.mmdb import Database

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def blocks(settings: Settings) -> pa.Table:
    """Return network (CIDR text) and the columns of `geo` and `network`, IPv4 first, in order."""
    found: list[Network] = []
    for path in city_files(settings):
        reader = Database(path).reader
        found += [block for block, _ in reader]
    found = sorted(set(found), key=lambda block: (block.version, block))
    addresses = [str(block.network_address) for block in found]
    places = geo.open(settings)(addresses)
    owners = network.open(settings)(addresses)
    table = pa.table({"network": [str(block) for block in found]})
    for part in (places.drop_columns(["database"]), owners):
        for name in part.column_names:
            table = table.append_column(name, part[name])
    return table

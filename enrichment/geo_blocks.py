"""The address blocks of the small geo database that ships, with where they are and whose.

The simulator draws its addresses from them. Where they are and whose is asked of the databases in
use, so that the simulator and the enrichment of what it made see the same places.
"""

import ipaddress

import maxminddb
import pyarrow as pa

from conf.settings import Settings
from enrichment import geo, network
from enrichment.geo_files import shipped_files

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def blocks(settings: Settings) -> pa.Table:
    """Return network (CIDR text) and the columns of `geo` and `network`, IPv4 first, in order."""
    (path,) = shipped_files("city")
    with maxminddb.open_database(str(path)) as reader:
        found: list[Network] = sorted(
            (network for network, _ in reader),
            key=lambda network: (network.version, network),
        )
    addresses = [str(each.network_address) for each in found]
    places = geo.open(settings)(addresses)
    owners = network.open(settings)(addresses)
    table = pa.table({"network": [str(each) for each in found]})
    for part in (places.drop_columns(["database"]), owners):
        for name in part.column_names:
            table = table.append_column(name, part[name])
    return table

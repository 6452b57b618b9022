"""The address blocks that a simulated world is made of.

They are those of the small database that ships with Antipode, each put where the databases in
use have it: what is simulated is seen by `antipode detect` as it was meant. Other databases
are not listed, for the full ones hold millions of blocks.
"""

from collections.abc import Iterator
from ipaddress import ip_network

from conf.settings import Settings
from enrichment import geo, geo_blocks, geo_files, network
from models.simulator.world import Block


def blocks(settings: Settings) -> Iterator[Block]:
    """Yield the shipped blocks; those that the databases in use do not place are left out."""
    (city,), (owner,) = geo_files.shipped_files("city"), geo_files.shipped_files("network")
    shipped = settings.model_copy(update={"geo_city_db": str(city), "geo_asn_db": str(owner)})
    networks = [ip_network(text) for text in geo_blocks.blocks(shipped)["network"].to_pylist()]
    addresses = [str(each.network_address) for each in networks]
    places = geo.open(settings)(addresses).to_pylist()
    owners = network.open(settings)(addresses).to_pylist()
    for each, place, owner in zip(networks, places, owners, strict=True):
        if place["country"] and place["latitude"] is not None:
            yield Block(
                first=int(each.network_address),
                last=int(each.broadcast_address),
                version=each.version,
                country=place["country"],
                region=place["region"] or "",
                city=place["city"] or "",
                latitude=place["latitude"],
                longitude=place["longitude"],
                number=owner["number"] or 0,
                organisation=owner["organisation"] or "",
                kind=owner["kind"] or "isp",
            )

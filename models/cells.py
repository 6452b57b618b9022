"""Events to cells: what each person did from each address, hour by hour.

    events -> (person, address, device, hour)  Spark
           -> (day, person, address) with its hours  the driver, see models/daily_use.py
           -> (person, address) with all hours of the window  see models/active_hours.py

The days in between are kept, and made again only when their events change (jobs/daily_use.py).

People, addresses and devices travel as 64-bit hashes, so that the shuffle carries numbers instead
of a dozen columns; three small dictionaries bring them back. The lists of hours are not made in
Spark, which would take as long for them as for all the rest. An *address* is an IP together with
where and in which network the databases of that day put it: when a database changes its mind, the
IP becomes two.

A failed event is no presence: it is only counted, for a person and address.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from models import daily_use
from models.active_hours import DAY, HOUR, SECOND_BITS, to_cells
from models.arrow import collect, sockets_left_open
from models.user_agents import device_id
from models.window import Window

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

ADDRESS = {
    "ip": "src_endpoint.ip",
    "country": "src_endpoint.location.country",
    "region": "src_endpoint.location.region",
    "city": "src_endpoint.location.city",
    "latitude": "src_endpoint.location.lat",
    "longitude": "src_endpoint.location.long",
    "asn": "src_endpoint.autonomous_system.number",
    "organisation": "src_endpoint.autonomous_system.name",
    "kind": "network.kind",
    "precision": "place.precision",
    "radius_km": "place.radius_km",
}
# What tells one address from another: an IP as the databases place it. Not which build said so, or
# each monthly update would double the addresses.
PLACED = ("ip", "city", "latitude", "longitude", "radius_km", "asn", "kind")
STATUS_FAILURE = 2
USER_SYSTEM = 3


@dataclass(frozen=True)
class Cells:
    """What leaves Spark: three Arrow tables.

    `cells`      person, address_id, refused, successes, failures, sensitive, reputation, hours
    `devices`    person, address_id, device_id, events: by what the successes were made
    `addresses`  address_id and the columns of ADDRESS
    """

    window: Window
    cells: pa.Table
    devices: pa.Table
    addresses: pa.Table


def refused() -> "Column":
    """Name the filter that keeps an event out of the cells, or null."""
    from pyspark.sql import functions as f

    return (
        f.when(f.coalesce(f.col("person"), f.lit("")) == "", "no_person")
        .when(f.col("actor.user.type_id") == USER_SYSTEM, "system_actor")
        .when(f.col("src_endpoint.ip").isNull(), "no_address")
        .when(f.col("src_endpoint.svc_name").isNotNull(), "provider_machine")
        .when(f.col("src_endpoint.location.country").isNull(), "no_place")
    )


def with_ids(events: "DataFrame", window: Window) -> "DataFrame":
    """Keep the window's events, flat: refused, person, the two ids, second, address columns."""
    from pyspark.sql import functions as f

    inside = (f.col("time") >= f.lit(window.start)) & (f.col("time") < f.lit(window.end))
    flat = events.where(inside).select(
        refused().alias("refused"),
        "person",
        (f.unix_timestamp("time") - int(window.start.timestamp())).alias("second"),
        (f.coalesce(f.col("status_id"), f.lit(0)) == STATUS_FAILURE).alias("failed"),
        (f.coalesce(f.size("sensitive"), f.lit(0)) > 0).alias("sensitive"),
        f.coalesce(f.array_max("reputation.weight"), f.lit(0.0)).alias("reputation"),
        "time",
        f.col("http_request.user_agent").alias("agent"),
        f.col("metadata.uid").alias("uid"),
        f.col("sensitive").alias("rules"),
        f.col("reputation.list").alias("lists"),
        "source",
        *(f.col(path).alias(name) for name, path in ADDRESS.items()),
    )
    kept = f.col("refused").isNull()
    return flat.withColumns(
        {
            "person": f.when(kept, f.col("person")),
            "person_id": f.when(kept, f.xxhash64("person")),
            "address_id": f.when(kept, f.xxhash64(*PLACED)),
        }
    )


def collect_cells(events: "DataFrame", window: Window) -> Cells:
    """Aggregate the window's events and bring the cells to the driver."""
    return cells_of(collect_use(events, window), window)


def collect_use(events: "DataFrame", window: Window) -> pa.Table:
    """Aggregate the window's events by day: columns of DAILY_USE, without tenant and made_from."""
    flat = with_ids(events, window)
    # Side by side: planning and compiling a query keeps one core busy, whatever its data.
    with sockets_left_open(), ThreadPoolExecutor(4) as pool:
        hours, people, addresses, agents = pool.map(
            collect, (by_hour(flat), by_person(events), by_address(flat), by_agent(flat))
        )
    return daily_use.by_day(with_devices(hours, agents), people, addresses, window.first_day)


def with_devices(hours: pa.Table, agents: pa.Table) -> pa.Table:
    """Put `device_id` in place of `agent_id`; `agents` as `by_agent` returns them."""
    at = hours.schema.get_field_index("agent_id")
    device = agents["device_id"].take(pc.index_in(hours["agent_id"], agents["agent_id"]))
    return hours.set_column(at, "device_id", device)


def cells_of(use: pa.Table, window: Window) -> Cells:
    """Put the days of a window together; `use` as `collect_use` returns it, in any order."""
    rows, people = daily_use.active_hours(use, window.first_day)
    cells, devices = to_cells(rows, people)
    addresses = daily_use.addresses(use, ("address_id", *ADDRESS))
    return Cells(window=window, cells=cells, devices=devices, addresses=addresses)


def by_person(events: "DataFrame") -> "DataFrame":
    """Return the people: person_id and person. It reads one column."""
    from pyspark.sql import functions as f

    named = events.where(f.col("person").isNotNull()).select("person").distinct()
    return named.select(f.xxhash64("person").alias("person_id"), "person")


def by_address(flat: "DataFrame") -> "DataFrame":
    """Return one row for each (day, address), with all that is known of it."""
    from pyspark.sql import functions as f

    kept = flat.where(f.col("refused").isNull())
    return kept.select(day().alias("day"), "address_id", *ADDRESS).distinct()


def day() -> "Column":
    """Return the day of the window, from 0."""
    from pyspark.sql import functions as f

    return (f.col("second") / DAY).cast("int")


def by_agent(flat: "DataFrame") -> "DataFrame":
    """Return the user agents, agent_id and device_id: few, and their digits take long to drop."""
    from pyspark.sql import functions as f

    named = flat.where(f.col("agent").isNotNull()).select("agent").distinct()
    device = device_id(f.col("agent")).alias("device_id")
    return named.select(f.xxhash64("agent").alias("agent_id"), device)


def by_hour(flat: "DataFrame") -> "DataFrame":
    """Return a row for each (person, address, agent, hour) of successes, one a day for failures.

    What is refused, and what failed, has neither hour nor agent, only its day.
    """
    from pyspark.sql import functions as f

    present = f.col("refused").isNull() & ~f.col("failed")
    keys = {
        "hour": f.when(present, (f.col("second") / HOUR).cast("int")).otherwise(-1 - day()),
        "agent_id": f.when(present & f.col("agent").isNotNull(), f.xxhash64("agent")),
    }
    return (
        flat.withColumns(keys)
        .groupBy("refused", "person_id", "address_id", "agent_id", "hour")
        .agg(
            f.count(f.lit(1)).cast("int").alias("events"),
            f.min("second").alias("first"),
            f.max("second").alias("last"),
            f.max(f.col("sensitive").cast("int")).alias("sensitive"),
            f.max("reputation").alias("reputation"),
        )
        .select(
            *("refused", "person_id", "address_id", "agent_id", "events"),
            *("sensitive", "reputation", packed_hour().alias("packed")),
        )
    )


def packed_hour() -> "Column":
    """Pack (hour of the window, first second, last second) into one long; without hour -1 - day."""
    from pyspark.sql import functions as f

    packed = f.col("hour").cast("long")
    for value in (f.col("first") % HOUR, f.col("last") % HOUR):
        packed = f.shiftleft(packed, SECOND_BITS).bitwiseOR(value.cast("long"))
    return f.when(f.col("hour") < 0, f.col("hour").cast("long")).otherwise(packed)

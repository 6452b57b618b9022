"""Which addresses each attack came from, as the events of a lake and the truth say."""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from models.cells import ADDRESS, PLACED, USER_SYSTEM, Cells
from models.company import Company
from models.truth import Truth

# What keeps an event out of the cells is no evidence of a place either; failed ones are.
SAME_ADDRESS = " AND ".join(f"{ADDRESS[n]} IS NOT DISTINCT FROM addresses.{n}" for n in PLACED)
USED = f"""
SELECT DISTINCT attack, events.person, addresses.address_id
FROM events
JOIN attacked ON attacked.uid = events.metadata.uid AND attacked.person = events.person
JOIN addresses ON {SAME_ADDRESS}
WHERE time >= $start AND time < $end
  AND src_endpoint.svc_name IS NULL
  AND actor.user.type_id IS DISTINCT FROM {USER_SYSTEM}
"""
ATTACKED = pa.schema({"attack": pa.string(), "person": pa.string(), "uid": pa.string()})
Attacks = Mapping[tuple[int, int], frozenset[str]]


def attacks_by_address(
    connection: duckdb.DuckDBPyConnection, cells: Cells, known: Company, truth: Sequence[Truth]
) -> Attacks:
    """Return the attacks that used each (person, address), both numbered as in `known`.

    `connection` has the view `events`; `cells` are what `known` was made of.
    """
    attacked = [
        {"attack": line.attack, "person": line.user, "uid": uid}
        for line in truth
        for uid in line.event_uids
    ]
    connection.register("attacked", pa.Table.from_pylist(attacked, ATTACKED))
    connection.register("addresses", cells.addresses)
    window = {"start": cells.window.start, "end": cells.window.end}
    person = {name: number for number, name in enumerate(known.people)}
    address = {number: at for at, number in enumerate(known.addresses.id.tolist())}
    found: dict[tuple[int, int], frozenset[str]] = {}
    for attack, name, number in connection.execute(USED, window).fetchall():
        key = person[name], address[number]
        found[key] = found.get(key, frozenset()) | {attack}
    return found

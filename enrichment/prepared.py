"""What became of records before anything of it is written: events, and records that became none.

Nothing in it depends on how the raw object is called: it may be made while that is being stored.
"""

from dataclasses import dataclass, field

import pyarrow as pa

from enrichment.quarantine import Refused
from enrichment.unwrapping import Inner
from schemas.event import EVENT

RAW_OBJECT = EVENT.get_field_index("raw_object")


@dataclass
class Prepared:
    """Events, the record of each event, and the refused; filled chunk by chunk."""

    events: list[pa.Table] = field(default_factory=list)
    ordinals: list[pa.Array] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    envelopes: list[list[Inner]] = field(default_factory=list)  # of lines that hold several
    read: int = 0

    def events_of(self, raw_object: str) -> pa.Table:
        """Return all events, as those of the raw object of that key."""
        if not self.events:
            return EVENT.empty_table()
        events = pa.concat_tables(self.events)
        key = pa.repeat(pa.scalar(raw_object), events.num_rows)
        return events.set_column(RAW_OBJECT, EVENT.field(RAW_OBJECT), key)

"""What a file in `schemas/sources/` holds: a model of the provider's record, and its mapping.

    class LogEvent(SourceModel):
        uuid: str | None = None
        published: str
        client: Client | None = None

    SOURCE = Source(
        model=LogEvent,
        product=("Okta System Log", "Okta"),
        columns={
            "metadata.uid": "uuid",
            "time": "utc(published)",
            "src_endpoint.ip": "client.ipAddress",
        },
    )

The keys of `columns` are dotted names of the standard event (`GIVEN` in schemas/mapping.py); the
values are SQL expressions (DuckDB) over the fields of the model, evaluated over a whole batch.
Beside the fields, `record_text` is the record as it came, and `record_hash(record_text)` its hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class SourceModel(BaseModel):
    """Base of the models: types are those of JSON and never converted, unknown fields pass."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


@dataclass(frozen=True)
class Source:
    """One version of one source.

    `model`     what the provider promises. A field without a default must be there and not null.
    `product`   (metadata.product.name, metadata.product.vendor_name).
    `columns`   dotted column of the standard event -> SQL expression over the model's fields.
    `accepts`   SQL predicate over the model's fields: is this record of this version? Versions are
                asked from the newest down; the first that accepts takes the record.
    `explode`   SQL expression of a list: one event for each element, called `item` in `columns`
                (`item_index`: its ordinal from 0). A record whose list is empty or null is
                one event with `item` null.
    `envelope`  the top-level keys under which the provider's answer holds the records.
    `replaces`  the released version that this one puts right. It gives the same records the same
                ids. Nothing is mapped any more by a version that is replaced.
    """

    model: type[SourceModel]
    product: tuple[str, str]
    columns: Mapping[str, str]
    accepts: str = "true"
    explode: str | None = None
    envelope: tuple[str, ...] = ()
    replaces: str | None = None

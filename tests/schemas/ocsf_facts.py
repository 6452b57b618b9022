"""The facts of OCSF 1.3.0 that our events are held to, and the check of an event against them.

`ocsf_1_3_0.json` holds, of the classes that events have and of the objects in them, the attributes
that the standard event has or that OCSF requires. It is derived by `derive` from the published
schema (Open Cybersecurity Schema Framework, Apache-2.0) and written by `python ocsf_facts.py FILE`.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from schemas.event import EVENT

FACTS = Path(__file__).with_name("ocsf_1_3_0.json")
CLASSES = ("authentication", "api_activity", "file_hosting")
# Columns of the standard event that are ours alone.
BESIDE_OCSF = frozenset(
    {
        *("tenant", "date", "source", "mapper", "raw_object", "person", "time_zone_assumed"),
        *("place", "network", "reputation", "sensitive"),
    }
)
ATTRIBUTION = (
    "Derived from the Open Cybersecurity Schema Framework, version 1.3.0 (github.com/ocsf/"
    "ocsf-schema), Apache License 2.0: names, types, requirements, enumerations and constraints."
)
PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "integer_t": (int,),
    "long_t": (int,),
    "port_t": (int,),
    "float_t": (float, int),
    "boolean_t": (bool,),
    "timestamp_t": (datetime,),
}


def derive(published: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that concern us out of the published schema."""
    ours = {field.name: field.type for field in EVENT if field.name not in BESIDE_OCSF}
    objects: dict[str, Any] = {}
    classes = {}
    for name in CLASSES:
        published_class = published["classes"][name]
        classes[name] = {
            "uid": published_class["uid"],
            "at_least_one": _at_least_one(published_class),
            "attributes": _attributes(published_class, ours, published, objects),
        }
    return {
        "attribution": ATTRIBUTION,
        "version": published["version"],
        "classes": classes,
        "objects": dict(sorted(objects.items())),
    }


def _at_least_one(holder: dict[str, Any]) -> list[str]:
    return sorted((holder.get("constraints") or {}).get("at_least_one", []))


def _attributes(
    holder: dict[str, Any],
    ours: dict[str, pa.DataType],
    published: dict[str, Any],
    objects: dict[str, Any],
) -> dict[str, Any]:
    kept = {}
    for name, attribute in sorted(holder["attributes"].items()):
        if name not in ours and attribute["requirement"] != "required":
            continue
        kept[name] = {
            key: attribute[key]
            for key in ("type", "requirement", "profile", "array")
            if attribute.get(key)
        }
        if "enum" in attribute:
            kept[name]["enum"] = sorted(attribute["enum"])
        if name in ours and attribute["type"] in published["objects"]:
            _add_object(attribute["type"], ours[name], published, objects)
    return kept


def _add_object(
    name: str, ours: pa.DataType, published: dict[str, Any], objects: dict[str, Any]
) -> None:
    struct = ours.value_type if pa.types.is_list(ours) else ours
    fields = {
        struct.field(index).name: struct.field(index).type for index in range(struct.num_fields)
    }
    holder = published["objects"][name]
    found = objects.setdefault(name, {"at_least_one": _at_least_one(holder), "attributes": {}})
    found["attributes"] |= _attributes(holder, fields, published, objects)


def faults(event: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    """Return what of OCSF an event breaks; `event` is a row of the standard event as a dict.

    A profile's attribute is required only of events that carry the profile: `cloud` is carried by
    those that say which cloud, `osint` by none. Attributes of other classes are not looked at: one
    table holds the events of all.
    """
    kind = next(
        (one for one in facts["classes"].values() if one["uid"] == event["class_uid"]), None
    )
    if kind is None:
        return [f"class_uid {event['class_uid']} is none of ours"]
    profiles = {"cloud"} if event["cloud"] else set()
    found = {name: value for name, value in _present(event).items() if name in kind["attributes"]}
    return list(_faults("", found, kind, facts, profiles))


def _present(value: dict[str, Any]) -> dict[str, Any]:
    return {name: inner for name, inner in value.items() if inner is not None}


def _faults(
    path: str,
    value: dict[str, Any],
    kind: dict[str, Any],
    facts: dict[str, Any],
    profiles: set[str],
) -> Iterator[str]:
    attributes = kind["attributes"]
    for name, attribute in attributes.items():
        carried = "profile" not in attribute or attribute["profile"] in profiles
        if attribute["requirement"] == "required" and carried and name not in value:
            yield f"{path}{name}: required"
    if kind["at_least_one"] and not set(kind["at_least_one"]) & set(value):
        yield f"{path}: at least one of {', '.join(kind['at_least_one'])}"
    for name, inner in value.items():
        if name not in attributes:
            yield f"{path}{name}: unknown to OCSF"
            continue
        items = inner if attributes[name].get("array") else [inner]
        for item in items:
            yield from _value_faults(f"{path}{name}", item, attributes[name], facts, profiles)


def _value_faults(
    path: str, value: Any, attribute: dict[str, Any], facts: dict[str, Any], profiles: set[str]
) -> Iterator[str]:
    if attribute["type"] in facts["objects"]:
        kind = facts["objects"][attribute["type"]]
        yield from _faults(f"{path}.", _present(value), kind, facts, profiles)
        return
    wanted = PYTHON_TYPES.get(attribute["type"], (str,))
    if type(value) not in wanted and not (datetime in wanted and isinstance(value, datetime)):
        yield f"{path}: {type(value).__name__} where {attribute['type']} is wanted"
    if "enum" in attribute and str(value) not in attribute["enum"]:
        yield f"{path}: {value} is not in the enumeration"


if __name__ == "__main__":
    text = json.dumps(derive(json.loads(Path(sys.argv[1]).read_text("utf-8"))), indent=1)
    FACTS.write_text(text + "\n", "utf-8")

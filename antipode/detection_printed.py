"""The report of `antipode detect` as lines for the eye.

What went on meanwhile, files skipped and warnings, the run itself has said.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from models.weighed import spoken

Report = Mapping[str, Any]
FILTERED = {
    "no_person_events": "events without a person",
    "system_actor_events": "events of system actors",
    "no_address_events": "events without an address",
    "provider_machine_events": "events of the provider's own machines",
    "no_place_events": "events from addresses without a place",
    "failed_events": "failed events, which show nobody's presence",
    "carrier_addresses": "addresses of carriers, of which the country alone counts",
    "placeless_addresses": "addresses that do not show where people are",
}


def lines(tenant: str, report: Report) -> Iterator[str]:
    """Yield the lines of one tenant."""
    quiet, back = report.get("quiet", 0), report.get("withdrawn", 0)
    yield (
        f"{tenant}: {report['flagged']} flagged in the {report['days']} days before "
        f"{report['as_of']}"
        + (f", {quiet:,} kept quiet by verdicts" if quiet else "")
        + (f", {back:,} of earlier runs withdrawn" if back else "")
    )
    yield (
        f"  looked at {report['people']:,} people, {report['addresses']:,} addresses, "
        f"{report['places']:,} places, {report['active_hours']:,} active hours; "
        f"{report['cases']:,} uses of other places than the usual one"
    )
    doubtful = [
        f"{number:,} {FILTERED.get(name, name.replace('_', ' '))}"
        for name, number in report["filtered"].items()
        if number
    ]
    if doubtful:
        yield f"  not taken at face value: {'; '.join(doubtful)}"
    best = sorted(report["explained"].items(), key=lambda each: -each[1])
    if best:
        told = [f"{spoken(name)} {number:,}" for name, number in best]
        yield f"  other than by an attack, explained best by: {'; '.join(told)}"
    if report["rarity"]:
        yield f"  as attacks are rare here, {report['rarity']:.2f} more in log-odds was asked"

"""Detection of the days up to a date; the table `health` has a row of each run."""

from datetime import timedelta

from jobs.dated import Work
from jobs.detect import known_tenants
from lake.lake import Lake


def arguments(work: Work) -> list[str]:
    """Return the words of the command."""
    after = work.day + timedelta(days=1)  # --as-of is the first day that is not looked at
    found = ["detect", "--lake", work.lake, "--days", str(work.days), "--as-of", after.isoformat()]
    return found + (["--tenant", work.tenant] if work.tenant else [])


def done(lake: Lake, work: Work) -> bool:
    """Return whether each tenant has a run that looked at these days.

    A tenant without events in them cannot have one, and is not waited for.
    """
    first = work.day - timedelta(days=work.days - 1)
    tenants = [work.tenant] if work.tenant else known_tenants(lake)
    events, runs = lake.table("events"), lake.table("health")
    for tenant in tenants:
        live = runs.files(tenant, work.day, work.day)
        looked = runs.arrow(("days",), live).column("days").to_pylist() if live else []
        if work.days not in looked and events.files(tenant, first, work.day):
            return False
    return True

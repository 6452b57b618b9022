"""The report of `antipode evaluate` as tables for the eye."""

from typing import Any

from rich.console import Console
from rich.table import Table

Report = dict[str, Any]


def show(report: Report, console: Console) -> None:
    """Print the totals, then how it went by kind of attack and by kind of noise."""
    for name, value in totals(report):
        console.print(f"{name}: {value}", markup=False)
    attacks = Table("attack", "planted", "found", "hours to flag (median)")
    for kind, found in report["by_kind"].items():
        hours = number(found["median_hours_to_flag"], 0)
        attacks.add_row(kind, str(found["attacks"]), str(found["found"]), hours)
    console.print(attacks)
    if report["by_noise"]:
        noise = Table("noise", "accounts", "false rows")
        for label, found in report["by_noise"].items():
            noise.add_row(label, str(found["accounts"]), str(found["false"]))
        console.print(noise)
    for line in report["missed"]:
        console.print(f"missed: {line}", markup=False)


def totals(report: Report) -> list[tuple[str, str]]:
    """Return what is said of all rows and attacks together, as (name, value)."""
    ranks = ", ".join(f"{share:.2f} of {k}" for k, share in report["precision_at"].items())
    hours = report["hours_to_flag"]
    lines = [
        ("companies", f"{report['companies']:,}"),
        ("users", f"{report['users']:,} ({report['user_days']:,} user-days)"),
        ("attacks found", f"{report['attacks_found']:,} of {report['attacks']:,}"),
        ("accounts found", f"{report['accounts_found']:,} of {report['accounts']:,}"),
        ("flagged", f"{report['flagged']:,} ({report['false']:,} false)"),
        ("false per 1,000 user-days", number(report["false_per_1000_user_days"], 3)),
        ("alerts per 1,000 users a day", number(report["alerts_per_1000_users_a_day"], 3)),
        ("precision", number(report["precision"], 3)),
        ("recall", number(report["recall"], 3)),
        ("average precision", number(report["average_precision"], 3)),
        ("precision at the first k", ranks or "–"),
        (
            "hours from an attack's first event to the end of the run that flagged it",
            f"{number(hours['median'], 0)} (median), {number(hours['longest'], 0)} at most",
        ),
    ]
    if "ever_flagged" in report:
        ever = report["ever_flagged"]
        lines.append(
            ("ever flagged, by any run", f"{ever['flagged']:,} ({ever['false']:,} false), "
             f"recall {number(ever['recall'], 3)}")
        )  # fmt: skip
    return lines


def number(value: float | None, digits: int) -> str:
    """Return a number as one reads it, a dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}"

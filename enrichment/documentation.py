"""The tables in `docs/` that are made from feeds and rules, so that they cannot fall behind.

    python -m enrichment.documentation docs

writes them anew between the marks `<!-- table: begin -->` and `<!-- table: end -->` of each page.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from enrichment import sensitive
from enrichment.feed import Feed, known

BEGIN = "<!-- table: begin -->\n"
END = "<!-- table: end -->\n"


def feeds_table() -> str:
    """Return the table of feeds, Markdown."""
    rows = ((feed.name, *_of_feed(feed)) for feed in known().values())
    return _table(("feed", "category", "weight", "at most every", "key", "terms"), rows)


def sensitive_table() -> str:
    """Return the tables of rules, one for each source, Markdown."""
    return "\n".join(
        f"### {source}\n\n"
        + _table(
            ("rule", "severity", "what happened", "ATT&CK"),
            (
                (f"[{rule.id}]({rule.reference})", rule.severity, rule.title, rule.technique)
                for rule in found
            ),
        )
        for source, found in sensitive.rules().items()
    )


PAGES: dict[str, Callable[[], str]] = {"feeds.md": feeds_table, "sensitive.md": sensitive_table}


def refreshed(page: str, table: str) -> str:
    """Return the page with `table` between its marks; raises ValueError where they are missing."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the page lacks the lines {BEGIN.strip()} and {END.strip()}")
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _of_feed(feed: Feed) -> tuple[str, ...]:
    hours = feed.least_interval.total_seconds() / 3600
    categories = ", ".join(feed.categories)
    return categories, f"{feed.weight}", f"{hours:g} h", feed.key_header or "–", feed.terms


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main(folder: Path) -> None:
    """Write every table anew."""
    for name, table in PAGES.items():
        path = folder / name
        path.write_text(refreshed(path.read_text(encoding="utf-8"), table()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The tables in `docs/` that are made from the code, so that they cannot fall behind.

    python -m antipode.documentation

writes those of sources, settings, feeds and rules anew, between the marks of each page.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from collectors import documentation as collectors_documentation
from conf.settings import Settings
from enrichment import documentation
from schemas import versions

DOCS = Path(__file__).parents[1] / "docs"


def sources_table() -> str:
    """Return the table of sources and their mappers, Markdown."""
    rows = []
    for source in versions.mappers():
        for mapper in reversed(versions.current(source)):
            loaded = versions.load(mapper)
            module = sys.modules[f"schemas.sources.{mapper}"]
            first_line = (module.__doc__ or "").strip().splitlines()[0].rstrip(".")
            envelope = ", ".join(f"`{key}`" for key in loaded.envelope) or "–"
            rows.append((f"`{source}`", f"`{mapper}`", loaded.product[0], first_line, envelope))
    return _table(("folder", "mapper", "product", "what it reads", "envelope"), rows)


def settings_table() -> str:
    """Return the table of settings, Markdown."""
    rows = [
        (f"`ANTIPODE_{name.upper()}`", field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return _table(("variable", "meaning"), rows)


PAGES: dict[str, Callable[[], str]] = {
    **documentation.PAGES,
    **collectors_documentation.PAGES,
    "data.md": sources_table,
    "operations.md": settings_table,
}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main() -> None:
    """Write every table anew."""
    for name, table in PAGES.items():
        page = DOCS / name
        text = page.read_text(encoding="utf-8")
        page.write_text(documentation.refreshed(text, table()), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The tables in `docs/` say what the code says."""

import re
from pathlib import Path

import pytest

from antipode import documentation
from enrichment.documentation import BEGIN, END, refreshed

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("page", sorted(documentation.PAGES))
def test_no_row_of_a_table_is_out_of_date(page: str) -> None:
    # A source added since the last release may be missing: to add one takes no edit elsewhere.
    written = rows((DOCS / page).read_text().split(BEGIN)[1].split(END)[0])
    assert len(written) > 5
    assert set(written) <= set(rows(documentation.PAGES[page]()))


def test_a_table_is_written_between_its_marks() -> None:
    page = f"before\n{BEGIN}old\n{END}after\n"
    assert refreshed(page, "| new |\n") == f"before\n{BEGIN}\n| new |\n\n{END}after\n"
    with pytest.raises(ValueError, match="lacks the lines"):
        refreshed("no marks", "| new |")


LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))], ids=str
)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"

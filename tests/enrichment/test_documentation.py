"""The tables in `docs/` say what the code says."""

from pathlib import Path

import pytest

from enrichment import documentation, sensitive
from enrichment.feed import known

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "table"), documentation.PAGES.items())
def test_a_page_is_as_it_would_be_written_now(name, table):
    page = (DOCS / name).read_text(encoding="utf-8")
    assert documentation.refreshed(page, table()) == page, (
        "renew it: python -m enrichment.documentation docs"
    )


def test_the_tables_name_every_feed_and_every_rule():
    assert all(f"| {name} |" in documentation.feeds_table() for name in known())
    ids = [rule.id for rules in sensitive.rules().values() for rule in rules]
    assert all(f"[{rule}](" in documentation.sensitive_table() for rule in ids)


def test_a_page_is_renewed_between_its_marks_only():
    page = f"before\n{documentation.BEGIN}old\n{documentation.END}after\n"
    renewed = documentation.refreshed(page, "new\n")
    assert renewed == f"before\n{documentation.BEGIN}\nnew\n\n{documentation.END}after\n"
    assert documentation.refreshed(renewed, "new\n") == renewed


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="lacks the lines"):
        documentation.refreshed("nothing here\n", "new\n")


def test_the_command_writes_every_page(tmp_path):
    for name in documentation.PAGES:
        (tmp_path / name).write_text(documentation.BEGIN + documentation.END)
    documentation.main(tmp_path)
    assert "tor_exits" in (tmp_path / "feeds.md").read_text()
    assert "okta.admin_granted" in (tmp_path / "sensitive.md").read_text()


def test_rules_that_the_page_names_exist():
    ids = {rule.id for rules in sensitive.rules().values() for rule in rules}
    text = (DOCS / "sensitive.md").read_text(encoding="utf-8").split(documentation.BEGIN)[0]
    named = {word.strip("`,;:()") for word in text.split() if word.count("`") >= 2 and "." in word}
    sources = set(sensitive.rules())
    assert {word for word in named if word.split(".")[0] in sources} <= ids

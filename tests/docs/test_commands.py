"""The commands that README and the pages of `docs/` show are run as they stand.

On a small company: one with its places, paths and ids put in for those of the text. Commands that
set the checkout up, bring data over the network or need S3 are checked by their help only.
"""

import re
import shlex
from pathlib import Path

import pytest

from antipode import cli
from antipode.anomaly_list import rows as flagged
from conf.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```sh\n(.*?)```|^((?:    antipode [^\n]*\n)+)", re.DOTALL | re.MULTILINE)
ONLY_HELP = (
    *("s3://", "geo update", "feeds update", "/var/log", "--provider", "demo", "--format rba"),
    "--accounts",
    "$TRIAL",  # tests/collectors/test_trial.py runs these
)


def commands() -> list[tuple[str, str]]:
    """Return (page, command) for each line that runs antipode."""
    found = []
    for page in PAGES:
        for fenced, indented in BLOCK.findall(page.read_text()):
            for line in (fenced or indented).replace("\\\n", " ").splitlines():
                line = line.strip().removeprefix(".venv/bin/")
                if line.startswith("antipode "):
                    found.append((page.name, line))
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `logs`, their truth and a `lake` in which something is flagged."""
    folder = tmp_path_factory.mktemp("commands")
    simulate = ["simulate", "--out", str(folder / "logs"), "--users", "60", "--events", "6000"]
    assert cli.run([*simulate, "--last-day", "2026-10-31", "--plan", "demo", "--seed", "3"]) == 0
    return folder


def test_the_pages_show_commands() -> None:
    assert len(commands()) >= 8
    assert {"README.md", "simulator.md", "operations.md"} <= {page for page, _ in commands()}


@pytest.mark.usefixtures("spark")
@pytest.mark.filterwarnings("ignore:unclosed.*socket:ResourceWarning")
def test_every_command_shown_runs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("ANTIPODE_DATA_DIR", str(place / "data"))
    first = "run --raw logs --lake lake --tenant acme --workers 1"
    assert cli.run(shlex.split(first)) == 0
    found = flagged(str(place / "lake"), Settings(), None, False)
    known = found[0]["id"] if found else None
    for page, command in commands():
        arguments = shlex.split(command)[1:]
        if any(part in command for part in ONLY_HELP):
            assert cli.run([arguments[0], "--help"]) == 0, f"{page}: {command}"
        elif "simulate" in arguments:
            assert cli.run([*arguments[:1], "--help"]) == 0, f"{page}: {command}"
        elif "ID" not in arguments or known:
            run = [known if part == "ID" else part for part in arguments]
            assert cli.run([str(part) for part in run]) == 0, f"{page}: {command}"

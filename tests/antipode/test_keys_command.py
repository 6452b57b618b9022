"""`antipode keys`: what a platform engineer does with the keys of a lake."""

import json
from pathlib import Path

import pytest

from antipode import cli


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ANTIPODE_ENCRYPTION", "local")
    monkeypatch.setenv("ANTIPODE_ENCRYPTION_KEYS", str(tmp_path / "keys"))
    return str(tmp_path / "lake")


def states(lake: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert cli.run(["keys", "list", "--lake", lake, "--json"]) == 0
    return [key["state"] for key in json.loads(capsys.readouterr().out)["keys"]]


def test_keys_are_listed_rotated_and_destroyed(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert states(lake, capsys) == []
    for expected in (["in use"], ["retired", "in use"]):
        assert cli.run(["keys", "rotate", "--lake", lake, "--tenant", "acme"]) == 0
        assert states(lake, capsys) == expected
    assert cli.run(["keys", "destroy", "--lake", lake, "--tenant", "acme", "--yes"]) == 0
    assert "is gone" in capsys.readouterr().out
    assert states(lake, capsys) == ["destroyed", "destroyed"]
    assert list((tmp_path / "keys").rglob("*.key")) == []


def test_nothing_is_destroyed_without_yes(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["keys", "rotate", "--lake", lake, "--tenant", "acme"]) == 0
    assert cli.run(["keys", "destroy", "--lake", lake, "--tenant", "acme"]) == 2
    assert "never be read again" in capsys.readouterr().err
    assert states(lake, capsys) == ["in use"]
    assert len(list((tmp_path / "keys").rglob("*.key"))) == 1


def test_no_command_shows_a_key(
    lake: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["keys", "rotate", "--lake", lake, "--tenant", "acme"]) == 0
    (file,) = (tmp_path / "keys").rglob("*.key")
    material = file.read_text().strip()
    assert cli.run(["keys", "list", "--lake", lake, "--json"]) == 0
    assert cli.run(["keys", "destroy", "--lake", lake, "--tenant", "acme", "--yes"]) == 0
    shown = capsys.readouterr()
    assert file.stem in shown.out
    assert material not in shown.out + shown.err

"""What is packed of a checkout: what is under version control, and of which commit."""

import subprocess
import zipfile
from pathlib import Path

import pytest
from made_packages import build, furnish

from conf.errors import AntipodeError
from jobs.cluster import checkout, code, package
from jobs.cluster.checkout import Checkout


def git(root: Path, *words: str) -> str:
    name = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")
    command = ["git", *name, "-c", "commit.gpgsign=false", "-C", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "conf").mkdir(parents=True)
    (root / "conf" / "reviewed.py").write_text("")
    git(root, "init", "--quiet")
    git(root, "add", "conf")
    git(root, "commit", "--quiet", "--message", "One file.")
    return root


def test_files_that_lie_about_are_none_of_it(root: Path) -> None:
    (root / "conf" / "notes.txt").write_text("not for a cluster")
    found = checkout.found(root)
    assert found == Checkout(frozenset({"conf/reviewed.py"}), git(root, "rev-parse", "HEAD"))


def test_a_changed_file_is_told_beside_the_commit(root: Path) -> None:
    (root / "conf" / "reviewed.py").write_text("changed = True\n")
    found = checkout.found(root)
    assert found is not None
    assert found.commit == f"{git(root, 'rev-parse', 'HEAD')}+changes"


def test_code_that_was_installed_is_in_no_checkout(tmp_path: Path) -> None:
    assert checkout.found(tmp_path) is None


def test_a_checkout_that_git_cannot_read_is_an_error_and_not_packed_as_it_lies(
    tmp_path: Path,
) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(AntipodeError, match="git cannot say what is under version control"):
        checkout.found(tmp_path)


def test_the_code_archive_holds_what_is_under_version_control(tmp_path: Path) -> None:
    found = code.checkout()
    assert found is not None
    left_out = Checkout(found.files - {"conf/errors.py"}, found.commit)
    code.write(tmp_path / "code.zip", left_out)
    names = set(zipfile.ZipFile(tmp_path / "code.zip").namelist())
    assert "conf/settings.py" in names
    assert "conf/errors.py" not in names
    assert {name for name in names if ".dist-info" not in name} <= found.files


class TestPackage:
    def test_it_names_the_commit_it_was_first_made_from(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "house").mkdir()
        house = furnish(tmp_path / "house")
        found = code.checkout()
        assert found is not None
        commits = iter(["first", "second"])
        monkeypatch.setattr(code, "checkout", lambda: Checkout(found.files, next(commits)))
        made = [build(house, tmp_path / "out") for _ in range(2)]
        assert [each.new for each in made] == [True, False]
        assert [each.content["commit"] for each in made] == ["first", "first"]
        assert (Path(made[0].place) / package.CONTENT).is_file()

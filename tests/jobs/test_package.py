"""The package of a cluster: what is in it, the same bytes every time, and whom it refuses."""

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import made_wheels
import pytest
from made_packages import SPARK_4, build, furnish

from antipode import cli
from conf.errors import Damaged
from jobs.cluster import environment, package

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def packed(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(build(house, tmp_path_factory.mktemp("packed")).place)


@pytest.fixture(scope="module")
def node(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as YARN makes it for a container: the archive unpacked, the code beside it."""
    folder = tmp_path_factory.mktemp("node")
    with tarfile.open(packed / package.ENVIRONMENT) as archive:
        archive.extractall(folder / "environment", filter="data")
    for name in (package.CODE, package.MAIN):
        (folder / name).write_bytes((packed / name).read_bytes())
    return folder


def on_node(
    node: Path, *arguments: str, python: str = sys.executable
) -> "subprocess.CompletedProcess[str]":
    variables = {"PATH": "/usr/bin:/bin", "ANTIPODE_PYTHON": python}
    variables["PYTHONPATH"] = str(node / package.CODE)
    command = ["environment/bin/python", *arguments]
    return subprocess.run(command, cwd=node, env=variables, capture_output=True, text=True)


class TestEnvironmentArchive:
    def test_it_holds_the_wheels_of_the_target_and_neither_spark_nor_scripts(
        self, packed: Path
    ) -> None:
        with tarfile.open(packed / package.ENVIRONMENT) as archive:
            names = archive.getnames()
        assert {"bin/python", "lib/plain.py", "lib/moved.py", "lib/native.py"} <= set(names)
        assert [name for name in names if "spark" in name or "scripts" in name] == []
        assert [name for name in names if not name.startswith("lib/")] == ["bin/python"]

    def test_it_holds_no_link_and_no_path_of_this_machine(self, packed: Path) -> None:
        with tarfile.open(packed / package.ENVIRONMENT) as archive:
            entries = archive.getmembers()
            content = [file.read() for file in map(archive.extractfile, entries) if file]
        assert all(entry.isreg() and not entry.name.startswith("/") for entry in entries)
        text = b"".join(content)
        assert [path for path in (str(ROOT), sys.prefix) if path.encode() in text] == []

    def test_its_python_is_that_of_the_node_with_the_libraries(self, node: Path) -> None:
        said = on_node(
            node, "-c", "import native, plain, sys; print(native.VERSION, plain.__file__)"
        )
        assert said.stdout.split() == ["2.0", str(node / "environment" / "lib" / "plain.py")]

    def test_arguments_with_spaces_reach_python_whole(self, node: Path) -> None:
        said = on_node(node, "-c", "import sys; print(sys.argv[1:])", "a b", "$c")
        assert said.stdout.strip() == "['a b', '$c']"

    def test_a_node_without_that_python_says_which_one_is_missing(self, node: Path) -> None:
        said = on_node(node, "-c", "pass", python="python9.9")
        assert said.returncode == 127
        assert "no python9.9" in said.stderr

    def test_a_wheel_that_leads_out_of_the_archive_is_refused(self, tmp_path: Path) -> None:
        evil = made_wheels.make(tmp_path, "evil", "1.0", **{"..__outside.py": ""})
        with pytest.raises(Damaged, match=r"evil.*outside"):
            environment.write(tmp_path / "archive", [evil.path], SPARK_4)

    def test_two_wheels_with_one_file_of_two_contents_are_refused(self, tmp_path: Path) -> None:
        one = made_wheels.make(tmp_path, "one", "1.0", **{"both.py": "1"})
        two = made_wheels.make(tmp_path, "two", "1.0", **{"both.py": "2"})
        with pytest.raises(Damaged, match=r"both\.py is also in another wheel"):
            environment.write(tmp_path / "archive", [one.path, two.path], SPARK_4)


class TestCodeArchive:
    def test_it_holds_every_package_with_its_data(self, packed: Path) -> None:
        with zipfile.ZipFile(packed / package.CODE) as archive:
            names = set(archive.namelist())
        data = {"enrichment/data/city.mmdb", "conf/celery/workers.toml", "jobs/log4j2.properties"}
        assert data | {"antipode/commands/detect.py", "models/members/kmeans.py"} <= names
        assert [name for name in names if "__pycache__" in name or name.startswith("tests/")] == []

    def test_code_runs_out_of_it_and_finds_its_data_plug_ins_and_version(self, node: Path) -> None:
        # The libraries of this environment stand in for those that the made-up wheels are not.
        libraries = next(path for path in sys.path if path.endswith("site-packages"))
        program = f"""
import sys; sys.path.append({libraries!r})
from importlib.metadata import distribution
from antipode import cli, commands
from conf import plugins
from enrichment import geo
from models import members
from conf.settings import Settings
from pathlib import Path
place = geo.open(Settings(data_dir=Path("none")))(["8.8.8.8"])
print(cli.__file__, distribution("antipode")._path, place.num_rows)
print("detect" in plugins.names(commands), "kmeans" in plugins.names(members))
"""
        said = on_node(node, "-c", program)
        code = str(node / package.CODE)
        first, second = said.stdout.splitlines() or [said.stderr, ""]
        assert first.startswith(f"{code}/antipode/cli.py {code}/antipode-"), said.stderr
        assert (first.split()[-1], second) == ("1", "True True")


class TestReproducibly:
    def test_made_twice_all_bytes_and_so_the_folder_are_the_same(
        self, house: Path, packed: Path, tmp_path: Path
    ) -> None:
        again = build(house, tmp_path)
        assert Path(again.place).name == packed.name
        for name in (package.MAIN, package.CODE, package.ENVIRONMENT, package.CONTENT):
            assert (Path(again.place) / name).read_bytes() == (packed / name).read_bytes()

    def test_one_that_is_there_is_left_alone(self, house: Path, packed: Path) -> None:
        before = (packed / package.ENVIRONMENT).stat().st_mtime_ns
        again = build(house, packed.parent)
        assert (again.new, Path(again.place)) == (False, packed)
        assert (packed / package.ENVIRONMENT).stat().st_mtime_ns == before

    def test_times_owners_and_modes_of_this_machine_are_not_in_it(self, packed: Path) -> None:
        with tarfile.open(packed / package.ENVIRONMENT) as archive:
            entries = archive.getmembers()
        assert {(entry.mtime, entry.uid, entry.gid, entry.uname) for entry in entries} == {
            (0, 0, 0, "")
        }
        assert [entry.name for entry in entries] == sorted(entry.name for entry in entries)
        with zipfile.ZipFile(packed / package.CODE) as code:
            assert {entry.date_time for entry in code.infolist()} == {(1980, 1, 1, 0, 0, 0)}


class TestCommand:
    def test_it_states_content_and_sizes(
        self, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["--requirements", str(house / "lock.txt"), "--wheelhouse", str(house)]
        assert cli.run(["package", *given, "--to", str(tmp_path), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        kept = json.loads((Path(found["place"]) / package.CONTENT).read_text())
        assert {key: found[key] for key in kept} == kept
        file = found["files"][package.ENVIRONMENT]
        assert file["libraries"] == {"native": "2.0", "plain": "1.0"}
        assert file["bytes"] == (Path(found["place"]) / package.ENVIRONMENT).stat().st_size
        assert found["files"][package.CODE]["packages"]["models"] > 50

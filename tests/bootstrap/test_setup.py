"""`bootstrap/setup.sh`, run on a small project made up for it: nothing comes from the network."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / "bootstrap" / "setup.sh"

# A build backend that needs nothing installed: it makes the wheel of an editable project by hand.
BACKEND = """
import zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "sample-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        wheel.writestr("sample_installed.py", "")
        wheel.writestr("sample-1.0.dist-info/METADATA",
                       "Metadata-Version: 2.1\\nName: sample\\nVersion: 1.0\\n")
        wheel.writestr("sample-1.0.dist-info/WHEEL",
                       "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("sample-1.0.dist-info/RECORD", "")
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
# What the set-up runs to have Spark's classes archived: this one only writes the file.
ARCHIVE = """
import os, sys
archive = os.environ.get("ANTIPODE_MAKE_CLASS_ARCHIVE")
if archive:
    open(archive, "w").close()
else:
    print(sys.prefix + "/share/classes.jsa")
"""


def wheel(folder: Path, name: str) -> str:
    """Make a wheel holding one empty module, and return the line that requires it by its hash."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "")
        info = f"{name}-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one dependency that lies beside it, with the real set-up script."""
    root = tmp_path / "project"
    for folder in ("bootstrap", "jobs", "requirements", "wheels"):
        (root / folder).mkdir(parents=True)
    shutil.copy(SETUP, root / "bootstrap")
    (root / "backend.py").write_text(BACKEND)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "jobs" / "class_archive.py").write_text(ARCHIVE)
    (root / "requirements" / "dev.txt").write_text(
        f"--no-index\n--find-links {root}/wheels\n" + wheel(root / "wheels", "first_dependency")
    )
    return root


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder to be the whole PATH: this Python, a new enough Java, RabbitMQ, and small tools."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("bash", "cat", "cut", "dirname", "head", "mkdir", "mv", "rm", "sed", "sha256sum"):
        (folder / name).symlink_to(str(shutil.which(name)))
    program(folder, "python3", f'exec "{Path(sys.executable).resolve()}" "$@"')
    program(folder, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    program(folder, "rabbitmq-server", "exit 1")
    program(folder, "id", "echo 1000")
    return folder


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def set_up(project: Path, programs: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": str(programs),
        "HOME": str(project),
        "LANG": os.environ.get("LANG", "C"),
        "ANTIPODE_TEST_RABBITMQ": str(programs / "rabbitmq-server"),
    }
    return subprocess.run(
        [str(project / "bootstrap" / "setup.sh"), *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def contents(folder: Path) -> dict[str, int]:
    """Every file below `folder`, with when it was last written."""
    return {str(path): path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}


def installed(project: Path) -> set[str]:
    (packages,) = (project / ".venv" / "lib").glob("python*/site-packages")
    return {path.stem for path in packages.glob("*.py")}


class TestSetUp:
    @pytest.fixture
    def first(self, project: Path, programs: Path) -> Path:
        done = set_up(project, programs)
        assert done.returncode == 0, done.stderr
        return project

    def test_installs_the_locked_dependencies_and_the_project(self, first: Path) -> None:
        assert {"first_dependency", "sample_installed"} <= installed(first)

    def test_spark_s_classes_are_archived(self, first: Path) -> None:
        assert (first / ".venv" / "share" / "classes.jsa").exists()

    def test_does_without_the_archive_where_java_makes_none(
        self, project: Path, programs: Path
    ) -> None:
        (project / "jobs" / "class_archive.py").write_text("print('share/classes.jsa')")
        done = set_up(project, programs)
        assert done.returncode == 0, done.stderr
        assert "Spark will start more slowly" in done.stdout

    def test_the_second_time_writes_and_says_nothing(self, first: Path, programs: Path) -> None:
        before = contents(first)
        again = set_up(first, programs)
        assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
        assert contents(first) == before

    def test_a_changed_lock_installs_what_is_new(self, first: Path, programs: Path) -> None:
        with (first / "requirements" / "dev.txt").open("a") as lock:
            lock.write(wheel(first / "wheels", "second_dependency"))
        assert set_up(first, programs).returncode == 0
        assert "second_dependency" in installed(first)

    def test_a_set_up_that_failed_half_way_is_no_set_up(self, first: Path, programs: Path) -> None:
        lock = first / "requirements" / "dev.txt"
        good = lock.read_text()
        wrong_hash = wheel(first / "wheels", "second_dependency")[:-5] + "0000\n"
        lock.write_text(good + wrong_hash)
        assert set_up(first, programs).returncode != 0
        assert "second_dependency" not in installed(first)
        lock.write_text(good)
        assert "done" in set_up(first, programs).stdout


class TestWhatIsMissing:
    def test_no_java_and_no_right_to_install_names_the_package(
        self, project: Path, programs: Path
    ) -> None:
        asked = project / "asked"
        (programs / "java").unlink()
        program(programs, "apt-get", f'echo "$*" >> "{asked}"')
        done = set_up(project, programs)
        assert done.returncode == 1
        assert "Java 17 or newer" in done.stderr
        assert "apt-get install openjdk-17-jre-headless" in done.stderr
        assert not asked.exists()
        assert not (project / ".venv").exists()

    def test_a_java_too_old_counts_as_missing(self, project: Path, programs: Path) -> None:
        program(programs, "java", "echo 'openjdk version \"11.0.22\"' >&2")
        done = set_up(project, programs)
        assert done.returncode == 1
        assert "openjdk-17-jre-headless" in done.stderr

    def test_no_rabbitmq_and_no_right_to_install_names_the_package(
        self, project: Path, programs: Path
    ) -> None:
        (programs / "rabbitmq-server").unlink()
        done = set_up(project, programs, "--broker")
        assert done.returncode == 1
        assert "apt-get install rabbitmq-server" in done.stderr
        assert not (project / ".venv").exists()

    def test_rabbitmq_is_asked_for_by_the_tests_only(self, project: Path, programs: Path) -> None:
        (programs / "rabbitmq-server").unlink()
        assert set_up(project, programs).returncode == 0
        assert set_up(project, programs, "--broker").returncode == 1

    def test_maven_is_asked_for_by_the_tests_on_a_cluster_only(
        self, project: Path, programs: Path
    ) -> None:
        done = set_up(project, programs, "--cluster")
        assert done.returncode == 1
        assert "apt-get install maven" in done.stderr
        assert set_up(project, programs, "--broker").returncode == 0
        program(programs, "mvn", "exit 1")
        assert set_up(project, programs, "--broker", "--cluster").returncode == 0

    def test_a_python_without_ensurepip_names_its_package(
        self, project: Path, programs: Path
    ) -> None:
        python = Path(sys.executable).resolve()
        refusal = 'if [[ "$*" == *ensurepip* ]]; then exit 1; fi'
        program(programs, "python3", f'{refusal}\nexec "{python}" "$@"')
        done = set_up(project, programs)
        assert done.returncode == 1
        assert "apt-get install python3-venv" in done.stderr

    def test_no_suitable_python_is_said(self, project: Path, programs: Path) -> None:
        program(programs, "python3", "exit 1")
        done = set_up(project, programs)
        assert done.returncode == 1
        assert "no Python 3.11, 3.12 or 3.13" in done.stderr

    def test_root_installs_what_is_missing_through_apt(
        self, project: Path, programs: Path, tmp_path: Path
    ) -> None:
        asked = tmp_path / "asked"
        (programs / "java").rename(tmp_path / "java")
        (programs / "rabbitmq-server").rename(tmp_path / "rabbitmq-server")
        program(programs, "id", "echo 0")
        program(programs, "apt-cache", "[[ $2 == openjdk-21-jre-headless ]]")
        (programs / "env").symlink_to(str(shutil.which("env")))
        (programs / "cp").symlink_to(str(shutil.which("cp")))
        brought = f"{tmp_path}/java {tmp_path}/rabbitmq-server"
        brings = f"[[ $* == *install* ]] && cp {brought} {programs}"
        program(programs, "apt-get", f'echo "$*" >> "{asked}"\n{brings} || true')
        for name in ("systemctl", "invoke-rc.d", "update-rc.d"):
            program(programs, name, f'echo "$*" >> "{tmp_path}/told"')
        done = set_up(project, programs, "--broker")
        assert done.returncode == 0, done.stderr
        update, install = asked.read_text().splitlines()
        assert update.startswith("update")
        assert install.endswith("openjdk-21-jre-headless rabbitmq-server")
        # Debian starts what it installs: it is told not to.
        assert "rabbitmq-server" in (tmp_path / "told").read_text()

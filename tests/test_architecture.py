"""The tree keeps its shape; and each rule, shown a tree that breaks it, says so."""

import hashlib
import subprocess
import sys
from pathlib import Path

import architecture
import pytest

ROOT = Path(__file__).parents[1]

# Longer than 250 lines on purpose, each with its reason.
LONG_FILES: dict[str, str] = {}


def tracked() -> list[str]:
    """Names of the files under version control, as far as they are still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


class TestDirectionOfImports:
    def test_every_package_imports_only_what_lies_below_it(self) -> None:
        assert architecture.wrong_directions(ROOT) == []

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("conf/settings.py", "import schemas"),
            ("lake/tables.py", "def f():\n    from enrichment.geo import open"),
            ("models/cells.py", "import serving.api"),
            ("serving/api.py", "from models import cells"),
            ("jobs/detect.py", "from antipode import cli"),
        ],
    )
    def test_an_import_upwards_or_sideways_is_found(
        self, tmp_path: Path, name: str, text: str
    ) -> None:
        write(tmp_path, name, text)
        assert len(architecture.wrong_directions(tmp_path)) == 1

    def test_an_import_downwards_is_none(self, tmp_path: Path) -> None:
        write(tmp_path, "jobs/detect.py", "import models.cells\nfrom conf import settings\n")
        assert architecture.wrong_directions(tmp_path) == []


class TestPlaceOfLibraries:
    def test_celery_gevent_and_spark_stay_where_they_belong(self) -> None:
        assert architecture.misplaced_libraries(ROOT) == []

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("enrichment/ingest.py", "import celery"),
            ("jobs/normalize.py", "from gevent import monkey"),
            ("antipode/frames.py", "def f():\n    import pyspark.sql"),
            ("models/simulator/people.py", "import pyspark"),
        ],
    )
    def test_one_elsewhere_is_found(self, tmp_path: Path, name: str, text: str) -> None:
        write(tmp_path, name, text)
        assert len(architecture.misplaced_libraries(tmp_path)) == 1

    def test_spark_in_models_and_jobs_is_at_home(self, tmp_path: Path) -> None:
        write(tmp_path, "models/members/kmeans.py", "from pyspark.ml import clustering")
        write(tmp_path, "jobs/runner.py", "import pyspark")
        assert architecture.misplaced_libraries(tmp_path) == []

    @pytest.mark.parametrize("module", ["antipode", "antipode.cli"])
    def test_importing_the_face_does_not_import_spark(self, module: str) -> None:
        heavy = "{'pyspark', 'pandas', 'duckdb', 'deltalake', 'pyarrow', 'boto3'}"
        code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


class TestNamesOfPackages:
    def test_no_installed_distribution_has_one_of_them(self) -> None:
        installed = architecture.installed_packages()
        assert len(installed) > 20
        assert architecture.shadowed_packages(installed, own="antipode") == []

    def test_one_that_has_is_found(self) -> None:
        installed = {"models": ["antipode", "another-project"], "rich": ["rich"]}
        (found,) = architecture.shadowed_packages(installed, own="antipode")
        assert "another-project" in found


class TestSmallRooms:
    def test_no_file_is_longer_than_250_lines(self) -> None:
        assert architecture.long_files(ROOT, LONG_FILES) == []

    def test_no_function_is_longer_than_50_lines(self) -> None:
        assert architecture.long_functions(ROOT) == []

    def test_every_exception_is_still_needed(self) -> None:
        needed = {line.split(":")[0] for line in architecture.long_files(ROOT, {})}
        assert set(LONG_FILES) == needed

    def test_one_line_too_many_is_found(self, tmp_path: Path) -> None:
        write(tmp_path, "lake/a.py", "x = 1\n" * 250)
        assert architecture.long_files(tmp_path, {}) == []
        write(tmp_path, "lake/a.py", "x = 1\n" * 251)
        assert len(architecture.long_files(tmp_path, {})) == 1
        assert architecture.long_files(tmp_path, {"lake/a.py": "a reason"}) == []

    def test_one_line_too_many_in_a_function_is_found(self, tmp_path: Path) -> None:
        write(tmp_path, "lake/a.py", 'def f():\n    """Says."""\n' + "    x = 1\n" * 50)
        assert architecture.long_functions(tmp_path) == []
        write(tmp_path, "lake/a.py", 'def f():\n    """Says."""\n' + "    x = 1\n" * 51)
        assert len(architecture.long_functions(tmp_path)) == 1


class TestReleasedMappers:
    def test_none_has_changed(self) -> None:
        assert architecture.changed_mappers(ROOT) == []

    def test_a_changed_one_is_found(self, tmp_path: Path) -> None:
        mapper = write(tmp_path, "schemas/sources/okta_v1.py", "SOURCE = 1\n")
        digest = hashlib.sha256(mapper.read_bytes()).hexdigest()
        write(tmp_path, "schemas/sources/samples/okta_v1/lock", f"{digest}\n")
        assert architecture.changed_mappers(tmp_path) == []
        mapper.write_text("SOURCE = 2\n")
        assert "okta_v1: changed" in architecture.changed_mappers(tmp_path)[0]

    def test_one_without_a_lock_and_a_lock_without_one_are_found(self, tmp_path: Path) -> None:
        write(tmp_path, "schemas/sources/okta_v1.py", "SOURCE = 1\n")
        write(tmp_path, "schemas/sources/samples/zoom_v1/lock", "0\n")
        assert len(architecture.changed_mappers(tmp_path)) == 2


class TestTrackedText:
    def test_names_no_package_index_and_no_folder_of_one_machine(self) -> None:
        names = tracked()
        assert "pyproject.toml" in names
        assert architecture.forbidden_text(ROOT, names) == []

    @pytest.mark.parametrize(
        "text",
        [
            "https://" + "py" + "pi.org/simple",
            "files." + "python" + "hosted.org",
            "see /" + "home/somebody/notes",
            'open("/' + 'root/.config")',
        ],
    )
    def test_one_that_is_named_is_found(self, tmp_path: Path, text: str) -> None:
        write(tmp_path, "README.md", f"First.\n{text}\n")
        assert len(architecture.forbidden_text(tmp_path, ["README.md"])) == 1

    def test_words_that_look_alike_are_left_alone(self, tmp_path: Path) -> None:
        write(tmp_path, "a.md", "s3://bucket/home/x, docs/work/notes, https://example.com/root/x\n")
        assert architecture.forbidden_text(tmp_path, ["a.md"]) == []

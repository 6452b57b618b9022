"""The rules of the tree, each a function from a folder to what breaks it there."""

import ast
import hashlib
import re
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

# Each package with those it may import. The three in the middle know nothing of each other.
MAY_IMPORT: dict[str, set[str]] = {
    "conf": set(),
    "schemas": {"conf"},
    "lake": {"conf", "schemas"},
    "enrichment": {"conf", "schemas", "lake"},
    "collectors": {"conf", "schemas", "lake", "enrichment"},
    "models": {"conf", "schemas", "lake", "enrichment"},
    "serving": {"conf", "schemas", "lake", "enrichment"},
    "jobs": {"conf", "schemas", "lake", "enrichment", "collectors", "models", "serving"},
    "antipode": {
        *("conf", "schemas", "lake", "enrichment", "collectors", "models", "serving", "jobs")
    },
}
# Where a library that shapes the whole process may be imported.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "celery": ("collectors/",),
    "gevent": ("collectors/",),
    "pyspark": ("models/", "jobs/"),
}
# The simulator makes logs, also where there is no Spark.
BUT_NOT_IN: dict[str, tuple[str, ...]] = {"pyspark": ("models/simulator/",)}

LONGEST_FILE = 250
LONGEST_FUNCTION = 50

# Built from parts, so that this file does not break its own rule.
_INDEX_HOSTS = (
    r"(registry\.(npmjs|yarnpkg)|pypi|pythonhosted|repo1?\.maven|crates|proxy\.golang|"
    r"(deb|security)\.debian|archive\.ubuntu)\.(org|com|io|dev)"
)
_MACHINE_PATHS = r"(?<![\w./-])/(" + "wo" + "rk|fa" + "rm|ro" + "ot|ho" + r"me(?!/hadoop))/[\w.]"
FORBIDDEN_TEXT = re.compile(f"{_INDEX_HOSTS}|{_MACHINE_PATHS}")


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of the packages below `root`: its path as text, and what it says."""
    for package in MAY_IMPORT:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and dotted name of everything a module imports, wherever in it that stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def wrong_directions(root: Path) -> list[str]:
    """Imports from one of our packages of another that it may not know."""
    broken = []
    for path, tree in modules(root):
        package = path.split("/")[0]
        for line, name in imported(tree):
            other = name.split(".")[0]
            if other in MAY_IMPORT and other not in MAY_IMPORT[package] | {package}:
                broken.append(f"{path}:{line}: {package} may not import {other}")
    return broken


def misplaced_libraries(root: Path) -> list[str]:
    """Imports of Celery, gevent or Spark outside the folders that are theirs."""
    broken = []
    for path, tree in modules(root):
        for line, name in imported(tree):
            library = name.split(".")[0]
            allowed = ONLY_IN.get(library)
            if allowed is None:
                continue
            if not path.startswith(allowed) or path.startswith(BUT_NOT_IN.get(library, ("\0",))):
                broken.append(f"{path}:{line}: {library} belongs in {' '.join(allowed)} only")
    return broken


def shadowed_packages(installed: dict[str, list[str]], own: str) -> list[str]:
    """Top-level names of ours that another installed distribution has, too."""
    return [
        f"{package}: {name} has a top-level module of that name"
        for package in MAY_IMPORT
        for name in sorted(set(installed.get(package, [])) - {own})
    ]


def installed_packages() -> dict[str, list[str]]:
    """Top-level module -> the distributions in this environment that have it."""
    return {name: list(owners) for name, owners in packages_distributions().items()}


def long_files(root: Path, allowed: dict[str, str]) -> list[str]:
    """Files of more than 250 lines that `allowed` does not name."""
    broken = []
    for folder in (*MAY_IMPORT, "tests", "bench"):
        for path in sorted((root / folder).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            lines = len(path.read_text("utf-8").splitlines())
            if lines > LONGEST_FILE and name not in allowed:
                broken.append(f"{name}: {lines} lines; {LONGEST_FILE} is the limit")
    return broken


def long_functions(root: Path) -> list[str]:
    """Functions and methods of more than 50 lines, not counting their docstring."""
    broken = []
    for path, tree in modules(root):
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1
            if lines > LONGEST_FUNCTION:
                broken.append(f"{path}:{node.lineno}: {node.name} has {lines} lines")
    return broken


def changed_mappers(root: Path) -> list[str]:
    """Mappers whose bytes are not those that their lock names, and locks without a mapper."""
    sources = root / "schemas" / "sources"
    mappers = {path.stem: path for path in sources.glob("*_v[0-9]*.py")}
    locks = {path.parent.name: path for path in sources.glob("samples/*/lock")}
    broken = [f"{name}: no lock: python -m schemas.lock" for name in mappers.keys() - locks.keys()]
    broken += [f"{name}: its mapper is gone" for name in locks.keys() - mappers.keys()]
    for name in mappers.keys() & locks.keys():
        digest = hashlib.sha256(mappers[name].read_bytes()).hexdigest()
        if locks[name].read_text("utf-8").split()[0] != digest:
            broken.append(f"{name}: changed after its release: a new shape is a new file")
    return sorted(broken)


def forbidden_text(root: Path, names: list[str]) -> list[str]:
    """Lines in the files `names` that tell of a package index or of one machine's folders."""
    broken = []
    for name in names:
        content = (root / name).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if FORBIDDEN_TEXT.search(line):
                broken.append(f"{name}:{number}: {line.strip()[:120]}")
    return broken

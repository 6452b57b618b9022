"""Finds plug-ins by file name, so that adding one is adding one file.

`pkgutil.iter_modules` asks the import system, and so also works when the code lies in a zip
archive on a Spark executor, where listing the folder would find nothing.
"""

import importlib
import pkgutil
from types import ModuleType


def names(package: ModuleType) -> list[str]:
    """Return the names of the modules directly inside `package`, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def load(package: ModuleType, name: str) -> ModuleType:
    """Import and return the module `name` of `package`."""
    return importlib.import_module(f"{package.__name__}.{name}")

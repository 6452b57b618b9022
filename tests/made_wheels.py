"""Wheels of made-up libraries, and the lock that names them, of which tests make packages."""

import base64
import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class MadeWheel:
    """A wheel in a folder, and the line of a lock that asks for it."""

    path: Path
    line: str


def make(
    folder: Path, name: str, version: str, tag: str = "py3-none-any", **extra: str
) -> MadeWheel:
    """Write a wheel whose module `name` holds VERSION; `extra`: more files, `__` standing for /."""
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    files |= {key.replace("__", "/"): text for key, text in extra.items()}
    record = "".join(f"{key},sha256={_digest(text)},{len(text)}\n" for key, text in files.items())
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for key, text in {**files, f"{about}/RECORD": record}.items():
            entry = zipfile.ZipInfo(key)
            entry.external_attr = (0o100755 if "/bin/" in key else 0o100644) << 16
            wheel.writestr(entry, text)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    return MadeWheel(path, f"{name}=={version} \\\n    --hash=sha256:{found}\n")


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


SPARK_4 = (
    f"pyspark==4.0.5 \\\n    --hash=sha256:{'0' * 64}\npy4j==0.10.9.9 --hash=sha256:{'1' * 64}\n"
)
SPARK_3 = f"pyspark==3.5.8 \\\n    --hash=sha256:{'0' * 64}\n"

"""Which JDK Maven, javac and the generated services would run on."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

_UNKNOWN = 17


def jdk_home() -> Path | None:
    """JAVA_HOME, else the folder of the `javac` (or `java`) of the PATH; None where there is none."""
    stated = os.environ.get("JAVA_HOME")
    if stated and (Path(stated) / "bin").is_dir():
        return Path(stated)
    program = shutil.which("javac") or shutil.which("java")
    return Path(os.path.realpath(program)).parent.parent if program else None


@cache
def _release_of(home: Path) -> str:
    file = home / "release"
    if not file.is_file():
        return ""
    found = re.search(r'^JAVA_VERSION="([^"]+)"', file.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found[1] if found else ""


def jdk_version() -> str:
    """The full version, e.g. 17.0.15, from the JDK's own `release` file; empty where it is not known."""
    home = jdk_home()
    return _release_of(home) if home else ""


def default_jdk() -> int:
    """The major version; 17, the oldest that this program supports, where none is known."""
    found = re.match(r"(?:1\.)?(\d+)", jdk_version())
    return int(found[1]) if found else _UNKNOWN

"""What this machine needs to run the compiler, and the command that installs what is missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.project.jdk import jdk_home
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import run

_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement. `found` means present and new enough; `version` is what is there, also where it is too old."""

    name: str
    found: bool
    version: str
    needed: str
    fix: str
    required: bool = True


def checks() -> tuple[Check, ...]:
    """Every requirement, in the order in which a person would install them."""
    return (_python(), _grammar(), _jdk(), _maven(), _git(), _docker())


def require_build_tools() -> None:
    """Raises RefactorError (exit code 3) where this machine lacks what builds and runs services, with the command that installs it."""
    missing = [check for check in (_jdk(), _maven()) if not check.found]
    if missing:
        words = {"jdk": "a JDK", "maven": "Maven"}
        found = [
            Diagnostic(
                f"machine/no-{c.name}",
                Severity.ERROR,
                f"{words[c.name]} {c.needed} is not on this machine ({c.version or 'none found'})",
                help=c.fix,
            )
            for c in missing
        ]
        raise RefactorError(found, 3)


def _python() -> Check:
    return Check("python", sys.version_info >= (3, 11), platform.python_version(), ">= 3.11", "apt-get install python3 python3-venv")


def _grammar() -> Check:
    name = "tree-sitter-java"
    present = importlib.util.find_spec("tree_sitter_java") is not None
    version = importlib.metadata.version(name) if present else ""
    return Check(name, present and at_least(version, (0, 23)), version, ">= 0.23", "pip install 'tree-sitter-java>=0.23'")


def _jdk() -> Check:
    # A JRE also has `java`; only a JDK has the compiler.
    home = jdk_home()
    javac = str(home / "bin" / "javac") if home is not None and (home / "bin" / "javac").is_file() else "javac"
    version = _version([javac, "-version"], r"javac (\S+)")
    return Check("jdk", at_least(version, (17,)), version, ">= 17 (javac)", "apt-get install openjdk-17-jdk-headless")


def _maven() -> Check:
    version = _version(["mvn", "-B", "-Dstyle.color=never", "-version"], r"Apache Maven (\S+)")
    return Check("maven", at_least(version, (3, 6, 3)), version, ">= 3.6.3", "apt-get install maven")


def _git() -> Check:
    version = _version(["git", "--version"], r"git version (\S+)")
    return Check("git", at_least(version, (2, 20)), version, ">= 2.20", "apt-get install git")


def _docker() -> Check:
    version = _version(["docker", "--version"], r"version ([\w.\-+~]+)")
    return Check("docker", bool(version), version, "any (optional: images and compose)", "apt-get install docker.io", required=False)


def _version(command: Sequence[str], pattern: str) -> str:
    """What the program says of itself; empty where it is missing or does not answer."""
    if shutil.which(command[0]) is None:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        finished = run(command, output=Path(folder) / "out", timeout=_TIMEOUT)
        match = re.search(pattern, finished.text())
    return match[1].rstrip(",") if finished.ok and match else ""


def at_least(version: str, wanted: tuple[int, ...]) -> bool:
    """before: "3.8.7", (3, 6, 3)  after: True. Numbers are compared; an empty version is never enough."""
    numbers = tuple(int(n) for n in re.findall(r"\d+", version.split("-")[0].split("+")[0]))
    return bool(numbers) and numbers >= wanted

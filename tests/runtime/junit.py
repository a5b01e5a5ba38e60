"""The runtime's own JUnit tests without Maven: compiled once per content, run in one JVM; also with changed classes of the runtime."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.frontend.project.mvn import DEPENDENCY_PLUGIN, local_repository
from refactor.pipeline.fuzz.harness import COMPILE, Toolchain, toolchain

RUNTIME = Path(__file__).resolve().parents[2] / "templates" / "spring" / "runtime"
TESTS = RUNTIME / "core" / "src" / "test" / "java"
_LAUNCH = Path(__file__).with_name("Launch.java")
SLOW = frozenset({"CyclesTest", "LeasesTest"})
"""Test classes that start processes of their own or wait for leases to run out."""
_FLAGS = ("-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx600m")


@dataclass(frozen=True, slots=True)
class Suite:
    """Compiled tests. `libraries`: JUnit and what the runtime needs."""

    tools: Toolchain
    classes: Path
    libraries: tuple[Path, ...]

    def run(
        self, names: Sequence[str], runtime: Path | None = None, seconds: int = 600, first: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """`names`: simple names of test classes. `runtime`: a folder of its classes that is used instead of the right one.
        `first`: the first failure ends the run."""
        path = os.pathsep.join(map(str, (runtime or self.tools.runtime, self.classes, *self.libraries)))
        command = ["java", *_FLAGS, f"-Dfirst={str(first).lower()}", "-cp", path, "Launch", *(f"refactor.runtime.{name}" for name in names)]
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)


def all_test_classes() -> tuple[str, ...]:
    """The simple names of all test classes of the core."""
    return tuple(sorted(p.stem for p in (TESTS / "refactor" / "runtime").glob("*Test.java")))


def suite() -> Suite:
    """before: Java sources   after: their classes, in the folder that keeps the runtime's"""
    tools = toolchain()
    libraries = (*_junit(), *tools.libraries)
    sources = sorted([*TESTS.rglob("*.java"), _LAUNCH])
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()[:16]
    classes = tools.runtime.parent / f"tests-{digest}"
    if not classes.exists():
        staged = Path(tempfile.mkdtemp(dir=tools.runtime.parent))
        path = os.pathsep.join(map(str, (tools.runtime, *libraries)))
        command = ["javac", *COMPILE, "-parameters", "-cp", path, "-d", str(staged), *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        try:
            staged.rename(classes)
        except OSError:  # another run was faster
            shutil.rmtree(staged, ignore_errors=True)
    return Suite(tools, classes, libraries)


def _junit() -> tuple[Path, ...]:
    """JUnit in the version of the runtime's pom, from the local Maven repository; what is missing is fetched."""
    version = re.search(r"<junit.version>(.+?)</", (RUNTIME / "pom.xml").read_text(encoding="utf-8"))
    assert version is not None
    platform = f"1{version[1][1:]}"
    wanted = [
        *((f"org.junit.jupiter:junit-jupiter-{n}", version[1]) for n in ("api", "params", "engine")),
        *((f"org.junit.platform:junit-platform-{n}", platform) for n in ("commons", "engine", "launcher")),
        ("org.opentest4j:opentest4j", "1.3.0"),
        ("org.apiguardian:apiguardian-api", "1.1.2"),
    ]
    found = []
    for name, number in wanted:
        group, artifact = name.split(":")
        jar = local_repository() / group.replace(".", "/") / artifact / number / f"{artifact}-{number}.jar"
        if not jar.is_file():
            fetch = ["mvn", "-q", "-B", f"{DEPENDENCY_PLUGIN}:get", f"-Dartifact={name}:{number}", "-Dtransitive=false"]
            subprocess.run(fetch, check=False, timeout=600, capture_output=True)
        assert jar.is_file(), f"{jar.name} cannot be had"
        found.append(jar)
    return tuple(found)

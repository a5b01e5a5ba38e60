"""The Java process that compiles and runs generated programs; one JVM for many of them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from refactor.frontend.project.mvn import DEPENDENCY_PLUGIN, local_repository, run_maven
from refactor.frontend.project.mvn_log import errors_of
from refactor.pipeline.fuzz.jvm import Jvm, Silent
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.resources import resource

_JAVA = Path(__file__).with_name("java")
_RUNTIME = "templates/spring/runtime/core/src/main"
_FLAGS = ("-XX:+UseSerialGC", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Xmx700m", "-Xss2m")
_COMPILER_FLAGS = ("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx700m", "-Xss8m")
MILLIS = 20_000
"""How long a program may run where nothing else is said."""
COMPILE = ("-proc:none", "-nowarn", "-Xlint:none", "-g", "-encoding", "UTF-8", "-Xmaxerrs", "1000", "-implicit:none")


@dataclass(frozen=True, slots=True)
class Answer:
    """`status`: ok, failed, timeout (the program did not end), broken (the harness failed while it did what was asked), or silent
    (the Java process ended or did not answer: that is no word about the program)."""

    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Compiled once per content of the runtime: its classes, the harness, and the libraries that the runtime needs."""

    harness: Path
    runtime: Path
    libraries: tuple[Path, ...]

    @property
    def class_path(self) -> str:
        return os.pathsep.join(str(p) for p in (self.runtime, *self.libraries))


def toolchain(cache: Path | None = None) -> Toolchain:
    """before: Java sources   after: their classes in a cache folder. Raises RefactorError (3) where javac or that library is missing."""
    javac = shutil.which("javac")
    if javac is None:
        raise _missing("javac is not on the PATH", "install a JDK of version 17 or later")
    libraries = (runtime_library(),)
    main = resource(_RUNTIME)
    sources = sorted([*main.rglob("*.java"), *_JAVA.rglob("*.java")])
    content = sorted([*sources, *(p for p in (main / "resources").rglob("*") if p.is_file())])
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in content)).hexdigest()[:16]
    base = cache or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "refactor"
    home = base / f"fuzz-{digest}"
    found = Toolchain(home / "harness", home / "runtime", libraries)
    if not home.exists():
        base.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=base))
        path = os.pathsep.join(str(p) for p in libraries)
        runtime = [p for p in sources if p.parent.name != "fuzz"]
        for name, files in (("runtime", runtime), ("harness", [p for p in sources if p not in runtime])):
            command = [javac, *COMPILE, "-cp", path, "-d", str(staged / name), *map(str, files)]
            ran = subprocess.run(command, check=False, timeout=600, capture_output=True, text=True)
            if ran.returncode != 0:
                raise RuntimeError(f"the {name} does not compile:\n{ran.stderr[-2000:]}")
        shutil.copytree(main / "resources", staged / "runtime", dirs_exist_ok=True)
        try:
            staged.rename(home)
        except OSError:  # another run was faster
            shutil.rmtree(staged, ignore_errors=True)
    return found


def runtime_library() -> Path:
    """The runtime's only library, in the version of its pom, from the local Maven repository; a missing one is fetched.

    Raises RefactorError (3) where it cannot be had.
    """
    version = re.search(r"<xbean-asm.version>(.+?)</", resource("templates/spring/runtime").joinpath("pom.xml").read_text(encoding="utf-8"))
    assert version is not None
    found = local_repository() / f"org/apache/xbean/xbean-asm9-shaded/{version[1]}/xbean-asm9-shaded-{version[1]}.jar"
    fetch = (f"{DEPENDENCY_PLUGIN}:get", f"-Dartifact=org.apache.xbean:xbean-asm9-shaded:{version[1]}")
    if not found.is_file():
        with tempfile.TemporaryDirectory() as scratch:
            finished = run_maven(fetch, cwd=Path(scratch), log=Path(scratch) / "log")
            if not found.is_file():
                message = f"the runtime's library cannot be fetched into the local Maven repository: {errors_of(finished)}"
                raise _missing(message, f"mvn {' '.join(fetch)}")
    return found


def _missing(message: str, fix: str) -> RefactorError:
    return RefactorError([Diagnostic("fuzz/missing", Severity.ERROR, message, help=fix)], 3)


class Harness:
    """Two running JVMs; a context manager. One compiles, for as long as possible: a warm javac is several times faster. The other one
    runs programs, and is replaced when one of them hangs, or when too many have left threads behind."""

    def __init__(self, tools: Toolchain) -> None:
        self._tools = tools
        self._runner: Jvm | None = None
        self._compiler: Jvm | None = None

    def __enter__(self) -> Harness:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if self._compiler is not None:
            self._compiler.end()
        self._compiler = None

    def stop(self) -> None:
        """Ends the JVM that runs programs; the next command starts another one."""
        if self._runner is not None:
            self._runner.end()
        self._runner = None

    def compile(self, files: Sequence[Path], out: Path, class_path: str = "") -> Answer:
        """javac of the files into a folder."""
        out.mkdir(parents=True, exist_ok=True)
        argfile = out.with_suffix(".args")
        words = [*COMPILE, "-d", str(out), *(("-cp", class_path) if class_path else ()), *map(str, files)]
        argfile.write_text("\n".join(f'"{w}"' for w in words), encoding="utf-8")
        if self._compiler is None:
            self._compiler = self._start(_COMPILER_FLAGS)
        if self._runner is not None:
            self._ask("forget", seconds=60)  # what is compiled now may replace classes that were loaded before
        answer = _exchange(self._compiler, ("compile", str(argfile)), 600)
        if answer.status in ("silent", "broken"):
            self._compiler.end()
            self._compiler = None
        return answer

    def plain(self, classes: Path, main: str, millis: int = MILLIS) -> Answer:
        return self._ask("plain", str(classes), main, str(millis), seconds=millis / 1000 + 60)

    def open(self, parts: Mapping[str, Path]) -> Answer:
        return self._ask("open", *(f"{name}={path}" for name, path in parts.items()), seconds=120)

    def split(self, part: str, main: str, millis: int = MILLIS) -> Answer:
        return self._ask("split", part, main, str(millis), seconds=millis / 1000 + 60)

    def stats(self, *, collect: bool) -> Answer:
        return self._ask("stats", "1" if collect else "0", seconds=120)

    def close(self) -> Answer:
        return self._ask("close", seconds=60)

    def class_path(self) -> str:
        return self._tools.class_path

    def _ask(self, *words: str, seconds: float) -> Answer:
        if self._runner is None:
            self._runner = self._start(_FLAGS)
        answer = _exchange(self._runner, words, seconds)
        if answer.status == "silent":
            self.stop()
        return answer

    def _start(self, flags: Sequence[str]) -> Jvm:
        libraries = os.pathsep.join(map(str, self._tools.libraries))
        return Jvm([*flags, "-cp", str(self._tools.harness), "fuzz.Harness", str(self._tools.runtime), libraries])


def _exchange(jvm: Jvm, words: Sequence[str], seconds: float) -> Answer:
    try:
        status, _, text = jvm.ask("\t".join(words), seconds).partition("\t")
    except Silent as error:
        return Answer("silent", str(error))
    return Answer(status, base64.b64decode(text).decode("utf-8", "replace"))

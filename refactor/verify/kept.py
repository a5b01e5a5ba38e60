"""What an interrupted or failed verification has finished already: kept below OUT/target/verify/kept, by what it was made from.

before: a second `refactor verify OUT` builds everything and runs the monolith's tests again
after:  steps whose inputs (files of OUT, JDK, Maven, settings) and results (classes, class paths) are still the same are taken over
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refactor.codegen.writer import MARKER
from refactor.frontend.project.jdk import default_jdk, jdk_home
from refactor.frontend.project.mvn import local_repository, maven_executable, write_atomically
from refactor.verify.drive import Driven
from refactor.verify.layout import ORACLE, Layout
from refactor.verify.model import CaseId, Outcome, Status

_VERSION = "1"
_SETTINGS = ("MAVEN_OPTS", "MAVEN_ARGS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "TZ", "LANG", "LC_ALL", "USER", "HOME")
_BUILT = ("classes", "test-classes")


@dataclass(frozen=True, slots=True)
class Kept:
    """`fresh`: nothing is taken over. A step is kept under its name, with the key of its inputs and of what it left in `target`."""

    layout: Layout
    fresh: bool = False

    @property
    def _folder(self) -> Path:
        return self.layout.out / "target" / "verify" / "kept"

    def outcomes(self, run: Callable[[], Mapping[CaseId, Outcome]], say: Callable[[str], None]) -> Mapping[CaseId, Outcome]:
        """The monolith's own outcomes: taken over, or those of `run`."""
        of_monolith = (ORACLE,)
        found = self._read("monolith", of_monolith)
        if found is not None:
            say(f"the monolith and its {len(found)} tests are unchanged: taken over from an earlier run (--fresh runs them again)")
            return _outcomes(found)
        key = self._key(of_monolith)
        outcomes = run()
        self._write("monolith", of_monolith, key, [_row(*item) for item in outcomes.items()])
        return outcomes

    def build(self, run: Callable[[], None], say: Callable[[str], None]) -> None:
        """The build of the services."""
        if self._read("build", self._services()) is not None:
            say("the services are built and unchanged: taken over from an earlier run (--fresh builds them again)")
            return
        key = self._key(self._services())
        run()
        self._write("build", self._services(), key, True)

    def group(self, name: str, run: Callable[[], Driven], say: Callable[[str], None]) -> Driven:
        """One group of tests on the services: only of a verification that did not come to its end, and only where all was well."""
        everything = (ORACLE, *self._services())
        found = self._read(f"group-{name}", everything)
        if found is not None:
            say(f"the tests placed in {name} had run before the last verification was interrupted: taken over (--fresh runs them again)")
            return Driven(_outcomes(found["outcomes"]), found["calls"], found["left"], found["rooted"], ())
        key = self._key(everything)
        driven = run()
        if not driven.divergences:
            rows = [_row(*item) for item in driven.outcomes.items()]
            data = {"outcomes": rows, "calls": dict(driven.calls), "left": dict(driven.ids_left), "rooted": dict(driven.ids_rooted)}
            self._write(f"group-{name}", everything, key, data)
        return driven

    def finished(self) -> None:
        """There is a verdict: the next one is of another run of the services."""
        for file in self._folder.glob("group-*.json"):
            file.unlink()

    def _services(self) -> tuple[str, ...]:
        return tuple(sorted({p.name for p in self.layout.plan.parts} | {*self.layout.parts, *self.layout.groups, "runtime"}))

    def _read(self, name: str, modules: tuple[str, ...]) -> Any:
        path = self._folder / f"{name}.json"
        if self.fresh:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError, ValueError, KeyError):
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["key"] == self._key(modules) and data["built"] == self._built(modules):
                return data["value"]
        return None

    def _write(self, name: str, modules: tuple[str, ...], key: str, value: Any) -> None:
        """`key` is from before the step: what was changed while it ran is no input of its result, so nothing is kept then."""
        if self._key(modules) != key:
            return
        data = {"key": key, "built": self._built(modules), "value": value}
        write_atomically(self._folder / f"{name}.json", json.dumps(data).encode())

    def _key(self, modules: tuple[str, ...]) -> str:
        """What a step is made from: the emitted files as they are now, sources that were added, and the tools."""
        out = self.layout.out
        tools = [_VERSION, str(out), str(jdk_home()), str(default_jdk()), str(shutil.which("java")), str(maven_executable())]
        tools += [str(local_repository()), *(f"{name}={os.environ.get(name, '')}" for name in _SETTINGS)]
        listed = (out / MARKER).read_text(encoding="utf-8").splitlines() if (out / MARKER).is_file() else []
        files = {out / path for path in listed if path.partition("/")[0] in modules or "/" not in path}
        files |= {path for module in modules for path in _sources(out / module)}
        return _digest(tools, sorted(files))

    def _built(self, modules: tuple[str, ...]) -> str:
        """What the step left: classes and class paths, and that the libraries on these are still there."""
        out = self.layout.out
        targets = [t for module in modules for t in sorted((out / module).rglob("target")) if t.is_dir()]
        files = [f for t in targets for name in _BUILT for f in sorted((t / name).rglob("*")) if f.is_file()]
        paths = [t / "classpath.txt" for t in targets if (t / "classpath.txt").is_file()]
        jars = sorted({jar for path in paths for jar in path.read_text(encoding="utf-8").strip().split(os.pathsep) if jar})
        return _digest([f"{jar} {_stamp(Path(jar))}" for jar in jars], [*files, *paths])


def _sources(module: Path) -> Iterable[Path]:
    """Files of the module that a build reads: poms, and what lies in folders called src."""
    for path in module.rglob("*"):
        inside = path.relative_to(module).parts
        if "target" not in inside[:-1] and ("src" in inside or path.name == "pom.xml") and path.is_file():
            yield path


def _stamp(path: Path) -> str:
    if path.is_dir():
        return "folder"
    try:
        status = path.stat()
    except OSError:
        return "gone"
    return f"{status.st_size} {status.st_mtime_ns}"


def _digest(words: Iterable[str], files: Iterable[Path]) -> str:
    state = hashlib.sha256()
    for word in words:
        state.update(word.encode() + b"\0")
    for file in files:
        state.update(str(file).encode() + b"\0")
        with contextlib.suppress(OSError):
            state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()


def _row(test: CaseId, outcome: Outcome) -> list[Any]:
    return [test.cls, test.name, test.index, outcome.status.value, outcome.error_type, outcome.message, outcome.seconds]


def _outcomes(rows: Iterable[list[Any]]) -> Mapping[CaseId, Outcome]:
    return {CaseId(*row[:3]): Outcome(Status(row[3]), *row[4:]) for row in rows}

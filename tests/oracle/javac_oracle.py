"""Runs javac/Oracle.java: what javac itself attributes every reference of a project to.

The oracle shares no code with the front end: javac parses, resolves and reports through its own trees.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.model import Module, Project

_SOURCE = Path(__file__).parent / "javac" / "Oracle.java"
_PACKAGES = ("api", "code", "tree", "util")
_EXPORTS = [a for p in _PACKAGES for a in ("--add-exports", f"jdk.compiler/com.sun.tools.javac.{p}=ALL-UNNAMED")]
_TIMEOUT = 600


@dataclass(frozen=True, slots=True)
class OracleReference:
    """One use of a member. `kind`: call, new, method_ref, field, enum_constant. `target` None: javac could not tell either."""

    kind: str
    file: str
    line: int
    column: int
    target: str | None
    in_application: bool
    name: str


@dataclass(slots=True)
class OracleAnswer:
    references: list[OracleReference] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def ask(root: Path, files: Sequence[Path], options: Sequence[str] = ()) -> OracleAnswer:
    """Attribute `files` (absolute paths below `root`) with javac's `options`."""
    answer = OracleAnswer()
    with tempfile.TemporaryDirectory() as scratch:
        command = oracle_command(root, files, options, Path(scratch) / "arguments")
        finished = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=_TIMEOUT, check=False)
    if finished.returncode:
        raise RuntimeError(f"the oracle failed with exit code {finished.returncode}: {finished.stderr[-2000:]}")
    for line in finished.stdout.splitlines():
        found = json.loads(line)
        if found["kind"] == "error":
            answer.errors.append(f"{found['file']}:{found['line']}: {found['message']}")
        else:
            place = (found["kind"], found["file"], found["line"], found["column"])
            answer.references.append(OracleReference(*place, found["target"], found.get("source", False), found["name"]))
    return answer


def oracle_command(root: Path, files: Sequence[Path], options: Sequence[str], arguments: Path) -> list[str]:
    """The command line of one run; writes what it reads to `arguments`."""
    lines = ["-proc:none", "-nowarn", "-Xmaxerrs", "10000", *options, "--", *map(str, files)]
    arguments.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ["java", "-XX:+UseSerialGC", *_EXPORTS, "-cp", str(_compiled()), "Oracle", str(root), str(arguments)]


def ask_project(project: Project) -> OracleAnswer:
    """The whole project, one javac run for each module with its own class path; modules it depends on come from source."""
    answer = OracleAnswer()
    for module in project.modules:
        files = [project.root / f for f in (*module.main.files, *module.test.files)]
        if files:
            found = ask(project.root, files, javac_options(project, module))
            answer.references += found.references
            answer.errors += found.errors
    return answer


def javac_options(project: Project, module: Module) -> list[str]:
    """What javac needs to see the module as its build does: release, encoding, class path, sources of sibling modules."""
    options = ["--release", str(max(module.release, module.test_release)), "-encoding", module.encoding]
    options += ["-classpath", ":".join(map(str, resolve_classpath(project, module))) or "."]
    roots = [*module.main.java, *module.test.java]
    roots += [root for sibling in _siblings(project, module) for root in sibling.main.java]
    return [*options, "-sourcepath", ":".join(str(r) for r in roots if r.is_dir())]


def _siblings(project: Project, module: Module, seen: frozenset[str] = frozenset()) -> Iterator[Module]:
    for dependency in module.dependencies:
        sibling = project.reactor(dependency)
        if sibling is not None and sibling is not module and sibling.path not in seen:
            yield sibling
            yield from _siblings(project, sibling, seen | {module.path, sibling.path})


def _compiled() -> Path:
    """The folder with the compiled oracle, compiled once for each version of its source and of the JDK."""
    version = subprocess.run(["javac", "-version"], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(_SOURCE.read_bytes() + version.encode()).hexdigest()[:16]
    folder = Path.home() / ".cache" / "refactor-compiler" / "oracle" / digest
    if not (folder / "Oracle.class").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=folder.parent))
        subprocess.run(["javac", *_EXPORTS, "-nowarn", "-d", str(scratch), str(_SOURCE)], check=True, capture_output=True)
        try:
            scratch.rename(folder)
        except OSError:  # another process was faster
            shutil.rmtree(scratch)
    return folder

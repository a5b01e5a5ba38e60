"""Resolved class paths: the libraries of a module as Maven would put them there, in Maven's order.

before: Module(dependencies=(junit-jupiter 5.13.4, ..))
after:  (~/.m2/.../junit-jupiter-5.13.4.jar, .., apiguardian-api-1.1.2.jar)
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from refactor.frontend.project.model import Dependency, Module, Project
from refactor.frontend.project.mvn import (
    DEPENDENCY_PLUGIN,
    MACHINE_LACKS,
    cache_folder,
    digest,
    run_maven,
    write_atomically,
)
from refactor.frontend.project.mvn_log import errors_of, out_of_reach
from refactor.frontend.project.pom_text import pom_text
from refactor.frontend.project.pomxml import INPUT_UNREADABLE
from refactor.frontend.project.sources import UNREACHABLE
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import Finished

Scope = Literal["compile", "runtime", "test"]
_ON_PATH: dict[str, frozenset[str]] = {
    "compile": frozenset({"compile", "provided", "system"}),
    "runtime": frozenset({"compile", "runtime"}),
    "test": frozenset({"compile", "provided", "system", "runtime", "test"}),
}
_LISTING = "2"
"""Part of the cache key: a change of what is read from the listing must not meet listings of the old reading."""
_LISTED = re.compile(r"^\s+([^\s:]+(?::[^\s:]+){3,4}):(compile|provided|runtime|test|system):(.+?)(?: \(optional\))?(?: -- module .*)?$")


@dataclass(frozen=True, slots=True)
class ResolvedLibrary:
    """One library of a resolved class path, direct or transitive; `dependency.scope` is the mediated one."""

    dependency: Dependency
    jar: Path


def resolve_classpath(project: Project, module: Module, scope: Scope = "test", cache: Path | None = None) -> tuple[Path, ...]:
    """The library jars on the module's class path, then the jars that lie in the project itself.

    The project's own modules are left out (their libraries are not). Raises RefactorError: 3 without Maven or network,
    4 where a library does not exist or has no version.
    """
    libraries = (r.jar for r in resolve_libraries(project, module, cache) if r.dependency.scope in _ON_PATH[scope])
    return tuple(dict.fromkeys([*libraries, *module.jars]))


def resolve_libraries(project: Project, module: Module, cache: Path | None = None) -> tuple[ResolvedLibrary, ...]:
    """All libraries of the test class path with their mediated versions and scopes, in class-path order."""
    dependencies = tuple(flattened(project, module))
    unversioned = [d for d in dependencies if not d.version and d.scope != "system"]
    if unversioned:
        names = ", ".join(f"{d.group}:{d.artifact}" for d in unversioned)
        # What discovery could not ask the registry is this machine's lack, not the input's.
        lacking = any(d.id in (f"project/{UNREACHABLE}", "project/maven-missing") for d in project.diagnostics)
        code = MACHINE_LACKS if lacking else INPUT_UNREADABLE
        raise _error("unversioned-dependency", f"{module.name}: no version is known for {names}", _VERSION_HELP, code)
    if not dependencies:
        return ()
    pom = pom_text(
        group="refactor.resolve",
        artifact="resolve",
        version="1",
        dependencies=dependencies,
        managed=module.managed,
        repositories=module.repositories,
    )
    folder = cache_folder(cache) / "classpath"
    stored = folder / f"{digest([pom, DEPENDENCY_PLUGIN, _LISTING])}.txt"
    if stored.is_file():
        found = _parse(stored.read_text(encoding="utf-8"))
        if all(r.jar.exists() for r in found):
            return found
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        work = Path(scratch)
        (work / "pom.xml").write_text(pom, encoding="utf-8")
        # One resolution in test scope answers for all scopes: Maven mediates over all of them before it filters.
        arguments = [f"{DEPENDENCY_PLUGIN}:build-classpath", f"-Dmdep.outputFile={work / 'path'}", f"{DEPENDENCY_PLUGIN}:list"]
        arguments += [f"-DoutputFile={work / 'list'}", "-DoutputAbsoluteArtifactFilename=true", "-DincludeScope=test"]
        finished = run_maven(arguments, cwd=work, log=work / "log")
        if not finished.ok:
            raise _resolution_failed(module, finished)
        order = (work / "path").read_text(encoding="utf-8").strip().split(os.pathsep)
        lines = [line for line in (work / "list").read_text(encoding="utf-8").splitlines() if _LISTED.match(line)]
        by_jar = {str(r.jar): line for line in lines for r in _parse(line)}
        ordered = [by_jar[jar] for jar in order if jar in by_jar]
        write_atomically(stored, ("\n".join(ordered) + "\n").encode())
    return _parse(stored.read_text(encoding="utf-8"))


def flattened(project: Project, module: Module) -> Iterator[Dependency]:
    """The module's libraries, its own first, then those of the project's modules that it depends on, without those modules.

    Maven gives a dependent compile and runtime libraries only, never optional, provided or test ones.
    """
    managed = {d.key: d for d in module.managed}
    seen: set[tuple[str, str, str, str]] = set()
    visited: set[tuple[str, str]] = set()

    def visit(owner: Module, scope: str, excluded: frozenset[str]) -> Iterator[Dependency]:
        inner: list[tuple[Module, str, frozenset[str]]] = []
        for dependency in owner.dependencies:
            if owner is not module and (dependency.optional or dependency.scope in ("test", "provided", "system")):
                continue
            own = project.reactor(dependency)
            effective_scope = dependency.scope if owner is module else _narrower(scope, dependency.scope)
            if own is not None:
                if own is not module and (own.path, effective_scope) not in visited:
                    visited.add((own.path, effective_scope))
                    inner.append((own, effective_scope, excluded | frozenset(dependency.exclusions)))
                continue
            if dependency.key in seen or _is_excluded(dependency, excluded):
                continue
            seen.add(dependency.key)
            if owner is module:
                yield dependency
            else:
                ruled = managed.get(dependency.key)
                exclusions = tuple(sorted({*dependency.exclusions, *excluded}))
                version = ruled.version if ruled is not None and ruled.version else dependency.version
                yield replace(dependency, scope=effective_scope, version=version, exclusions=exclusions)
        for below, below_scope, below_excluded in inner:
            yield from visit(below, below_scope, below_excluded)

    yield from visit(module, "compile", frozenset())


def _narrower(outer: str, inner: str) -> str:
    """Maven's table: what a dependency of scope `outer` passes on of its own dependency of scope `inner`."""
    if outer == "compile":
        return inner
    return outer


def _is_excluded(dependency: Dependency, exclusions: frozenset[str]) -> bool:
    names = {f"{dependency.group}:{dependency.artifact}", f"{dependency.group}:*", f"*:{dependency.artifact}", "*:*"}
    return not names.isdisjoint(exclusions)


def _parse(listing: str) -> tuple[ResolvedLibrary, ...]:
    """The lines of `dependency:list`: group:artifact:type[:classifier]:version:scope:/path/to.jar."""
    found = []
    for line in listing.splitlines():
        match = _LISTED.match(line)
        if match is None:
            continue
        parts = match[1].split(":")
        classifier = parts[3] if len(parts) == 5 else ""
        dependency = Dependency(parts[0], parts[1], parts[-1], scope=match[2], type=parts[2], classifier=classifier)
        found.append(ResolvedLibrary(dependency, Path(match[3])))
    return tuple(found)


_VERSION_HELP = "state the version in the build file, or make the parent and the bills of materials available"


def _resolution_failed(module: Module, finished: Finished) -> RefactorError:
    message = errors_of(finished)
    if out_of_reach(finished):
        return _error("registry-unreachable", f"{module.name}: {message}", "connect to the Maven registry, then run again", MACHINE_LACKS)
    help = "check the versions and repositories in the build file"
    return _error("dependencies-unresolved", f"{module.name}: its libraries could not be resolved: {message}", help, INPUT_UNREADABLE)


def _error(id: str, message: str, help: str, exit_code: int) -> RefactorError:
    return RefactorError([Diagnostic(f"project/{id}", Severity.ERROR, message, help=help)], exit_code)

"""What a monolith is, before a line of it is parsed: modules, source sets, dependencies, test configuration.

Roots are absolute paths, files are POSIX paths relative to `Project.root`. Everything is frozen and hashable, and every
sequence has a deterministic order, so that equal input gives an equal value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from refactor.support.diagnostics import Diagnostic

ProjectKind = Literal["maven", "gradle", "plain", "maven-coordinates"]
Pairs = tuple[tuple[str, str], ...]
"""A frozen mapping: sorted by key."""


@dataclass(frozen=True, slots=True, order=True)
class Dependency:
    """One library, as a pom states it. `version` is empty only where nothing on this machine could tell it."""

    group: str
    artifact: str
    version: str
    scope: str = "compile"
    type: str = "jar"
    classifier: str = ""
    optional: bool = False
    exclusions: tuple[str, ...] = ()
    """`group:artifact`, either of them possibly `*`."""
    system_path: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What Maven's mediation takes for the same library."""
        return (self.group, self.artifact, self.type, self.classifier)

    def __str__(self) -> str:
        classifier = f":{self.classifier}" if self.classifier else ""
        return f"{self.group}:{self.artifact}:{self.type}{classifier}:{self.version}:{self.scope}"


@dataclass(frozen=True, slots=True)
class ResourceRoot:
    """A folder whose non-source files are on the class path."""

    root: Path
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    filtering: bool = False
    target_path: str = ""


@dataclass(frozen=True, slots=True)
class SourceSet:
    """Java roots, resource roots and every .java file (POSIX, relative to the project's root, sorted)."""

    java: tuple[Path, ...] = ()
    resources: tuple[ResourceRoot, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution of a build plug-in; `configuration` is its XML, elements only, without the wrapper."""

    id: str
    phase: str
    goals: tuple[str, ...]
    configuration: str = ""


@dataclass(frozen=True, slots=True)
class PluginConfig:
    """A build plug-in of the monolith. The typed fields are those of surefire, failsafe and the compiler plug-in."""

    group: str
    artifact: str
    version: str
    configuration: str = ""
    """The plug-in's `<configuration>` content as XML text."""
    executions: tuple[Execution, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    groups: str = ""
    excluded_groups: str = ""
    arg_line: str = ""
    system_properties: Pairs = ()
    environment: Pairs = ()
    compiler_args: tuple[str, ...] = ()
    parameters: bool = False
    annotation_processors: tuple[str, ...] = ()
    annotation_processor_paths: tuple[Dependency, ...] = ()


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository other than Maven Central that the build reads from."""

    id: str
    url: str
    releases: bool = True
    snapshots: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the build; `path` is POSIX, relative to the project's root, `.` for the root itself."""

    name: str
    path: str
    group: str
    artifact: str
    version: str
    packaging: str
    release: int
    test_release: int
    encoding: str
    main: SourceSet
    test: SourceSet
    dependencies: tuple[Dependency, ...] = ()
    managed: tuple[Dependency, ...] = ()
    properties: Pairs = ()
    repositories: tuple[Repository, ...] = ()
    plugins: tuple[PluginConfig, ...] = ()
    spring_boot: str | None = None
    parents: tuple[str, ...] = ()
    """The chain of parents, nearest first, each `group:artifact:version`."""
    modules: tuple[str, ...] = ()
    """Paths (relative to the project's root) of the modules that this one aggregates."""
    jars: tuple[Path, ...] = ()
    """Jars that lie in the project itself (`lib/*.jar` and the like)."""
    webapp: Path | None = None
    resolved_by: Literal["maven", "static"] = "static"

    def plugin(self, artifact: str) -> PluginConfig | None:
        return next((p for p in self.plugins if p.artifact == artifact), None)

    def property(self, name: str, default: str = "") -> str:
        return dict(self.properties).get(name, default)


@dataclass(frozen=True, slots=True)
class Project:
    """A monolith as found. `root` is never written to."""

    name: str
    root: Path
    origin: str
    kind: ProjectKind
    modules: tuple[Module, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    rewritten: tuple[tuple[str, Path], ...] = ()
    """Files that were rewritten before they were read: their paths, and where the files are that the user wrote."""

    def module(self, name: str) -> Module:
        """The module of that name or path. Raises KeyError."""
        for module in self.modules:
            if name in (module.name, module.path):
                return module
        raise KeyError(name)

    def java_files(self) -> Iterator[tuple[Module, bool, str]]:
        """Every .java file once: its module, whether it is a test, its path relative to the root."""
        for module in self.modules:
            for file in module.main.files:
                yield module, False, file
            for file in module.test.files:
                yield module, True, file

    def reactor(self, dependency: Dependency) -> Module | None:
        """The project's own module that `dependency` names, or None for a library."""
        for module in self.modules:
            if (module.group, module.artifact) == (dependency.group, dependency.artifact):
                return module
        return None

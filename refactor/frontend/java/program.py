"""Java files -> Program: parse, declare, resolve, lower."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from refactor.frontend.java.annotations import Annotations
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.build_declarations import UnitBuilder
from refactor.frontend.java.classes import DONE, HEADER, Cls, TypeLibrary, World
from refactor.frontend.java.declarations import members
from refactor.frontend.java.deep import deep, on_thread
from refactor.frontend.java.files import JavaFile, Source
from refactor.frontend.java.headers import declare_file, header, unknown_parents
from refactor.frontend.java.imports import imports_of
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.parse import parse
from refactor.frontend.java.scopes import FileScope
from refactor.frontend.java.share import Declared, Share, annotate, said_by, said_of_library, take_share
from refactor.frontend.java.symbols import class_symbol
from refactor.frontend.java.workers import can_fork, divide, fitting, in_processes
from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.model import Project
from refactor.ir.program import Body, Import, Library, Program, SourceFile
from refactor.ir.symbols import Origin
from refactor.support.diagnostics import Diagnostic, Severity


class JavaLibraryLike(TypeLibrary, Protocol):
    """A Library that also answers for packages (frontend.java.library.JavaLibrary)."""


def load(root: Path, files: Sequence[JavaFile], library: Library, jobs: int | None = None, bodies: bool = True) -> Program:
    """The Program of `files`. Deep expressions recurse, so the work is done on threads with a large stack.

    Without `bodies` all names are resolved and nothing is lowered: `Program.bodies` is empty. `jobs`: how many processes share the
    work inside classes, None for as many as fit the size; the Program is the same. Where processes cannot be forked safely
    (`workers.can_fork`) there is one.
    """
    with deep():
        declared, said = on_thread(lambda: _declare(files, library, bodies))
        sizes = [len(source.data) for source, _ in declared.sources]
        wanted = fitting(sum(sizes)) if jobs is None else jobs
        if wanted == 1 or len(files) == 1 or not can_fork():
            whole = {source.path for source, _ in declared.sources}
            return on_thread(lambda: _program(root, declared, said, [take_share(declared, whole)]))
        parts = divide(sizes, wanted)
        paths = [frozenset(declared.sources[at][0].path for at in part) for part in parts]
        # Here no other thread runs, so a fork copies no lock that nobody will release.
        shares = in_processes(len(paths), lambda at: take_share(declared, paths[at]))
        return _program(root, declared, said, shares)


def load_project(project: Project, jobs: int | None = None, library: Library | None = None, bodies: bool = True) -> Program:
    """The Program of a discovered project: all its modules, main and test sources, against their joint class path."""
    files = [
        JavaFile(path, project.root / path, module.name, Origin.TEST if is_test else Origin.MAIN, module.encoding)
        for module, is_test, path in project.java_files()
    ]
    if library is None:
        jars = dict.fromkeys(jar for module in project.modules for jar in resolve_classpath(project, module))
        release = max((m.release for m in project.modules), default=17)
        library = JavaLibrary(tuple(jars), max(release, *(m.test_release for m in project.modules), 8))
    return load(project.root, files, library, jobs, bodies)


def _declare(files: Sequence[JavaFile], library: Library, lowered: bool) -> tuple[Declared, list[Diagnostic]]:
    """Everything outside code: files, classes, headers, members, annotations."""
    said: list[Diagnostic] = []
    world = World(library)  # type: ignore[arg-type]
    sources: list[tuple[Source, FileScope]] = []
    builder = UnitBuilder()
    for file in sorted(files, key=lambda f: f.path):
        parsed = parse(file, builder, bodies=False)
        said.extend(parsed.diagnostics)
        if parsed.source is not None:
            scope, more = declare_file(world, parsed.source)
            said.extend(more)
            sources.append((parsed.source, scope))
    classes = list(world.sources.values())
    for cls in classes:
        _step(header, world, cls, HEADER, said)
    world.entered = True
    for cls in classes:
        _step(members, world, cls, DONE, said)
        said.extend(_unknown_parents(cls))
    attribute = Attribute(world)
    annotations = Annotations(attribute)
    annotated = {cls.name: annotate(annotations, cls, said) for cls in classes}
    return Declared(world, library, library.diagnostics, sources, classes, attribute, annotations, annotated, lowered, builder), said


def _program(root: Path, declared: Declared, said: Sequence[Diagnostic], shares: Sequence[Share]) -> Program:
    """The shares joined in the order of the single run."""
    world = declared.world
    for share in shares[1:]:  # found by other processes
        for name, field, value in share.constants:
            object.__setattr__(world.sources[name].fields[field], "constant", value)
    symbols = [class_symbol(cls, declared.annotated[cls.name]) for cls in declared.classes]
    symbols += [symbol for share in shares for symbol in share.inside]
    for cls in world.sources.values():
        cls.decl = cls.scope = cls.outer = None  # breaks the cycles: the trees go now, without a collection
    references = {path: found for share in shares for path, found in share.references.items()}
    bodies: dict[str, Body] = {}
    lowered = {path: found for share in shares for path, found in share.bodies.items()}
    for source, _ in declared.sources:
        bodies.update(lowered[source.path])
    packages = {cls.package for cls in declared.classes}
    return Program(
        root=root,
        language="java",
        files={s.path: _source_file(s, imports_of(world, packages, s)) for s, _ in declared.sources},
        classes={symbol.name: symbol for symbol in sorted(symbols, key=lambda s: s.name)},
        bodies=bodies,
        references={s.path: references[s.path] for s, _ in declared.sources},
        library=declared.library,
        diagnostics=(*declared.heard, *said_of_library(shares), *said, *said_by(shares)),
    )


def _step(step: Callable[[World, Cls], None], world: World, cls: Cls, state: int, said: list[Diagnostic]) -> None:
    """One step of declaring a class. A defect here costs what the step had not found yet, not the run."""
    try:
        step(world, cls)
    except Exception as error:
        cls.state = state
        message = f"{cls.name} cannot be declared completely ({type(error).__name__}: {error})"
        assert cls.source is not None
        assert cls.decl is not None
        said.append(Diagnostic("java/unresolved", Severity.WARNING, message, cls.source.span_of(cls.decl)))


def _unknown_parents(cls: Cls) -> list[Diagnostic]:
    source = cls.source
    assert source is not None
    return [
        Diagnostic(
            "java/unresolved",
            Severity.WARNING,
            f"supertype of {cls.name}: {getattr(node.type, 'reason', 'not a class')}",
            source.span_of(node),
            help="is the library on the class path?",
        )
        for node in unknown_parents(cls)
    ]


def _source_file(source: Source, imports: tuple[Import, ...]) -> SourceFile:
    unit = source.unit
    assert unit is not None
    tops = tuple(d.binary for d in unit.types)
    return SourceFile(source.path, source.file.module, source.file.origin, unit.package, tops, source.sha256, imports)

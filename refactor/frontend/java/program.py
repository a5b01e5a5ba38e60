"""Java files -> Program: parse, declare, resolve, lower."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Protocol

from refactor.frontend.java import tree as t
from refactor.frontend.java.annotations import Annotations
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.build_declarations import UnitBuilder
from refactor.frontend.java.classes import DONE, HEADER, Cls, TypeLibrary, World
from refactor.frontend.java.declarations import members
from refactor.frontend.java.files import JavaFile, Source
from refactor.frontend.java.headers import declare_file, header, unknown_parents
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.lower import Lower
from refactor.frontend.java.parse import parse
from refactor.frontend.java.scopes import FileScope, Scope
from refactor.frontend.java.symbols import class_symbol
from refactor.frontend.java.uses import Uses
from refactor.frontend.project.classpath import resolve_classpath
from refactor.frontend.project.model import Project
from refactor.ir.program import Body, Library, Program, Reference, SourceFile
from refactor.ir.symbols import Annotation, ClassSymbol, Origin
from refactor.support.diagnostics import Diagnostic, Severity

_STACK_BYTES = 512 << 20
_RECURSION = 200_000


class JavaLibraryLike(TypeLibrary, Protocol):
    """A Library that also answers for packages (frontend.java.library.JavaLibrary)."""


def load(root: Path, files: Sequence[JavaFile], library: Library, jobs: int = 1, bodies: bool = True) -> Program:
    """The Program of `files`. Deep expressions recurse, so the work is done on a thread with a large stack.

    Without `bodies` all names are resolved and nothing is lowered: `Program.bodies` is empty.
    """
    return _with_deep_stack(lambda: _load(root, files, library, bodies))


def load_project(project: Project, jobs: int = 1, library: Library | None = None, bodies: bool = True) -> Program:
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


def _with_deep_stack(work: Callable[[], Program]) -> Program:
    done: list[Program] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:
            failed.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size()
    collecting = gc.isenabled()
    gc.disable()  # the trees hold cycles; a collection would only walk them
    threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        thread = threading.Thread(target=run, name="java-front-end")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
        if collecting:
            gc.freeze()  # the first collection would walk all of the Program, and every later one again
            gc.enable()
    if failed:
        raise failed[0]
    return done[0]


def _load(root: Path, files: Sequence[JavaFile], library: Library, lowered: bool) -> Program:
    said: list[Diagnostic] = []
    world = World(library)  # type: ignore[arg-type]
    sources: list[tuple[Source, FileScope]] = []
    builder = UnitBuilder()
    for file in sorted(files, key=lambda f: f.path):
        parsed = parse(file, builder)
        said.extend(parsed.diagnostics)
        if parsed.source is not None:
            scope, more = declare_file(world, parsed.source)
            said.extend(more)
            sources.append((parsed.source, scope))
    declared = list(world.sources.values())
    for cls in declared:
        _step(header, world, cls, HEADER, said)
    world.entered = True
    for cls in declared:
        _step(members, world, cls, DONE, said)
        said.extend(_unknown_parents(cls))
    attribute = Attribute(world)
    annotations = Annotations(attribute)
    annotated = {cls.name: _annotate(annotations, cls, said) for cls in declared}
    for cls in declared:
        attribute.class_body(cls)
    bodies: dict[str, Body] = {}
    said.extend(attribute.said)
    inside: dict[str, list[t.ClassDecl]] = {}
    for cls in world.sources.values():
        if cls.decl is not None and cls.source is not None:
            inside.setdefault(cls.source.path, []).append(cls.decl)
    references: dict[str, tuple[Reference, ...]] = {}
    for source, scope in sources:
        unit = source.unit
        assert unit is not None
        annotations.of(unit.package_annotations, Scope(None, None, scope))
        uses = Uses(world, source)
        uses.unit(unit, inside.get(source.path, ()))
        lower = Lower(attribute, source, bodies)
        lower.said = said
        for decl in _member_classes(unit.types) if lowered else ():
            if decl.cls is not None:
                lower.class_bodies(decl.cls)
        said.extend(_unresolved(uses.found))
        references[source.path] = tuple(sorted([*scope.references, *uses.found], key=_place))
    classes: dict[str, ClassSymbol] = {}
    for cls in sorted(world.sources.values(), key=lambda c: c.name):
        found = annotated[cls.name] if cls.name in annotated else _annotate(annotations, cls, said)
        classes[cls.name] = class_symbol(cls, found)
    for cls in world.sources.values():
        cls.decl = cls.scope = cls.outer = None  # breaks the cycles: the trees go now, without a collection
    return Program(
        root=root,
        language="java",
        files={s.path: _source_file(s) for s, _ in sources},
        classes=classes,
        bodies=bodies,
        references=references,
        library=library,
        diagnostics=(*library.diagnostics, *said),
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


def _annotate(annotations: Annotations, cls: Cls, said: list[Diagnostic]) -> tuple[Annotation, ...]:
    """The annotations of one class and its members. A defect here costs them, not the run."""
    try:
        return annotations.annotate(cls)
    except Exception as error:
        message = f"the annotations of {cls.name} cannot be resolved ({type(error).__name__}: {error})"
        assert cls.source is not None
        assert cls.decl is not None
        said.append(Diagnostic("java/unresolved", Severity.WARNING, message, cls.source.span_of(cls.decl)))
        return ()


def _member_classes(decls: Sequence[t.ClassDecl]) -> list[t.ClassDecl]:
    """Top-level and member classes; those inside code are lowered where they stand."""
    found: list[t.ClassDecl] = []
    for decl in decls:
        found.append(decl)
        found.extend(_member_classes([m for m in decl.members if isinstance(m, t.ClassDecl)]))
    return found


_place = attrgetter("span.start", "span.end")
"""What references are sorted by."""


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


def _unresolved(references: Sequence[Reference]) -> list[Diagnostic]:
    """One warning for each reason why members of a file could not be resolved, at the first place."""
    found: dict[str, list[Reference]] = {}
    for reference in references:
        if reference.target is None:
            found.setdefault(reference.reason, []).append(reference)
    said = []
    for reason, places in sorted(found.items(), key=lambda item: min(map(_place, item[1]))):
        first = min(places, key=_place)
        more = f" (and {len(places) - 1} more in this file)" if len(places) > 1 else ""
        said.append(Diagnostic("java/unresolved", Severity.WARNING, f"{first.kind.value} not resolved: {reason}{more}", first.span))
    return said


def _source_file(source: Source) -> SourceFile:
    unit = source.unit
    assert unit is not None
    return SourceFile(
        source.path, source.file.module, source.file.origin, unit.package, tuple(d.binary for d in unit.types), source.sha256
    )

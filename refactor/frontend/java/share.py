"""A share of the files: everything inside their classes attributed, collected and lowered. The shares together are the program.

One process does it all in one share; `workers.py` gives each process its own. What a share finds carries its place in the order of the
single run, so that any division of the files makes the same Program, diagnostics included.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from refactor.frontend.java import tree as t
from refactor.frontend.java.annotations import Annotations
from refactor.frontend.java.attribute import Attribute
from refactor.frontend.java.build_declarations import UnitBuilder
from refactor.frontend.java.classes import Cls, World
from refactor.frontend.java.files import Source
from refactor.frontend.java.lower import Lower
from refactor.frontend.java.parse import complete
from refactor.frontend.java.scopes import FileScope, Scope
from refactor.frontend.java.symbols import class_symbol
from refactor.frontend.java.uses import Uses
from refactor.ir.program import Body, Library, Reference
from refactor.ir.symbols import Annotation, ClassSymbol
from refactor.support.diagnostics import Diagnostic, Severity

Place = tuple[int, int, int, str]
"""Where in the single run a diagnostic is said: the file, the step there, then the position or name in it."""
_BODIES, _CLASSES, _FILES, _INSIDE = range(4)


@dataclass(slots=True)
class Declared:
    """What all shares start from: every class outside code is declared, with its members and annotations.

    `heard`: what the library has said so far.
    """

    world: World
    library: Library
    heard: tuple[Diagnostic, ...]
    sources: Sequence[tuple[Source, FileScope]]
    classes: Sequence[Cls]
    attribute: Attribute
    annotations: Annotations
    annotated: dict[str, tuple[Annotation, ...]]
    lowered: bool
    builder: UnitBuilder


@dataclass(frozen=True, slots=True)
class Share:
    """What was found in some of the files.

    `constants`: (class, field, value) of the fields whose constants are known now. `inside`: the classes inside code, which only
    attribution finds. `said` and `library` (what was said about class files): each with its place.
    """

    references: dict[str, tuple[Reference, ...]]
    bodies: dict[str, dict[str, Body]]  # by file
    inside: tuple[ClassSymbol, ...]
    constants: tuple[tuple[str, str, object], ...]
    said: tuple[tuple[Place, Diagnostic], ...]
    library: tuple[tuple[Place, Diagnostic], ...]


def take_share(declared: Declared, paths: Collection[str]) -> Share:
    """Build the trees of the bodies, attribute, collect and lower the files `paths`.

    before: declared classes whose bodies are concrete trees   after: the references, bodies, local and anonymous classes of these files
    """
    return _Taking(declared, paths).run()


class _Taking:
    def __init__(self, declared: Declared, paths: Collection[str]) -> None:
        self.declared, self.paths = declared, paths
        self.said: list[tuple[Place, Diagnostic]] = []
        self.library: list[tuple[Place, Diagnostic]] = []
        self.heard = len(declared.heard)

    def run(self) -> Share:
        declared = self.declared
        own: dict[str, list[tuple[int, Cls]]] = {path: [] for path in self.paths}
        for at, cls in enumerate(declared.classes):
            if cls.source is not None and cls.source.path in own:
                own[cls.source.path].append((at, cls))
        references: dict[str, tuple[Reference, ...]] = {}
        bodies: dict[str, dict[str, Body]] = {}
        inside: list[ClassSymbol] = []
        for at, (source, scope) in enumerate(declared.sources):
            if source.path in own:
                bodies[source.path] = {}
                references[source.path] = self.whole(at, source, scope, own[source.path], bodies[source.path], inside)
        everyone = (cls for classes in own.values() for _, cls in classes)
        constants = [(c.name, f.name, f.constant) for c in everyone for f in c.fields.values() if f.constant is not None]
        inside.sort(key=lambda symbol: symbol.name)
        return Share(references, bodies, tuple(inside), tuple(constants), tuple(self.said), tuple(self.library))

    def whole(
        self,
        at: int,
        source: Source,
        scope: FileScope,
        own: Sequence[tuple[int, Cls]],
        bodies: dict[str, Body],
        inside: list[ClassSymbol],
    ) -> tuple[Reference, ...]:
        """One file from concrete to nothing: the trees of its bodies are needed for no other one, and take most of the memory."""
        declared = self.declared
        sources = declared.world.sources
        attribute = declared.attribute
        self.note((at, _BODIES, 0, ""), complete(source, declared.builder))
        known = len(sources)
        for position, cls in own:
            attribute.class_body(cls)
            self.note((at, _CLASSES, position, ""), attribute.said)
            attribute.said.clear()
        met = list(islice(reversed(sources.values()), len(sources) - known))
        found = [cls for cls in reversed(met) if cls.source is source]
        decls = [cls.decl for cls in (*(cls for _, cls in own), *found) if cls.decl is not None]
        references = self.file(at, source, scope, decls, bodies)
        inside += [self.inner(at, cls) for cls in sorted(found, key=lambda c: c.name)]
        for decl in decls:
            decl.forget_bodies()
        for cls in found:
            cls.decl = cls.scope = cls.outer = None  # breaks the cycles
        source.forget_spans()
        return references

    def file(
        self, at: int, source: Source, scope: FileScope, decls: Iterable[t.ClassDecl], bodies: dict[str, Body]
    ) -> tuple[Reference, ...]:
        unit = source.unit
        assert unit is not None
        self.declared.annotations.of(unit.package_annotations, Scope(None, None, scope))
        uses = Uses(self.declared.world, source)
        uses.unit(unit, decls)
        said: list[Diagnostic] = []
        lower = Lower(self.declared.attribute, source, bodies)
        lower.said = said
        for decl in _member_classes(unit.types) if self.declared.lowered else ():
            if decl.cls is not None:
                lower.class_bodies(decl.cls)
        self.note((at, _FILES, 0, ""), [*said, *_unresolved(uses.found)])
        return tuple(sorted([*scope.references, *uses.found], key=_place))

    def inner(self, at: int, cls: Cls) -> ClassSymbol:
        said: list[Diagnostic] = []
        found = class_symbol(cls, annotate(self.declared.annotations, cls, said))
        self.note((at, _INSIDE, 0, cls.name), said)
        return found

    def note(self, place: Place, said: Iterable[Diagnostic]) -> None:
        self.said.extend([(place, diagnostic) for diagnostic in said])
        heard = self.declared.library.diagnostics
        if len(heard) > self.heard:
            self.library.extend([(place, diagnostic) for diagnostic in heard[self.heard :]])
            self.heard = len(heard)


def annotate(annotations: Annotations, cls: Cls, said: list[Diagnostic]) -> tuple[Annotation, ...]:
    """The annotations of one class and its members. A defect here costs them, not the run."""
    try:
        return annotations.annotate(cls)
    except Exception as error:
        message = f"the annotations of {cls.name} cannot be resolved ({type(error).__name__}: {error})"
        assert cls.source is not None
        assert cls.decl is not None
        said.append(Diagnostic("java/unresolved", Severity.WARNING, message, cls.source.span_of(cls.decl)))
        return ()


def said_by(shares: Sequence[Share]) -> list[Diagnostic]:
    """The diagnostics of all shares in the order of the single run."""
    return [said for _, said in sorted([one for share in shares for one in share.said], key=lambda one: one[0])]


def said_of_library(shares: Sequence[Share]) -> list[Diagnostic]:
    """What the shares heard about class files, in the order of the single run: two may have opened the same file, the first counts.

    before: [[(2, x), (5, y)], [(1, y)]]   after: [y, x]
    """
    first: dict[tuple[Diagnostic, int], Place] = {}
    for share in shares:
        count: dict[Diagnostic, int] = {}
        for place, diagnostic in share.library:
            nth = count[diagnostic] = count.get(diagnostic, 0) + 1
            known = first.get((diagnostic, nth))
            if known is None or place < known:
                first[diagnostic, nth] = place
    return [diagnostic for (diagnostic, _), _ in sorted(first.items(), key=lambda item: item[1])]


_place = attrgetter("span.start", "span.end")
"""What references are sorted by."""


def _member_classes(decls: Sequence[t.ClassDecl]) -> list[t.ClassDecl]:
    """Top-level and member classes; those inside code are lowered where they stand."""
    found: list[t.ClassDecl] = []
    for decl in decls:
        found.append(decl)
        found.extend(_member_classes([m for m in decl.members if isinstance(m, t.ClassDecl)]))
    return found


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

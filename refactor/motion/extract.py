"""Extract class with delegation: named pieces of a class become classes of their own, and the program does what it did.

before:  class Catalog { private int hits; Page find(String q) { hits++; ... }                        int size() { ... } }
after:   class Catalog { final CatalogFind catalogFind = new CatalogFind();
                         Page find(String q) { return catalogFind.find(q); }                          int size() { ... } }
         class CatalogFind { private int hits; Page find(String q) { hits++; ... } }

The class keeps its name, its object and everything that others can name; one object of it has one object of the piece, made first.
Code that moved refers back to the old object for what stayed, so locks, virtual calls and `this` mean what they meant. A field moves
with its initialiser where that is the same whenever it runs; else the old class runs it where it stood.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from refactor.codegen.spring.imports import imported
from refactor.codegen.spring.syntax import child, identifiers, parse
from refactor.ir.statements import Invoke
from refactor.ir.symbols import ClassSymbol, FieldSymbol, MethodSymbol
from refactor.isolate.context import Analyses
from refactor.isolate.pieces import Piece, groups_of
from refactor.isolate.plan import MovedPiece, Refusal
from refactor.motion.classtext import Block, ClassText, type_of
from refactor.motion.model import Motion, Unit
from refactor.motion.newfile import hoisted, new_file, use_edits
from refactor.motion.rest import delegation, holder_field, mirrored_initials, outside_edits
from refactor.motion.scene import Scene
from refactor.motion.units import Names, make_unit, range_of
from refactor.motion.uses import uses_in
from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Edit, apply_edits

Wanted = Mapping[str, Mapping[str, Sequence[Piece]]]
"""Class -> group (what goes to one new class, for example a part's name) -> pieces."""


def extract(analyses: Analyses, wanted: Wanted) -> Motion:
    """before: the analyses of a program, and the pieces that should move   after: a Motion: new files, edits, or refusals

    Deterministic; nothing is moved of a class that has a refusal.
    """
    names = Names(analyses.facts.program)
    moved: list[MovedPiece] = []
    refusals: list[Refusal] = []
    for name in sorted(wanted):
        cls = analyses.facts.symbol(name)
        pieces = [p for group in wanted[name].values() for p in group]
        stuck = [p for p in pieces if p.hindrance is not None]
        refusals += [Refusal(h.rule, h.span, f"{p.name}: {h.message}", (name,), h.help) for p in stuck if (h := p.hindrance) is not None]
        if not stuck:
            done, refused = _extract_class(analyses, cls, wanted[name], names)
            moved += done
            refusals += refused
    labels = {piece: m.name for m in moved for piece in m.pieces}
    return Motion(tuple(moved), labels, tuple(refusals), tuple(_frames(analyses)) if moved else ())


def _extract_class(
    analyses: Analyses, cls: ClassSymbol, wanted: Mapping[str, Sequence[Piece]], names: Names
) -> tuple[list[MovedPiece], list[Refusal]]:
    program = analyses.facts.program
    source = parse(cls.file, program.source(cls.file))
    text, uses = ClassText(source, cls), uses_in(analyses.facts, cls, source)
    groups = groups_of(analyses, cls)
    units = tuple(make_unit(analyses, text, uses, wanted[key], groups, names) for key in sorted(wanted))
    scene = Scene(analyses, text, uses, units)
    _check_names(scene)
    inside = {unit.name: use_edits(scene, unit) for unit in units}
    gone = _unused(scene)
    edits = list(_class_edits(scene, gone))
    made = [(unit, *new_file(scene, unit, inside[unit.name])) for unit in units]
    edits = sorted({*edits, *(holder_field(scene, u) for u in units if not u.static)})
    if scene.refused:
        kept = dict.fromkeys(scene.refused)
        labels = ", ".join(p for u in units for p in u.pieces)
        return [], [Refusal(h.rule, h.span, f"{labels}: {h.message}", (cls.name,), h.help) for h in kept]
    edits += _lost_imports(scene, edits)
    moved = []
    for at, (unit, written, copied) in enumerate(made):
        file = posixpath.join(posixpath.dirname(cls.file), f"{unit.simple_name}.java")
        members = tuple(sorted({*unit.methods, *unit.fields, *unit.nested}))
        own = tuple(edits) if at == 0 else ()  # the edits of one file are listed once
        digest = program.files[cls.file].sha256
        moved.append(MovedPiece(unit.name, cls.name, unit.pieces, members, file, written, source.encoding, cls.file, digest, own, copied))
    return moved, []


def _class_edits(scene: Scene, gone: frozenset[str]) -> Iterator[Edit]:
    """The edits of the old class: what moved is removed or delegates, and what stays finds it."""
    away = list(_removals(scene, gone))
    for symbol in scene.widened.values():
        private = scene.text.modifier(scene.text.block(symbol).node, "private")
        if private is not None:
            yield scene.edit(*private, "", "code that moved uses it")
    bodies = []
    for unit in scene.units:
        for method in scene.cls.methods:
            if method.key in unit.methods and not scene.removed(method):
                edit = delegation(scene, unit, method, scene.text.block(method))
                bodies.append((edit.start, edit.end))
                scene.shown.add(method.key)
                yield edit
    skipped = [*bodies, *((e.start, e.end) for e in away)]
    yield from away
    for use in scene.uses:
        if not any(start <= use.span.start < end for start, end in skipped):
            yield from outside_edits(scene, use)
    for edit in mirrored_initials(scene):
        if not any(start <= edit.start < end for start, end in skipped):
            yield edit


def _removals(scene: Scene, gone: frozenset[str]) -> Iterator[Edit]:
    text = scene.text
    for unit in scene.units:
        for method in scene.cls.methods:
            if method.key in unit.methods and scene.removed(method):
                yield _remove(scene, text.block(method), unit)
        for name in sorted(unit.nested):
            yield _remove(scene, text.block(scene.analyses.facts.symbol(name)), unit)
        seen: set[int] = set()
        for field in scene.cls.fields:
            if field.key in unit.fields and (block := text.block(field)).start not in seen:
                seen.add(block.start)
                yield from _field_removal(scene, unit, field, block)
    members: list[MethodSymbol | FieldSymbol] = [*scene.cls.methods, *scene.cls.fields]
    for member in members:
        if member.key in gone:
            block = text.block(member)
            yield scene.edit(*scene.text.without(block), "", f"nothing in {scene.cls.simple_name} uses it any more")


def _remove(scene: Scene, block: Block, unit: Unit) -> Edit:
    return scene.edit(*scene.text.without(block), "", f"moved to {unit.simple_name}")


def _field_removal(scene: Scene, unit: Unit, field: FieldSymbol, block: Block) -> Iterator[Edit]:
    """A field's declaration goes; an initialiser that has to run where it stood becomes a block."""
    value = hoisted(scene, unit, field)
    if value is None:
        yield _remove(scene, block, unit)
        return
    scene.shown.add(field.key)
    static = bool(scene.text.modifier(block.node, "static"))
    target = unit.simple_name if static else unit.holder
    # `int[] a = {1}` is short for `int[] a = new int[] {1}`, which only a declaration can be.
    made = f"new {type_of(scene.text, field)} " if value.type == "array_initializer" else ""
    opening = f"{scene.text.indent(block.node)}{'static ' if static else ''}{{ {target}.{field.name} = {made}"
    why = f"{field.name} moved to {unit.simple_name}, and is set when it was before"
    yield scene.edit(block.start, value.start_byte, opening, why)
    yield scene.edit(value.end_byte, block.end, f"; }}{scene.text.newline}", why)


def _unused(scene: Scene) -> frozenset[str]:
    """Copied private code and constants that nothing of the old class uses any more."""
    copies = {k for u in scene.units for k in (*u.copied, *u.constants)}
    own: list[MethodSymbol | FieldSymbol] = [*scene.cls.methods, *scene.cls.fields]
    members = {m.key: m for m in own if m.key in copies}
    found = {k for k, m in members.items() if not isinstance(m, FieldSymbol) or _alone(scene, m)}
    away = [(e.start, e.end) for e in _removals(scene, frozenset())]
    bodies = [m for u in scene.units for m in scene.cls.methods if m.key in u.methods]
    away += [(b.start_byte, b.end_byte) for m in bodies if (b := scene.text.block(m).node.child_by_field_name("body")) is not None]
    while True:
        hidden = away + [range_of(scene.analyses, scene.text, k) for k in found]
        used = {u.target for u in scene.uses if not any(s <= u.span.start < e for s, e in hidden)}
        less = found - used
        if less == found:
            return frozenset(found)
        found = less


def _alone(scene: Scene, field: FieldSymbol) -> bool:
    node = scene.text.block(field).node
    return sum(n.type == "variable_declarator" for n in node.named_children) == 1


def _lost_imports(scene: Scene, edits: list[Edit]) -> list[Edit]:
    """Imports that only the code that moved needed: a class that is not named is not needed in the part."""
    source = scene.text.source
    written = apply_edits(source.data, edits).decode(source.encoding)
    nodes = [n for n in source.imports() if child(n, "asterisk") is None]
    texts = [source.text(n) for n in source.imports()]
    was, words = (identifiers(_without(t, texts)) for t in (source.data.decode(source.encoding), written))
    found = []
    for node in nodes:
        name = source.plain(imported(node)).rpartition(".")[2]
        if name in was and name not in words:
            end = node.end_byte + (1 if source.data[node.end_byte : node.end_byte + 1] == b"\n" else 0)
            found.append(scene.edit(node.start_byte, end, "", f"nothing in {posixpath.basename(source.path)} uses it any more"))
    return found


def _without(text: str, gone: list[str]) -> str:
    for line in gone:
        text = text.replace(line, "", 1)
    return text


def _check_names(scene: Scene) -> None:
    """A variable that is called like the class would hide it where moved code names it."""
    source, short = scene.text.source, scene.cls.simple_name
    for node in (n for n in source.declared.values() if n.type == "variable_declarator"):
        name = node.child_by_field_name("name")
        if name is not None and source.text(name) == short:
            scene.refuse("extract/name", f"a variable is called {short}, like the class", scene.cls.name_span, "rename it")
    if not scene.text.cls.simple_name.isascii() and source.encoding != "utf-8":
        scene.refuse("extract/encoding", f"{short} cannot be written in the file's encoding", scene.cls.name_span, "use UTF-8")


def _frames(analyses: Analyses) -> Iterator[Diagnostic]:
    """Who reads the frames of calls sees those of the new classes."""
    sites = (s for s in analyses.facts.sites(Invoke) if not analyses.facts.is_test(s.top))
    for site in sites:
        if isinstance(site.statement, Invoke) and analyses.known.sinks["frames"].matches(site.statement.method):
            message = "frames of calls are read here: code that moved shows under the name of its new class"
            yield Diagnostic("extract/frames", Severity.WARNING, message, site.statement.span)

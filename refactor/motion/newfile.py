"""The file of a new class: the members' own text in the order of the source, edited where a name would mean something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from refactor.codegen.spring.imports import imported
from refactor.codegen.spring.syntax import child, identifiers
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.isolate.initial import repeatable_initial
from refactor.motion.classtext import Block, type_of
from refactor.motion.inside import inside_edits, this_edits
from refactor.motion.model import Unit
from refactor.motion.scene import Scene, names_of
from refactor.motion.units import within
from refactor.support.source import Edit, apply_edits

_KEPT = frozenset({"SuppressWarnings", "Deprecated", "SafeVarargs"})


def blocks_of(scene: Scene, unit: Unit) -> list[tuple[Block, tuple[str, ...]]]:
    """The members that the new class takes from the old one's text, with the keys that each declares, in source order."""
    found: dict[int, tuple[Block, list[str]]] = {}
    members: list[MethodSymbol | FieldSymbol | ClassSymbol] = [m for m in scene.cls.methods if m.key in unit.methods | unit.copied]
    members += [f for f in scene.cls.fields if f.key in unit.fields | unit.constants]
    members += [scene.analyses.facts.symbol(n) for n in unit.nested]
    for member in members:
        block = scene.text.block(member)
        key = member.name if isinstance(member, ClassSymbol) else member.key
        found.setdefault(block.start, (block, []))[1].append(key)
    return [(found[at][0], tuple(found[at][1])) for at in sorted(found)]


def hoisted(scene: Scene, unit: Unit, field: FieldSymbol) -> Node | None:
    """The initialiser of a moved field that has to run where it stood, in the old class; None where it runs the same anywhere."""
    value = scene.text.declarator(field).child_by_field_name("value")
    if value is None or field.constant is not None or field.key not in unit.fields:
        return None
    return None if repeatable_initial(scene.analyses, scene.cls, field, alone=False) else value


def use_edits(scene: Scene, unit: Unit) -> dict[int, list[Edit]]:
    """before: a unit   after: for each of its blocks (by start) the edits of its uses of names; fills `scene` with what they need"""
    found: dict[int, list[Edit]] = {}
    for block, keys in blocks_of(scene, unit):
        dropped = _dropped(scene, block) + [
            (v.start_byte, v.end_byte) for f in scene.cls.fields if f.key in keys and (v := hoisted(scene, unit, f)) is not None
        ]
        edits = found.setdefault(block.start, [])
        for use in within(scene.text, scene.uses, block.start, block.end):
            if not any(s <= use.span.start < e for s, e in dropped):
                edits.extend(inside_edits(scene, unit, use))
        for node in scene.text.own_this(block):
            if not any(s <= node.start_byte < e for s, e in dropped):
                edits.extend(this_edits(scene, unit, node))
    return found


def _dropped(scene: Scene, block: Block) -> list[tuple[int, int]]:
    return scene.text.annotations(block.node, _KEPT) if block.node.type == "method_declaration" else []


def new_file(scene: Scene, unit: Unit, uses: dict[int, list[Edit]]) -> tuple[str, tuple[Edit, ...]]:
    """before: a unit and the edits of its uses   after: the text of its file, and every edit of a member's text in it"""
    text, source = scene.text, scene.text.source
    edits: list[Edit] = []
    body: list[str] = []
    last = -1
    for block, keys in blocks_of(scene, unit):
        own = sorted({*uses[block.start], *_header_edits(scene, unit, block, keys)})
        edits += own
        moved = [Edit(e.file, e.start - block.start, e.end - block.start, e.text) for e in own]
        raw = source.data[block.start : block.end]
        data = apply_edits(raw, moved).decode(source.encoding)
        body += [] if last in (-1, block.start) else [text.newline]
        body.append(data if data.endswith("\n") else data + text.newline)
        last = block.end
    inner = _members(scene, unit)
    blank = [text.newline] if inner and body else []
    written = "".join([*inner, *blank, *body])
    params, _ = text.type_params()
    declared = f"class {unit.simple_name}{params} {{"
    lines = [*_lead(scene), *_imports(scene, written + declared), _comment(scene, unit), *_class_annotations(scene), declared]
    return text.newline.join(lines) + text.newline + written + "}" + text.newline, tuple(edits)


def _header_edits(scene: Scene, unit: Unit, block: Block, keys: tuple[str, ...]) -> Iterator[Edit]:
    """Modifiers and annotations that the old declaration keeps for itself."""
    text, node = scene.text, block.node
    short = scene.cls.simple_name
    for start, end in _dropped(scene, block):
        yield scene.edit(start, end, "", f"the annotation is about {short}")
    if node.type == "method_declaration":
        locked = text.modifier(node, "synchronized")
        if locked is not None:
            yield scene.edit(*locked, "", f"{short} locks before it calls this")
    if any(k in scene.shown for k in keys):
        hidden = text.modifier(node, "private")
        if hidden is not None:
            yield scene.edit(*hidden, "", f"{short} uses it")
    fields = [f for f in scene.cls.fields if f.key in keys]
    declarators = [n for n in node.named_children if n.type == "variable_declarator"]
    if declarators and len(fields) < len(declarators) and not _all_constants(scene, declarators):
        help_ = "declare each field by itself"
        scene.refuse("extract/declarators", f"{names_of(keys)} is declared together with a field that stays", fields[0].span, help_)
    assigned = any(k in unit.fields and k in scene.shown for k in keys)
    for field in fields:
        value = hoisted(scene, unit, field)
        if value is None:
            continue
        assigned = True
        declarator = text.declarator(field)
        if len(declarators) > 1:
            scene.refuse("extract/declarators", f"{field.name} is declared together with another field", field.span, "declare it by itself")
        else:
            before = declarator.child_by_field_name("dimensions") or declarator.child_by_field_name("name")
            assert before is not None
            yield scene.edit(before.end_byte, value.end_byte, "", f"{short} sets it when it did before")
    if assigned:
        final = text.modifier(node, "final")
        if final is not None and any(text.declarator(f).child_by_field_name("value") is None or hoisted(scene, unit, f) for f in fields):
            yield scene.edit(*final, "", f"{short} sets it")


def _all_constants(scene: Scene, declarators: Sequence[Node]) -> bool:
    """Whether all fields that one declaration makes are constants: a copy too many does no harm."""
    names = {scene.text.source.text(n) for d in declarators if (n := d.child_by_field_name("name")) is not None}
    return all(f.constant is not None and f.flags & Flags.FINAL for f in scene.cls.fields if f.name in names)


def _members(scene: Scene, unit: Unit) -> list[str]:
    """The reference to the old object with its constructor, and the references that both have."""
    text, short = scene.text, scene.cls.simple_name
    _, args = text.type_params()
    indent, line = text.indent(text.node) + text.step(), text.newline
    found = []
    for field in scene.cls.fields:
        if field.key in unit.mirrored:
            found.append(f"{indent}{type_of(text, field)} {field.name}; // {short}.{field.name}{line}")
    if unit.name in scene.backward:
        access = "" if unit.name in scene.reached else "private "
        found.append(f"{indent}{access}final {short}{args} {unit.owner};{line}{line}")
        step = text.step()
        found.append(f"{indent}{unit.simple_name}({short}{args} {unit.owner}) {{{line}")
        found.append(f"{indent}{step}this.{unit.owner} = {unit.owner};{line}{indent}}}{line}")
    return found


def _lead(scene: Scene) -> list[str]:
    """The file's own opening comment and its package."""
    source = scene.text.source
    node = child(source.root, "package_declaration")
    if node is None:
        return []
    lead = source.between(0, node.start_byte).rstrip()
    named = next(n for n in node.named_children if n.type in ("identifier", "scoped_identifier"))
    return [*([lead] if lead else []), f"package {source.plain(named)};", ""]


def _imports(scene: Scene, written: str) -> list[str]:
    """The imports that the new text may need."""
    source, words = scene.text.source, identifiers(written)
    found = []
    for node in source.imports():
        on_demand = child(node, "asterisk") is not None
        if on_demand or source.plain(imported(node)).rpartition(".")[2] in words:
            found.append(source.text(node))
    return [*found, ""] if found else []


def _comment(scene: Scene, unit: Unit) -> str:
    return f"/** The part of {{@link {scene.cls.simple_name}}} that shares no state with the rest of it: {_labels(unit)}. */"


def _labels(unit: Unit) -> str:
    names = list(dict.fromkeys(p.partition("~")[2].partition("(")[0] for p in unit.pieces))
    return ", ".join(names[:6]) + (" and others" if len(names) > 6 else "")


def _class_annotations(scene: Scene) -> list[str]:
    found = child(scene.text.node, "modifiers")
    nodes = [n for n in found.children if n.child_by_field_name("name") is not None] if found is not None else []
    return [scene.text.source.text(n) for n in nodes if scene.text.source.text(n).startswith("@SuppressWarnings")]

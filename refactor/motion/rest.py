"""What is left of the class: its methods that moved are one call, and what else names a moved member finds it through the piece.

before: private int hits;   Page find(String q) { hits++; ... }                       int total() { return hits + size; }
after:                      Page find(String q) { return catalogFind.find(q); }       int total() { return catalogFind.hits + size; }
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from refactor.ir.program import RefKind
from refactor.ir.symbols import FieldSymbol, Flags, MethodSymbol
from refactor.ir.types import PrimitiveType, Type
from refactor.motion.classtext import Block
from refactor.motion.model import Unit
from refactor.motion.scene import Scene, names_of
from refactor.motion.uses import Use
from refactor.support.source import Edit


def outside_edits(scene: Scene, use: Use) -> Iterator[Edit]:
    """before: a use in code that stays   after: the edits that let it find what moved"""
    if use.target is None:
        return
    if use.kind is RefKind.TYPE:
        yield from _type(scene, use)
        return
    unit = scene.unit_of(use.target)
    if use.kind is RefKind.NEW:
        owner = use.target.partition("#")[0]
        made, at = scene.analyses.facts.program.classes.get(owner), scene.unit_of(owner)
        if made is not None and at is not None:
            constructor = scene.member(use.target)
            if isinstance(constructor, MethodSymbol) and constructor.flags & Flags.PRIVATE:
                scene.refuse("extract/private-access", f"the constructor of {made.simple_name} is private", use.span)
        return
    member = scene.member(use.target)
    if unit is None:
        yield from _mirror(scene, use, member)
        return
    if isinstance(member, MethodSymbol):
        if not scene.removed(member):
            return
        scene.shown.add(member.key)
    elif isinstance(member, FieldSymbol):
        scene.shown.add(member.key)
    else:
        return
    why = f"{member.name} is in {unit.simple_name}"
    source, short = scene.text.source, scene.cls.simple_name
    if member.flags & Flags.STATIC:
        if use.before is None:
            yield scene.insert(use.node.start_byte, f"{unit.simple_name}.", why)
        elif source.plain(use.before) in ("this", short, scene.cls.name, f"{short}.this"):
            yield scene.replace(use.before, unit.simple_name, why)
        else:
            message = "a static member is named through an expression"
            scene.refuse("extract/static-through-object", message, use.span, f"write {short}.{member.name}")
    elif use.kind is RefKind.METHOD_REF:
        if use.own and use.before is not None:
            yield scene.insert(use.before.end_byte, f".{unit.holder}", why)
        else:
            scene.refuse("extract/private-access", f"{member.name} is named by ::", use.span, "write a lambda")
    else:
        yield scene.insert(use.node.start_byte, f"{unit.holder}.", why)


def _type(scene: Scene, use: Use) -> Iterator[Edit]:
    name = use.target or ""
    at = scene.unit_of(name)
    if at is None:
        return
    scene.shown.add(name)
    simple = name.rpartition("$")[2]
    if use.before is None:
        yield scene.insert(use.node.start_byte, f"{at.simple_name}.", f"{simple} is a class of {at.simple_name}")
    else:
        yield scene.replace(use.before, at.simple_name, f"{simple} is a class of {at.simple_name}")


def _mirror(scene: Scene, use: Use, member: object) -> Iterator[Edit]:
    """`this.dao = dao` becomes `this.dao = catalogFind.dao = dao`: both are set by one assignment."""
    if not isinstance(member, FieldSymbol):
        return
    units = [u for u in scene.units if member.key in u.mirrored]
    target: Node | None = use.node.parent if use.before is not None else use.node
    parent = target.parent if target is not None else None
    while parent is not None and parent.type == "parenthesized_expression":
        target, parent = parent, parent.parent
    if not units or parent is None or parent.type != "assignment_expression" or parent.child_by_field_name("left") != target:
        return
    operator = parent.child_by_field_name("operator")
    assert operator is not None
    for unit in units:
        yield scene.insert(operator.end_byte, f" {unit.holder}.{member.name} =", f"{unit.simple_name} has the same {member.name}")


def mirrored_initials(scene: Scene) -> Iterator[Edit]:
    """The same for fields that are set where they are declared."""
    for field in scene.cls.fields:
        value = scene.text.declarator(field).child_by_field_name("value") if field.name_span is not None else None
        for unit in scene.units:
            if value is not None and field.key in unit.mirrored:
                why = f"{unit.simple_name} has the same {field.name}"
                yield scene.insert(value.start_byte, f"{unit.holder}.{field.name} = ", why)


def delegation(scene: Scene, unit: Unit, method: MethodSymbol, block: Block) -> Edit:
    """The body of a method that moved: one call of it."""
    body = block.node.child_by_field_name("body")
    assert body is not None
    text, args = scene.text, ", ".join(p.name for p in method.params)
    params = ", ".join(p.name for p in method.type_params)
    target = unit.simple_name if method.flags & Flags.STATIC else unit.holder
    call = f"{target}.{f'<{params}>' if params else ''}{method.name}({args});"
    indent = text.indent(block.node)
    back = "" if _is_void(method.result) else "return "
    lines = f"{{{text.newline}{indent}{text.step()}{back}{call}{text.newline}{indent}}}"
    return scene.replace(body, lines, f"the code of {method.name} is in {unit.simple_name}")


def _is_void(type_: Type) -> bool:
    return isinstance(type_, PrimitiveType) and type_.name == "void"


def holder_field(scene: Scene, unit: Unit) -> Edit:
    """The field that refers to the new object: the first thing that is made of an object of the class."""
    text = scene.text
    first = next((n for n in text.body.named_children), None)
    indent = text.indent(first) if first is not None else text.indent(text.node) + text.step()
    _, args = text.type_params()
    made = f"new {unit.simple_name}{args}({'this' if unit.name in scene.backward else ''})"
    access = "" if unit.name in scene.reached else "private "
    line = f"{text.newline}{indent}{access}final {unit.simple_name}{args} {unit.holder} = {made};"
    return scene.insert(text.body.start_byte + 1, line, f"{names_of(sorted(unit.methods))} moved to {unit.simple_name}")

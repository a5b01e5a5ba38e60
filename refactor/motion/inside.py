"""Uses of names in code that moved, so that each still means what it meant.

before (in Catalog):       return dao.load(LIMIT) + Catalog.hits++ + pages();
after  (in CatalogFind):   return catalog.dao.load(LIMIT) + CatalogFind.hits++ + catalog.pages();
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from refactor.ir.program import RefKind
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.motion.model import Unit
from refactor.motion.scene import Scene
from refactor.motion.uses import Use
from refactor.support.source import Edit

_OBJECT = "java.lang.Object"
_MEMBERS = (RefKind.FIELD, RefKind.CALL, RefKind.METHOD_REF)


def inside_edits(scene: Scene, unit: Unit, use: Use) -> Iterator[Edit]:
    """before: a use in the text of something that is in the new class   after: the edits that keep its meaning"""
    if use.target is None:
        if use.before is None and use.kind is not RefKind.TYPE:
            scene.refuse("extract/unread", f"{scene.text.source.text(use.node)} could not be resolved", use.span, "is its library there?")
        return
    owner = use.target.partition("#")[0]
    cls = scene.cls
    if use.kind is RefKind.TYPE:
        yield from _type(scene, unit, use)
    elif use.kind is RefKind.NEW:
        _new(scene, unit, use)
    elif owner == cls.name:
        member = scene.member(use.target)
        if isinstance(member, MethodSymbol):
            yield from _method(scene, unit, use, member)
        elif isinstance(member, FieldSymbol):
            yield from _field(scene, unit, use, member)
    elif owner.startswith(f"{cls.name}$"):
        _nested_member(scene, unit, use)
    elif owner in scene.analyses.facts.hierarchy.supertypes(cls.name) or owner == _OBJECT:
        yield from _inherited(scene, unit, use)


def this_edits(scene: Scene, unit: Unit, node: Node) -> Iterator[Edit]:
    """`this` (or `C.this`) as a value is the old object, as it was."""
    parent = node.parent
    if parent is not None and parent.type in ("field_access", "method_invocation") and parent.child_by_field_name("object") == node:
        return  # the use of the member decides
    if parent is not None and parent.type == "method_reference":
        return
    scene.backward.add(unit.name)
    yield scene.replace(node, unit.owner, f"the object is still one of {scene.cls.simple_name}")


def _method(scene: Scene, unit: Unit, use: Use, method: MethodSymbol) -> Iterator[Edit]:
    here = unit.has(method.key) and scene.direct(method)
    short = scene.cls.simple_name
    if not here and method.flags & Flags.PRIVATE:
        other = scene.unit_of(method.key)
        if other is None and not unit.has(method.key):
            scene.widen(method, use.span)
        elif not unit.has(method.key):
            scene.refuse("extract/private-access", f"{method.name} is private and moves to another class", use.span)
    if method.flags & Flags.STATIC:
        yield from _static(scene, unit, use, here, f"{method.name} is one of {unit.simple_name if here else short}")
    elif use.own:
        yield from _through(scene, unit, use, here, f"{method.name} is called on {'the piece' if here else 'the object of ' + short}")
    elif method.flags & Flags.PRIVATE and method.key in unit.methods and scene.removed(method):
        yield from _of_other(scene, unit, use, method.name)
    elif method.flags & Flags.PRIVATE:
        scene.refuse("extract/private-access", f"{method.name} of another object is private", use.span, "make it visible in its package")


def _field(scene: Scene, unit: Unit, use: Use, field: FieldSymbol) -> Iterator[Edit]:
    static = bool(field.flags & Flags.STATIC)
    here = unit.has(field.key) and (static or use.own or field.key in unit.fields)
    if not here and field.flags & Flags.PRIVATE:
        scene.widen(field, use.span)
    if static:
        yield from _static(scene, unit, use, here, f"{field.name} is one of {unit.simple_name if here else scene.cls.simple_name}")
    elif use.own:
        yield from _through(scene, unit, use, here, f"{field.name} is a field of {'the piece' if here else scene.cls.simple_name}")
    elif field.key in unit.fields:
        yield from _of_other(scene, unit, use, field.name)


def _static(scene: Scene, unit: Unit, use: Use, here: bool, why: str) -> Iterator[Edit]:
    short = scene.cls.simple_name
    if use.before is None:
        if not here:
            yield scene.insert(use.node.start_byte, f"{short}.", why)
        return
    plain = scene.text.source.plain(use.before)
    if plain in ("this", f"{short}.this"):
        yield scene.replace(use.before, unit.simple_name if here else short, why)
    elif plain in (short, scene.cls.name):
        if here:
            yield scene.replace(use.before, unit.simple_name, why)
    elif here:
        message = "a static member is named through an expression"
        scene.refuse("extract/static-through-object", message, use.span, f"write {short}.{scene.text.source.text(use.node)}")


def _through(scene: Scene, unit: Unit, use: Use, here: bool, why: str) -> Iterator[Edit]:
    """A member of the object itself: found in the new class, or through the reference to the old object."""
    source = scene.text.source
    if use.before is None:
        if not here:
            scene.backward.add(unit.name)
            yield scene.insert(use.node.start_byte, f"{unit.owner}.", why)
        return
    plain = source.plain(use.before)
    if plain not in ("this", f"{scene.cls.simple_name}.this"):
        scene.refuse("extract/unread", f"{plain} is not understood", use.span)
    elif not here:
        scene.backward.add(unit.name)
        yield scene.replace(use.before, unit.owner, why)
    elif plain != "this":
        yield scene.replace(use.before, f"{unit.simple_name}.this", why)


def _of_other(scene: Scene, unit: Unit, use: Use, name: str) -> Iterator[Edit]:
    """A moved member of another object of the class: through that object's piece."""
    if use.kind is RefKind.METHOD_REF or use.before is None:
        scene.refuse("extract/private-access", f"{name} of another object is named by ::", use.span, "write a lambda")
        return
    scene.reached.add(unit.name)
    yield scene.insert(use.node.start_byte, f"{unit.holder}.", f"{name} is in {unit.simple_name}")


def _type(scene: Scene, unit: Unit, use: Use) -> Iterator[Edit]:
    name, cls = use.target or "", scene.cls
    if name.startswith(f"{cls.name}$"):
        symbol = scene.analyses.facts.program.classes.get(name)
        if symbol is None or symbol.local or symbol.anonymous:
            return
        if symbol.outer != cls.name:
            _shown_nested(scene, unit, symbol, use)
            return  # found through its outer class, which is named or inside
        at = scene.unit_of(name)
        if at is not unit:
            _shown_nested(scene, unit, symbol, use)
        new = at.simple_name if at is not None else cls.simple_name
        if use.before is None and at is not unit:
            yield scene.insert(use.node.start_byte, f"{new}.", f"{symbol.simple_name} is a class of {new}")
        elif use.before is not None and at is not None:
            yield scene.replace(use.before, new, f"{symbol.simple_name} is a class of {new}")
    elif "$" in name and use.before is None and not _imported(scene, name):
        outer = name.rpartition("$")[0]
        if outer in scene.analyses.facts.hierarchy.supertypes(cls.name) - {cls.name}:
            yield scene.insert(use.node.start_byte, f"{cls.simple_name}.", f"inherited by {cls.simple_name}")


def _imported(scene: Scene, name: str) -> bool:
    source, dotted = scene.text.source, name.replace("$", ".")
    return any(source.plain(n).removeprefix("import ").removeprefix("static ").rstrip("; ") == dotted for n in source.imports())


def _shown_nested(scene: Scene, unit: Unit, symbol: ClassSymbol, use: Use) -> None:
    """A nested class is named from outside of the class that has it."""
    outer: ClassSymbol | None = symbol
    while outer is not None and outer.outer is not None and outer.outer != scene.cls.name:
        outer = scene.analyses.facts.program.classes.get(outer.outer)
    at = scene.unit_of(outer.name) if outer is not None else None
    if at is unit:
        return
    if symbol.flags & Flags.PRIVATE:
        if at is None:
            scene.widen(symbol, use.span)
        else:
            scene.shown.add(symbol.name)


def _new(scene: Scene, unit: Unit, use: Use) -> None:
    owner = (use.target or "").partition("#")[0]
    cls, facts = scene.cls, scene.analyses.facts
    if owner != cls.name and not owner.startswith(f"{cls.name}$"):
        return
    made = facts.program.classes.get(owner)
    if made is None or made.local or made.anonymous:
        return
    constructor = scene.member(use.target or "")
    at = scene.unit_of(owner)
    if at is unit:
        return
    inner = made.outer is not None and not made.flags & Flags.STATIC and not made.is_interface and made.kind.value == "class"
    created = use.node.parent
    if inner and created is not None and created.type == "object_creation_expression" and created.children[0].type == "new":
        message = f"{made.simple_name} is an inner class: its object belongs to one of {cls.simple_name}"
        scene.refuse("extract/inner-class", message, use.span, "make it static")
    if isinstance(constructor, MethodSymbol) and constructor.flags & Flags.PRIVATE:
        if at is None:
            scene.widen(constructor, use.span)
        else:
            message = f"the constructor of {made.simple_name} is private"
            scene.refuse("extract/private-access", message, use.span, "make it visible in its package")


def _nested_member(scene: Scene, unit: Unit, use: Use) -> None:
    """A member of a nested class: private ones can be used only inside one top-level class."""
    owner = (use.target or "").partition("#")[0]
    symbol = scene.analyses.facts.program.classes.get(owner)
    while symbol is not None and (symbol.local or symbol.anonymous or symbol.outer != scene.cls.name):
        if symbol.local or symbol.anonymous:
            return  # moves with the text around it
        symbol = scene.analyses.facts.program.classes.get(symbol.outer or "")
    member = scene.member(use.target or "")
    if symbol is None or scene.unit_of(symbol.name) is unit or member is None:
        return
    if member.flags & Flags.PRIVATE:
        if scene.unit_of(symbol.name) is None:
            scene.widen(member, use.span)
        else:
            scene.refuse("extract/private-access", "a private member of a class that moves elsewhere", use.span)


def _inherited(scene: Scene, unit: Unit, use: Use) -> Iterator[Edit]:
    """A member of a supertype, by its simple name or through `this`: the new class inherits nothing."""
    if use.kind not in _MEMBERS:
        return
    cls, facts = scene.cls, scene.analyses.facts
    member = scene.member(use.target or "")
    if not isinstance(member, MethodSymbol | FieldSymbol):
        return
    if member.flags & Flags.STATIC:
        owner = facts.program.find(member.owner)
        by_class = isinstance(member, FieldSymbol) or (owner is not None and not owner.is_interface)
        if use.before is None and by_class and member.owner != _OBJECT:
            yield scene.insert(use.node.start_byte, f"{cls.simple_name}.", f"inherited by {cls.simple_name}")
        return
    if not use.own:
        return
    package = member.owner.rpartition(".")[0]
    visible = member.flags & Flags.PUBLIC or (package == cls.package and not member.flags & Flags.PRIVATE)
    above = facts.program.find(member.owner)
    if not visible and not (above is not None and above.is_interface):
        scene.refuse("extract/private-access", f"{member.name} is inherited and not visible outside", use.span, "keep its callers")
        return
    yield from _through(scene, unit, use, False, f"{member.name} is inherited by {cls.simple_name}")

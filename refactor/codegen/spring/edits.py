"""Direct field accesses across parts become accessor calls: the one change of original source that forwarding needs.

before: order.count = n;       order.count += n;               order.count++;                        Order.last
after:  order.set$count(n);    order.cell$count().add(n);      order.cell$count().postIncrement();   Order.get$last()
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tree_sitter import Node

from refactor.codegen.names import getter, setter
from refactor.codegen.spring.endpoints import endpoint_plans, mode
from refactor.codegen.spring.fieldaccess import Access, field_access
from refactor.codegen.spring.imports import imported, resolves
from refactor.codegen.spring.members import accessor_name
from refactor.codegen.spring.shown import moving_edits
from refactor.codegen.spring.syntax import Source, child
from refactor.codegen.spring.wiring import wiring_edits
from refactor.codegen.spring.world import World, imported_fields, world
from refactor.ir.program import Program, RefKind
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, Origin
from refactor.isolate.plan import EndpointKind, EndpointPlan, PartEdit, PartPlan, Plan
from refactor.support.source import Edit

_KINDS = {
    (False, False): EndpointKind.GET,
    (False, True): EndpointKind.SET,
    (True, False): EndpointKind.STATIC_GET,
    (True, True): EndpointKind.STATIC_SET,
}


def plan_edits(program: Program, plan: Plan) -> Plan:
    """The plan with the edits of every part's sources, and with all endpoints.

    Test sources are never edited: what they access by name counts as a use, and the runtime's agent calls the accessors.
    """
    indexed = world(program, replace(plan, endpoints=(), edits=()))
    accesses = [a for part in plan.parts for a in _accesses(indexed, part)]
    edits = _merged(accesses)
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in _imports(indexed, part)}, key=lambda p: (p.part, p.edit))
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in wiring_edits(indexed, part)}, key=lambda p: (p.part, p.edit))
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in moving_edits(indexed, part)}, key=lambda p: (p.part, p.edit))
    with_fields = replace(plan, edits=tuple(edits), endpoints=_field_endpoints(indexed, accesses))
    return replace(with_fields, endpoints=endpoint_plans(world(program, with_fields, indexed.sources)))


def _merged(accesses: Iterable[Access]) -> list[PartEdit]:
    """The edits of all accesses, in order: what several insert at one place (`a.f = b.f = v` closes two calls after v) is one insertion."""
    found: dict[tuple[str, str, int, int], Edit] = {}
    for access in accesses:
        for edit in access.edits:
            key = (access.part, edit.file, edit.start, edit.end)
            before = found.get(key)
            found[key] = edit if before is None else replace(edit, text=edit.text + before.text, reason=_both(before.reason, edit.reason))
    return sorted((PartEdit(key[0], edit) for key, edit in found.items()), key=lambda p: (p.part, p.edit))


def _both(one: str, other: str) -> str:
    return one if other in one.split("; ") else f"{one}; {other}"


def _accesses(indexed: World, part: PartPlan) -> Iterator[Access]:
    program = indexed.program
    here = {*part.owned, *part.replicas, *part.proxies, *(t.name for t in indexed.plan.tests if part.name in t.placements)}
    for path in sorted({program.classes[top].file for top in here if top in program.classes}):
        for reference in program.references.get(path, ()):
            named = reference.kind is RefKind.FIELD and reference.target is not None
            field = _remote_field(indexed, part, program.field(reference.target) if named and reference.target else None)
            if field is None or not _is_kept(indexed, part, here, reference.within):
                continue
            source = indexed.source(program.classes[reference.within])
            found = field_access(indexed, part, source, reference, field)
            if found is not None:
                yield found
        if program.files[path].origin is Origin.TEST:
            for field in imported_fields(program, indexed.hierarchy, path):
                if _remote_field(indexed, part, field) is not None:
                    yield Access(part.name, field, not field.flags & Flags.FINAL, ())


def _remote_field(indexed: World, part: PartPlan, field: FieldSymbol | None) -> FieldSymbol | None:
    """The field, where this part has only a proxy of its class, and the proxy has no such field."""
    if field is None or field.owner not in indexed.program.classes:
        return None
    if indexed.owner(field.owner) in (None, part.name) or not indexed.is_proxied(field.owner):
        return None
    constant = field.enum_constant or (field.flags & Flags.FINAL and field.constant is not None)
    return None if constant else field


def _is_kept(indexed: World, part: PartPlan, here: set[str], within: str) -> bool:
    """Whether the text of the class `within` is in the part as written."""
    cls: ClassSymbol | None = indexed.program.classes.get(within)
    if cls is None or cls.top not in here:
        return False
    if cls.top not in part.proxies:
        return True
    while cls is not None:
        if not cls.local and not cls.anonymous:
            if indexed.keeps_text(cls.name) or cls.is_interface:
                return True
            if indexed.is_proxied(cls.name):
                return False
        cls = indexed.program.classes.get(cls.outer) if cls.outer else None
    return False


def _imports(indexed: World, part: PartPlan) -> Iterator[Edit]:
    """Imports that name nothing in this part any more: classes that only a comment mentions, and fields that a proxy does not have."""
    for top in (*part.owned, *part.replicas):
        source = indexed.source(indexed.program.classes[top])
        for node in source.imports():
            why = "" if resolves(indexed, source, node, part.name) else f"{source.plain(imported(node))} is not in part {part.name}"
            why = why or _field_is_gone(indexed, part, source, node)
            if why:
                yield Edit(source.path, node.start_byte, node.end_byte, "", why)


def _field_is_gone(indexed: World, part: PartPlan, source: Source, node: Node) -> str:
    """Why the static import of a field has to go, if it has to: its uses are qualified by edits of their own."""
    if child(node, "static") is None or child(node, "asterisk") is not None:
        return ""
    owner_name, _, member = source.plain(imported(node)).rpartition(".")
    owner = _by_canonical(indexed.program, owner_name)
    if owner is None:
        return ""
    above = (indexed.program.classes.get(name) for name in sorted(indexed.hierarchy.supertypes(owner.name) - {owner.name}))
    classes = [owner, *(cls for cls in above if cls is not None)]
    field = next((f for cls in classes if (f := cls.field(member)) is not None), None)
    if field is None or indexed.owner(field.owner) in (None, part.name) or not indexed.is_proxied(field.owner):
        return ""
    methods = any(m.name == member and m.flags & Flags.STATIC for cls in classes for m in cls.methods)
    gone = not methods and not any(f"{cls.name}${member}" in cls.members for cls in classes) and not field.flags & Flags.FINAL
    return f"{member} is read through {owner.simple_name}.{getter(member)}()" if gone else ""


def _by_canonical(program: Program, name: str) -> ClassSymbol | None:
    """An application class by the name that source writes: `shop.Order.Line`."""
    package, _, rest = name.rpartition(".")
    while True:
        found = program.classes.get(name)
        if found is not None or not package:
            return found
        name = f"{package}${rest}"
        package, _, last = package.rpartition(".")
        rest = f"{last}${rest}"


def _field_endpoints(indexed: World, accesses: list[Access]) -> tuple[EndpointPlan, ...]:
    """get$f for every field that is touched from outside, set$f for those that are written."""
    users: dict[tuple[str, bool], set[str]] = {}
    fields: dict[str, FieldSymbol] = {}
    for access in accesses:
        fields[access.field.key] = access.field
        users.setdefault((access.field.key, False), set()).add(access.part)
        if access.writes:
            users.setdefault((access.field.key, True), set()).add(access.part)
    found = []
    for (key, write), parts in sorted(users.items()):
        field = fields[key]
        kind = _KINDS[bool(field.flags & Flags.STATIC), write]
        name = accessor_name(indexed, field)
        type_mode = mode(indexed, field.type)
        owner = indexed.owner(field.owner)
        assert owner is not None
        operation = setter(name) if write else getter(name)
        modes = (type_mode,) if write else ()
        found.append(EndpointPlan(owner, field.owner, operation, kind, key, modes, type_mode, used_by=tuple(sorted(parts))))
    return tuple(found)


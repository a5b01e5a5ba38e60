"""Direct field accesses across parts become accessor calls: the one change of original source that forwarding needs.

before: order.count = n;       order.count += n;               order.count++;                        Order.last
after:  order.set$count(n);    order.cell$count().add(n);      order.cell$count().postIncrement();   Order.get$last()
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tree_sitter import Node

from refactor.codegen.names import cell, getter, setter
from refactor.codegen.spring.endpoints import endpoint_plans, mode
from refactor.codegen.spring.imports import imported, resolves
from refactor.codegen.spring.javatypes import canonical
from refactor.codegen.spring.members import accessor_name
from refactor.codegen.spring.shown import moving_edits
from refactor.codegen.spring.syntax import Source, child
from refactor.codegen.spring.wiring import wiring_edits
from refactor.codegen.spring.world import World, is_static_final, world
from refactor.ir.program import Program, Reference, RefKind
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, Origin
from refactor.ir.types import ClassType, PrimitiveType
from refactor.isolate.plan import EndpointKind, EndpointPlan, PartEdit, PartPlan, Plan
from refactor.support.source import Edit

_OPERATIONS = {
    "+=": "add", "-=": "subtract", "*=": "multiply", "/=": "divide", "%=": "remainder", "&=": "and", "|=": "or", "^=": "xor",
    "<<=": "shiftLeft", ">>=": "shiftRight", ">>>=": "shiftRightUnsigned",
}  # fmt: skip
_NARROW = {"byte": "byte", "short": "short", "char": "char"}
_NARROW_BOXES = {"java.lang.Byte": "byte", "java.lang.Short": "short", "java.lang.Character": "char"}
_LITERALS = frozenset({"character_literal", *(f"{base}_integer_literal" for base in ("decimal", "hex", "octal", "binary"))})
_KINDS = {
    (False, False): EndpointKind.GET,
    (False, True): EndpointKind.SET,
    (True, False): EndpointKind.STATIC_GET,
    (True, True): EndpointKind.STATIC_SET,
}


@dataclass(frozen=True, slots=True)
class Access:
    """One use of a field from a part that does not own it."""

    part: str
    field: FieldSymbol
    writes: bool
    edits: tuple[Edit, ...]


def plan_edits(program: Program, plan: Plan) -> Plan:
    """The plan with the edits of every part's sources, and with all endpoints.

    Test sources are never edited: what they access by name counts as a use, and the runtime's agent calls the accessors.
    """
    indexed = world(program, replace(plan, endpoints=(), edits=()))
    accesses = [a for part in plan.parts for a in _accesses(indexed, part)]
    edits = sorted({PartEdit(a.part, e) for a in accesses for e in a.edits}, key=lambda p: (p.part, p.edit))
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in _imports(indexed, part)}, key=lambda p: (p.part, p.edit))
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in wiring_edits(indexed, part)}, key=lambda p: (p.part, p.edit))
    edits += sorted({PartEdit(part.name, e) for part in plan.parts for e in moving_edits(indexed, part)}, key=lambda p: (p.part, p.edit))
    with_fields = replace(plan, edits=tuple(edits), endpoints=_field_endpoints(indexed, accesses))
    return replace(with_fields, endpoints=endpoint_plans(world(program, with_fields, indexed.sources)))


def _accesses(indexed: World, part: PartPlan) -> Iterator[Access]:
    program = indexed.program
    here = {*part.owned, *part.replicas, *part.proxies, *(t.name for t in indexed.plan.tests if part.name in t.placements)}
    for path in sorted({program.classes[top].file for top in here if top in program.classes}):
        for reference in program.references.get(path, ()):
            field = _remote_field(indexed, part, reference)
            if field is None or not _is_kept(indexed, part, here, reference.within):
                continue
            source = indexed.source(program.classes[reference.within])
            found = _access(indexed, part, source, reference, field)
            if found is not None:
                yield found


def _remote_field(indexed: World, part: PartPlan, reference: Reference) -> FieldSymbol | None:
    """The field that a reference names, where this part has only a proxy of its class, and the proxy has no such field."""
    if reference.kind is not RefKind.FIELD or reference.target is None:
        return None
    field = indexed.program.field(reference.target)
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


def _access(indexed: World, part: PartPlan, source: Source, reference: Reference, field: FieldSymbol) -> Access | None:
    start = reference.span.start
    name = source.root.descendant_for_byte_range(start, start + 1)
    if name is None or _inside_import(name):
        return None
    if is_static_final(field):
        return Access(part.name, field, False, ())
    if indexed.program.classes[reference.within].origin is Origin.TEST:
        return Access(part.name, field, not field.flags & Flags.FINAL, ())
    expression = _expression(name)
    prefix = _prefix(indexed, source, name, expression, field)
    target = expression
    while target.parent is not None and target.parent.type == "parenthesized_expression":
        target = target.parent
    parent = target.parent
    assert parent is not None
    called = accessor_name(indexed, field)
    why = f"{field.owner.rpartition('.')[2]}.{field.name} lives in part {indexed.owner(field.owner)}"
    edit = _Maker(source, name, prefix, why)
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == target:
        return Access(part.name, field, True, edit.assignment(parent, target, called, field))
    if parent.type == "update_expression":
        return Access(part.name, field, True, edit.update(parent, target, called))
    return Access(part.name, field, False, (edit.make(name.start_byte, name.end_byte, prefix + getter(called) + "()"),))


def _expression(name: Node) -> Node:
    """The whole access around a field's name: `a.b.f` for f, `f` for a simple name."""
    parent = name.parent
    if parent is not None and parent.type == "field_access" and parent.child_by_field_name("field") == name:
        return parent
    return name


def _inside_import(name: Node) -> bool:
    node: Node | None = name
    while node is not None:
        if node.type == "import_declaration":
            return True
        node = node.parent
    return False


def _prefix(indexed: World, source: Source, name: Node, expression: Node, field: FieldSymbol) -> str:
    """What a simple name needs before it: the class, where the name was imported or inherited from elsewhere."""
    if expression != name or not field.flags & Flags.STATIC:
        return ""
    return canonical(indexed.program, field.owner) + "."


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    source: Source
    name: Node
    prefix: str
    why: str

    def make(self, start: int, end: int, text: str) -> Edit:
        return Edit(self.source.path, start, end, text, self.why)

    def assignment(self, node: Node, target: Node, called: str, field: FieldSymbol) -> tuple[Edit, ...]:
        """`x.f = v` and `x.f += v`: everything between the name and the value becomes the call's opening."""
        operator, value = node.child_by_field_name("operator"), node.child_by_field_name("right")
        assert operator is not None
        assert value is not None
        text = self.source.text(operator)
        if text == "=":
            cast_ = _narrowing(field, value)
            opening, closing = f"{setter(called)}({cast_}", "))" if cast_ else ")"
        else:
            opening, closing = f"{cell(called)}().{_OPERATIONS[text]}(", ")"
        return (
            *self._unwrapped(target),
            self.make(self.name.start_byte, value.start_byte, self.prefix + opening),
            self.make(value.end_byte, value.end_byte, closing),
        )

    def update(self, node: Node, target: Node, called: str) -> tuple[Edit, ...]:
        """`x.f++` and `--x.f`."""
        first = node.children[0]
        postfix = first.type not in ("++", "--")
        sign = self.source.text(node.children[-1] if postfix else first)
        operation = f"{'post' if postfix else 'pre'}{'Increment' if sign == '++' else 'Decrement'}"
        call = f"{self.prefix}{cell(called)}().{operation}()"
        if postfix:
            return (*self._unwrapped(target), self.make(self.name.start_byte, node.end_byte, call))
        return (
            *self._unwrapped(target),
            self.make(node.start_byte, target.start_byte, ""),
            self.make(self.name.start_byte, target.end_byte, call),
        )

    def _unwrapped(self, target: Node) -> tuple[Edit, ...]:
        """Drops the opening parentheses of `(x.f) = v`: a call is not put into parentheses that end before its arguments."""
        inner = _expression(self.name)
        return (self.make(target.start_byte, inner.start_byte, ""),) if target.start_byte < inner.start_byte else ()


def _narrowing(field: FieldSymbol, value: Node) -> str:
    """An assignment narrows a constant (`byte b = 5`), a method call does not: the cast says it."""
    if isinstance(field.type, PrimitiveType) and field.type.name in _NARROW:
        return f"({field.type.name}) ("
    literal = value.children[-1] if value.type == "unary_expression" else value
    boxed = _NARROW_BOXES.get(field.type.name) if isinstance(field.type, ClassType) else None
    return f"({boxed}) (" if boxed and literal.type in _LITERALS else ""


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
    if owner is None or indexed.owner(owner.name) in (None, part.name) or not indexed.is_proxied(owner.name):
        return ""
    field = owner.field(member)
    others = any(m.name == member and m.flags & Flags.STATIC for m in owner.methods) or f"{owner.name}${member}" in owner.members
    gone = field is not None and not others and not field.flags & Flags.FINAL
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


"""The text of one access of another part's field: a variable becomes calls, whatever expression it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.names import cell, getter, setter
from refactor.codegen.spring.javatypes import canonical
from refactor.codegen.spring.members import accessor_name
from refactor.codegen.spring.narrowing import narrowed_constants
from refactor.codegen.spring.proxycalls import BOXES
from refactor.codegen.spring.syntax import Source, postfix
from refactor.codegen.spring.world import World, is_static_final
from refactor.ir.program import Program, Reference
from refactor.ir.statements import Load
from refactor.ir.symbols import FieldSymbol, Flags, Origin
from refactor.ir.types import ClassType, PrimitiveType, Type, TypeVar
from refactor.isolate.plan import PartPlan
from refactor.support.source import Edit

_OPERATIONS = {
    "+=": "add", "-=": "subtract", "*=": "multiply", "/=": "divide", "%=": "remainder", "&=": "and", "|=": "or", "^=": "xor",
    "<<=": "shiftLeft", ">>=": "shiftRight", ">>>=": "shiftRightUnsigned",
}  # fmt: skip
_BOXES = {f"java.lang.{box}": primitive for primitive, box in BOXES.items()}
_STEPS = {"++": "Increment", "--": "Decrement"}
_NARROW = frozenset({"byte", "short", "char"})


@dataclass(frozen=True, slots=True)
class Access:
    """One use of a field from a part that does not own it."""

    part: str
    field: FieldSymbol
    writes: bool
    edits: tuple[Edit, ...]


def field_access(indexed: World, part: PartPlan, source: Source, reference: Reference, field: FieldSymbol) -> Access | None:
    """before: the reference to `count` in `order.count += n`   after: the edits that make it `order.cell$count().add(n)`

    None where the reference stands in an import. Tests are never edited: their accesses are uses without edits.
    """
    start = reference.span.start
    name = source.root.descendant_for_byte_range(start, start + 1)
    if name is None or _inside_import(name):
        return None
    if is_static_final(field):
        return Access(part.name, field, False, ())
    if indexed.program.classes[reference.within].origin is Origin.TEST:
        return Access(part.name, field, not field.flags & Flags.FINAL, ())
    expression = _expression(name)
    prefix = _prefix(indexed, name, expression, field)
    target = expression
    while target.parent is not None and target.parent.type == "parenthesized_expression":
        target = target.parent
    parent = target.parent
    assert parent is not None
    called = accessor_name(indexed, field)
    why = f"{field.owner.rpartition('.')[2]}.{field.name} lives in part {indexed.owner(field.owner)}"
    edit = _Maker(indexed, source, name, prefix, called, field, why)
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == target:
        return Access(part.name, field, True, edit.assignment(parent, target))
    step = postfix(target)
    if step is not None:
        return Access(part.name, field, True, edit.incremented(step, target))
    if parent.type == "update_expression":
        return Access(part.name, field, True, edit.update(parent, target))
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


def _prefix(indexed: World, name: Node, expression: Node, field: FieldSymbol) -> str:
    """What a simple name needs before it: the class, where the name was imported or inherited from elsewhere."""
    if expression != name or not field.flags & Flags.STATIC:
        return ""
    return canonical(indexed.program, field.owner) + "."


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    indexed: World
    source: Source
    name: Node
    prefix: str
    called: str
    field: FieldSymbol
    why: str

    def make(self, start: int, end: int, text: str) -> Edit:
        return Edit(self.source.path, start, end, text, self.why)

    def assignment(self, node: Node, target: Node) -> tuple[Edit, ...]:
        """`x.f = v` and `x.f += v`: everything between the name and the value becomes the call's opening."""
        operator, value = node.child_by_field_name("operator"), node.child_by_field_name("right")
        assert operator is not None
        assert value is not None
        text = self.source.text(operator)
        if text == "=":
            opening, around = f"{setter(self.called)}(", [*self._casts(value)]
        else:
            variable, box = self._variable()
            opening, around = f"{variable}.{_OPERATIONS[text]}(", [*self._boxed(node, box, node.start_byte)]
        return (
            *self._unwrapped(target),
            self.make(self.name.start_byte, self._after(operator), self.prefix + opening),
            self.make(value.end_byte, value.end_byte, ")"),
            *around,
        )

    def _after(self, operator: Node) -> int:
        """Where the text after an operator starts: before the value where that is a variable in parentheses, which the tree has not."""
        rest = self.source.data[operator.end_byte :]
        return operator.end_byte + len(rest) - len(rest.lstrip())

    def incremented(self, node: Node, target: Node) -> tuple[Edit, ...]:
        """`x.f++`."""
        variable, box = self._variable()
        call = f"{self.prefix}{variable}.post{_STEPS[self.source.text(node.children[-1])]}()"
        edits = (*self._unwrapped(target), self.make(self.name.start_byte, node.end_byte, call))
        return (*edits, *self._boxed(node, box, target.start_byte))

    def update(self, node: Node, target: Node) -> tuple[Edit, ...]:
        """`--x.f`."""
        variable, box = self._variable()
        call = f"{self.prefix}{variable}.pre{_STEPS[self.source.text(node.children[0])]}()"
        return (
            *self._unwrapped(target),
            self.make(node.start_byte, target.start_byte, ""),
            self.make(self.name.start_byte, target.end_byte, call),
            *self._boxed(node, box, node.start_byte),
        )

    def _unwrapped(self, target: Node) -> tuple[Edit, ...]:
        """Drops the opening parentheses of `(x.f) = v`: a call is not put into parentheses that end before its arguments."""
        start, inner = target.start_byte, _expression(self.name)
        # The tree has none of those around what `=` assigns (frontend.java.prepass).
        after = self.source.data[target.end_byte :].lstrip()
        while after.startswith(b")") and target.parent is not None and target.parent.type == "assignment_expression":
            start, after = self.source.data.rindex(b"(", 0, start), after[1:].lstrip()
        return (self.make(start, inner.start_byte, ""),) if start < inner.start_byte else ()

    def _casts(self, value: Node) -> tuple[Edit, ...]:
        """An assignment narrows a constant (`byte b = 5`), a method call does not: a cast of each constant that it may yield says it."""
        type_ = self.field.type
        wanted = type_.name if isinstance(type_, PrimitiveType) else _BOXES.get(type_.name, "") if isinstance(type_, ClassType) else ""
        found: list[Edit] = []
        for constant in narrowed_constants(self.indexed, self.source, value) if wanted in _NARROW else ():
            found.append(self.make(constant.start_byte, constant.start_byte, f"({wanted}) ("))
            found.append(self.make(constant.end_byte, constant.end_byte, ")"))
        return tuple(found)

    def _variable(self) -> tuple[str, str]:
        """The call that makes the field a variable, and the box that its operations have to yield ("": what they yield by themselves)."""
        type_, made = self.field.type, f"{cell(self.called)}()"
        if isinstance(type_, TypeVar):
            type_ = _types_of_compound(self.indexed).get((self.source.path, self.name.start_byte), type_)
            box = type_.name if isinstance(type_, ClassType) and type_.name in _BOXES else ""
            return (f"{made}.as{_BOXES[box].capitalize()}()", box) if box else (made, "")
        return made, type_.name if isinstance(type_, ClassType) and type_.name in _BOXES else ""

    def _boxed(self, node: Node, box: str, start: int) -> tuple[Edit, ...]:
        """`x.f++` of an Integer is an Integer, which overloads can tell (`list.remove(x.f++)`), where somebody takes the value."""
        if not box or (node.parent is not None and node.parent.type == "expression_statement"):
            return ()
        return (self.make(start, start, f"{box}.valueOf("), self.make(node.end_byte, node.end_byte, ")"))


def _types_of_compound(indexed: World) -> Mapping[tuple[str, int], Type]:
    """What type a field has where it is assigned together with an operator: by file and place of its name."""

    def found(program: Program) -> dict[tuple[str, int], Type]:
        loads = (s for _, s in program.statements() if isinstance(s, Load) and s.compound)
        return {(s.name_span.file, s.name_span.start): s.target.type for s in loads}

    return indexed.once("types of compound assignments", lambda: found(indexed.program))

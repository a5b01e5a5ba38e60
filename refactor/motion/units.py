"""From pieces that were asked for to units: all that moves to one new class, and all that the new class needs a copy of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from refactor.codegen.spring.syntax import postfix
from refactor.flow.facts import annotated
from refactor.ir.program import Program, RefKind
from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags
from refactor.isolate.context import Analyses
from refactor.isolate.initial import repeatable_initial
from refactor.isolate.pieces import SEPARATOR, Piece, shareable
from refactor.motion.classtext import ClassText
from refactor.motion.model import Unit
from refactor.motion.uses import Use

_WORD = re.compile(rb"[A-Za-z_$][\w$]*")


class Names:
    """Identifiers that are taken; every name that is given is taken from then on."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._files: dict[str, set[str]] = {}
        self._packages: dict[str, set[str]] = {}

    def of_class(self, cls: ClassSymbol, label: str) -> str:
        """The name of a new class in the package of `cls`, which no file of the package mentions: it would hide what is meant there."""
        taken = self._packages.setdefault(cls.package, set())
        if not taken:
            files = [f.path for f in self._program.files.values() if f.package == cls.package]
            taken.update(w for path in files for w in self._words(path))
        word = label.partition("(")[0]
        name = _free(f"{cls.simple_name}{word[:1].upper()}{word[1:]}", taken)
        return f"{cls.package}.{name}" if cls.package else name

    def of_variable(self, cls: ClassSymbol, word: str, other: str = "") -> str:
        """The name of a field that nothing in the file of `cls` is called; `other` is the second choice."""
        taken, first = self._words(cls.file), f"{word[:1].lower()}{word[1:]}"
        return _free(other if other and first in taken and other not in taken else first, taken)

    def _words(self, path: str) -> set[str]:
        if path not in self._files:
            self._files[path] = {w.decode("ascii", "replace") for w in _WORD.findall(self._program.source(path))}
        return self._files[path]


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}{number}"
    taken.add(name)
    return name


def make_unit(
    analyses: Analyses, text: ClassText, uses: Sequence[Use], pieces: Sequence[Piece], groups: Sequence[Piece], names: Names
) -> Unit:
    """before: pieces of one class that go to the same place   after: the Unit, with copies of private code and of constants"""
    cls = text.cls
    order = {m.key: at for at, m in enumerate(cls.methods)}
    ordered = sorted(pieces, key=lambda p: min(order[k] for k in p.methods))
    methods = frozenset(k for p in ordered for k in p.methods)
    fields = frozenset(k for p in ordered for k in p.fields)
    nested = frozenset(n for p in ordered for n in p.nested if not _inside(analyses, n))
    copyable = {k for p in groups if p.copied for k in p.methods}
    static = all(p.static for p in ordered)
    found = set(_closure(analyses, text, uses, (*methods, *fields, *nested), copyable))
    copied = frozenset(k for k in found if "(" in k)
    own = {f.key: f for f in cls.fields}
    constants = frozenset(k for k in found if k in own and k not in fields)
    mirrored = frozenset() if static else _mirrored(analyses, text, uses, {*methods, *nested, *copied}, fields | constants)
    name = names.of_class(cls, ordered[0].name.partition(SEPARATOR)[2])
    holder = "" if static else names.of_variable(cls, name.rpartition(".")[2])
    owner = "" if static else names.of_variable(cls, cls.simple_name, "owner")
    labels = tuple(p.name for p in ordered)
    return Unit(cls, name, labels, methods, fields, nested, copied, constants, mirrored, static, holder, owner)


def _inside(analyses: Analyses, name: str) -> bool:
    """Whether a nested class stands in the text of a method, or in another nested class: it moves with that."""
    symbol = analyses.facts.symbol(name)
    return symbol.local or symbol.anonymous or symbol.outer != symbol.top


def within(text: ClassText, uses: Iterable[Use], start: int, end: int) -> Iterator[Use]:
    """The uses that stand in a range of bytes."""
    return (u for u in uses if start <= u.span.start < end)


def range_of(analyses: Analyses, text: ClassText, key: str) -> tuple[int, int]:
    """The bytes of a member, by key or, for a nested class, by name. Of a field: its own declarator."""
    program = analyses.facts.program
    if "#" not in key:
        block = text.block(program.classes[key])
        return block.start, block.end
    if "(" in key:
        block = text.block(next(m for m in text.cls.methods if m.key == key))
        return block.start, block.end
    node = text.declarator(next(f for f in text.cls.fields if f.key == key))
    return node.start_byte, node.end_byte


def _closure(analyses: Analyses, text: ClassText, uses: Sequence[Use], start: Iterable[str], copyable: set[str]) -> Iterator[str]:
    """Private code and private constants that the members `start` use, through one another too."""
    fields = {f.key: f for f in text.cls.fields}
    # The initialiser of a field that moves may stay behind (`newfile.hoisted`).
    behind = {k for k in start if k in fields and not repeatable_initial(analyses, text.cls, fields[k], alone=False)}
    todo, seen = [k for k in start if k not in behind], set(start)
    while todo:
        for use in within(text, uses, *range_of(analyses, text, todo.pop())):
            key = use.target
            if key is None or key in seen:
                continue
            if key in copyable or (key in fields and _copied_field(analyses, text.cls, fields[key])):
                seen.add(key)
                todo.append(key)
                yield key


def _copied_field(analyses: Analyses, cls: ClassSymbol, field: FieldSymbol) -> bool:
    """Whether each class that uses a private field can have it for itself: a constant, or a static that always comes out the same."""
    if not field.flags & Flags.PRIVATE or field.annotations:
        return False
    if field.constant is not None and field.flags & Flags.FINAL:
        return True
    return bool(field.flags & Flags.STATIC) and shareable(analyses, cls, field)


def _mirrored(analyses: Analyses, text: ClassText, uses: Sequence[Use], members: set[str], without: frozenset[str]) -> frozenset[str]:
    """Fields that are set while an object is made and never again: both objects can hold the same reference."""
    cls = text.cls
    ranges = [range_of(analyses, text, key) for key in members]
    found = set()
    for field in cls.fields:
        if field.flags & Flags.STATIC or field.key in without or field.key in analyses.eligible.changing:
            continue
        if annotated(field, analyses.known.annotations["injected"]) or field.annotations:
            continue
        own = [u for u in uses if u.target == field.key]
        used = any(start <= u.span.start < end and u.own for u in own for start, end in ranges)
        if used and field.flags & Flags.PRIVATE and all(_set_plainly(u) for u in own) and _initial(text, field):
            found.add(field.key)
    return frozenset(found)


def _set_plainly(use: Use) -> bool:
    """Whether a use is no assignment, or one by `=`."""
    target = use.node.parent if use.before is not None else use.node
    parent = target.parent if target is not None else None
    while parent is not None and parent.type == "parenthesized_expression":
        target, parent = parent, parent.parent
    if parent is None or parent.type == "update_expression" or (target is not None and postfix(target) is not None):
        return parent is None
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == target:
        operator = parent.child_by_field_name("operator")
        return operator is not None and operator.type == "=" and use.own and use.kind is RefKind.FIELD
    return True


def _initial(text: ClassText, field: FieldSymbol) -> bool:
    value = text.declarator(field).child_by_field_name("value")
    return value is None or value.type != "array_initializer"

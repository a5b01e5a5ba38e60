"""Every use of a name in one class, with what it means: the member, and whether it is the object's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tree_sitter import Node

from refactor.codegen.spring.syntax import Source
from refactor.flow.facts import Facts, flat
from refactor.ir.program import RefKind
from refactor.ir.statements import Invoke, Lambda, Load, Local, MethodHandle, Store
from refactor.ir.symbols import ClassSymbol
from refactor.motion.classtext import qualifier
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class Use:
    """`own`: through the object whose method this is (`f`, `this.f`, `C.this.f`), not through another one.

    `node` is the name (`new` for a constructor call), `before` what stands before its dot.
    """

    kind: RefKind
    span: Span
    within: str
    target: str | None
    own: bool
    node: Node
    before: Node | None


def uses_in(facts: Facts, cls: ClassSymbol, source: Source) -> tuple[Use, ...]:
    """before: a top-level class   after: its uses of names, in source order"""
    receivers = _receivers(facts, cls)
    found = []
    for ref in facts.program.references.get(cls.file, ()):
        within = facts.program.classes.get(ref.within)
        if within is None or within.top != cls.name:
            continue
        node = source.root.descendant_for_byte_range(ref.span.start, ref.span.start + 1)
        if node is None:
            continue
        before = qualifier(node)
        own = receivers.get((ref.span.start, ref.target))
        if own is None:  # constants leave no statement
            own = before is None or source.text(before) in ("this", f"{cls.simple_name}.this")
        found.append(Use(ref.kind, ref.span, ref.within, ref.target, own, node, before))
    return tuple(sorted(found, key=lambda u: (u.span.start, u.kind.value)))


def _receivers(facts: Facts, cls: ClassSymbol) -> Mapping[tuple[int, str | None], bool]:
    """(start of a name, member) -> whether its receiver is the object of `cls` itself. A loop's calls stand where its list is named."""
    found: dict[tuple[int, str | None], bool] = {}
    for body in facts.bodies.get(cls.name, ()):
        for statement, _, _ in flat(body.statements):
            named = statement.handle if isinstance(statement, Lambda) else statement
            if isinstance(named, Load | Store | Invoke | MethodHandle):
                r = named.receiver
                member = named.field if isinstance(named, Load | Store) else named.method
                own = isinstance(r, Local) and ((r.name == "this" and body.owner == cls.name) or r.name == f"{cls.name}.this")
                found[named.name_span.start, member] = own
    return found

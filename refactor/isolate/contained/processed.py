"""Which beans a post-processor looks at, as far as its methods first ask what the bean is."""

from __future__ import annotations

from refactor.flow.facts import Facts
from refactor.frameworks.model import Bean
from refactor.ir.program import Body
from refactor.ir.statements import Block, Cast, Const, Copy, If, InstanceOf, Jump, Local, Return, Statement, Unary, Value
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import ClassType, erase

_PREFIX = "postProcess"


def processed_types(facts: Facts, cls: str) -> frozenset[str] | None:
    """before: `if (bean instanceof Stamped s) ...; return bean`   after: {Stamped}; None where it may do something to any bean"""
    found: set[str] = set()
    for name in sorted(facts.hierarchy.supertypes(cls)):
        above = facts.program.classes.get(name)
        for method in above.methods if above is not None else ():
            if method.name.startswith(_PREFIX):
                types = _Asked(facts, method).types
                if types is None:
                    return None
                found |= types
    return frozenset(found) if found else None


def may_be(facts: Facts, bean: Bean, types: frozenset[str]) -> bool:
    """Whether an object of a bean may be of one of these classes."""
    hierarchy = facts.hierarchy
    if bean.type not in facts.top and not hierarchy.supertypes(bean.type) & types:
        return any(hierarchy.is_subtype(t, bean.type) for t in types)
    return any(hierarchy.is_subtype(bean.type, t) or bool(hierarchy.subtypes(bean.type) & hierarchy.subtypes(t)) for t in types)


class _Asked:
    """The classes that one method asks its bean for before it does anything else."""

    def __init__(self, facts: Facts, method: MethodSymbol) -> None:
        body: Body | None = facts.program.bodies.get(method.key)
        self._bean = method.params[0].name if method.params else ""
        self._answers: set[str] = set()  # locals that are true only where the bean is of an asked class
        self._denials: set[str] = set()
        self._found: set[str] = set()
        self.types: set[str] | None = self._found if body is not None and self._bean and self._plain(body.statements) else None

    def _plain(self, statements: tuple[Statement, ...]) -> bool:
        """Whether nothing happens to a bean of another class."""
        for statement in statements:
            match statement:
                case InstanceOf(value=value, type=type_, target=Local(name)) if self._is_bean(value):
                    asked = erase(type_)
                    if not isinstance(asked, ClassType):
                        return False
                    self._found.add(asked.name)
                    self._answers.add(name)
                case Unary(op="!", value=Local(asked_local), target=Local(name)) if asked_local in self._answers:
                    self._denials.add(name)
                case If(condition=Local(name), then=then, orelse=orelse) if name in self._answers:
                    self._inside(then)
                    if not self._plain(orelse):
                        return False
                case If(condition=Local(name), then=then, orelse=orelse) if name in self._denials:
                    if not self._plain(then):
                        return False
                    if then and isinstance(then[-1], Return):
                        return True  # what follows is for beans of an asked class
                    self._inside(orelse)
                case Copy(value=Const(value=False), target=Local(name)):
                    self._answers.add(name)
                case Copy(value=value, target=Local(name)) if isinstance(value, Local) and value.name in self._answers:
                    self._answers.add(name)
                case Cast(value=value) if self._is_bean(value):
                    pass
                case Block(body=inner):
                    if not self._plain(inner):
                        return False
                case Return(value=value) if value is None or self._is_bean(value):
                    pass
                case Jump():
                    pass
                case _:
                    return False
        return True

    def _is_bean(self, value: Value | None) -> bool:
        return isinstance(value, Local) and value.name == self._bean

    def _inside(self, statements: tuple[Statement, ...]) -> None:
        """What is computed for a bean of an asked class is true for no other."""
        for statement in statements:
            target = getattr(statement, "target", None)
            if isinstance(target, Local):
                self._answers.add(target.name)

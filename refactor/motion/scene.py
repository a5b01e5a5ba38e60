"""What the passes over one class's text share: who has which member now, what has to be seen from where, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from refactor.ir.symbols import ClassSymbol, FieldSymbol, Flags, MethodSymbol
from refactor.isolate.context import Analyses
from refactor.isolate.extractable import Hindrance
from refactor.motion.classtext import ClassText
from refactor.motion.model import Unit
from refactor.motion.uses import Use
from refactor.support.source import Edit, Span

Member = MethodSymbol | FieldSymbol | ClassSymbol


@dataclass(slots=True)
class Scene:
    """`shown`: moved members that others use, which can be private no more; `widened`: private members of the old class likewise.

    `backward`: units whose code refers to the object that it came from; `reached`: units whose object other units ask for.
    """

    analyses: Analyses
    text: ClassText
    uses: tuple[Use, ...]
    units: tuple[Unit, ...]
    refused: list[Hindrance] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    widened: dict[str, Member] = field(default_factory=dict)
    backward: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)

    @property
    def cls(self) -> ClassSymbol:
        return self.text.cls

    def unit_of(self, key: str) -> Unit | None:
        """The unit that a member (or a nested class) moves to; copies do not count."""
        return next((u for u in self.units if key in u.methods or key in u.fields or key in u.nested), None)

    def member(self, key: str) -> Member | None:
        """An application member by key, or a class by name."""
        program = self.analyses.facts.program
        if "#" not in key:
            return program.classes.get(key)
        return program.method(key) if "(" in key else program.field(key)

    def removed(self, method: MethodSymbol) -> bool:
        """Whether the old class keeps nothing of a method that moves: private ones that nobody can find."""
        return bool(method.flags & Flags.PRIVATE) and not method.annotations

    def refuse(self, rule: str, message: str, span: Span | None, way_out: str = "") -> None:
        self.refused.append(Hindrance(rule, message, span, way_out))

    def edit(self, start: int, end: int, text: str, why: str) -> Edit:
        return Edit(self.text.source.path, start, end, text, why)

    def replace(self, node: Node, text: str, why: str) -> Edit:
        return self.edit(node.start_byte, node.end_byte, text, why)

    def insert(self, at: int, text: str, why: str) -> Edit:
        return self.edit(at, at, text, why)

    def widen(self, member: Member, span: Span) -> None:
        """A private member of the old class is used by code that moved: it becomes visible in its package, where that changes nothing."""
        facts = self.analyses.facts
        owner = member.outer if isinstance(member, ClassSymbol) else member.owner
        around = facts.program.classes.get(owner or "")
        name = member.simple_name if isinstance(member, ClassSymbol) else member.name.replace("<init>", "its constructor")
        alone = around is not None and len(facts.hierarchy.subtypes(around.name)) == 1
        if alone and around is not None and isinstance(member, MethodSymbol):
            same = [m for m in around.methods if m.name == member.name]
            alone = len(same) == 1
        if not alone:
            help_ = "make it visible in its package"
            self.refuse("extract/private-access", f"the code that moves uses {name}, which is private", span, help_)
            return
        self.widened[member.name if isinstance(member, ClassSymbol) else member.key] = member

    def overridden(self, method: MethodSymbol) -> bool:
        """Whether a call of a method on this object may run other code than that method's."""
        if method.flags & (Flags.PRIVATE | Flags.STATIC | Flags.FINAL):
            return False
        facts = self.analyses.facts
        for name in facts.hierarchy.subtypes(self.cls.name) - {self.cls.name}:
            if any(m.name == method.name and len(m.params) == len(method.params) for m in facts.symbol(name).methods):
                return True
        return False

    def direct(self, method: MethodSymbol) -> bool:
        """Whether code that moved with a method can call it without the old class: nothing is locked and nothing overrides it."""
        return not method.flags & Flags.SYNCHRONIZED and not self.overridden(method)


def names_of(members: Sequence[str]) -> str:
    """Member keys as a person would name them: `find, count`."""
    return ", ".join(dict.fromkeys(k.partition("#")[2].partition("(")[0].partition(":")[0] or k.rpartition("$")[2] for k in members))

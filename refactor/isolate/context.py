"""What a rule sees: the facts of the program, one assignment, and the roles that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from refactor.flow.arrayfacts import ArrayFacts
from refactor.flow.callgraph import CallGraph, call_graph
from refactor.flow.facts import Facts
from refactor.isolate.eligible import Eligibility
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.plan import DRIVER, Role
from refactor.isolate.roles import RoleDecision
from refactor.isolate.uses import Use
from refactor.support.source import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Violation:
    """What an assignment breaks. `classes`: the smallest set of top-level classes that has to be in one part."""

    rule: str
    span: Span | None
    message: str
    classes: tuple[str, ...]

    def order(self) -> tuple[str, str, int, tuple[str, ...], str]:
        return self.rule, self.span.file if self.span else "", self.span.start if self.span else 0, self.classes, self.message


@dataclass(frozen=True, slots=True)
class Analyses:
    """What does not depend on the assignment; made once per program."""

    facts: Facts
    known: Knowledge
    arrays: ArrayFacts
    eligible: Eligibility
    uses: tuple[Use, ...]
    place: Callable[[str, str], Span | None]  # where a top-level class first uses another one
    proxied_test_fields: frozenset[str] = frozenset()  # "final", "any": fields of proxies that tests can access directly
    _made: dict[Callable[[Analyses], object], object] = field(default_factory=dict)

    def once(self, make: Callable[[Analyses], T]) -> T:
        """The result of `make`, computed on the first call: for what a rule needs and no assignment changes."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast(T, self._made[make])


def calls(analyses: Analyses) -> CallGraph:
    """The call graph of the program, made when a rule first follows calls."""
    return analyses.once(_calls)


def _calls(analyses: Analyses) -> CallGraph:
    return call_graph(analyses.facts)


@dataclass(frozen=True, slots=True)
class Context:
    """One assignment of the top-level classes, with roles."""

    analyses: Analyses
    assignment: Mapping[str, str]
    roles: Mapping[str, RoleDecision]
    _owners: Mapping[str, str]

    @classmethod
    def of(cls, analyses: Analyses, assignment: Mapping[str, str], roles: Mapping[str, RoleDecision]) -> Context:
        owners = {
            name: decision.part
            for top, decision in roles.items()
            if decision.role is Role.OWNED and decision.part is not None
            for name in analyses.facts.members[top]
        }
        return cls(analyses, assignment, roles, owners)

    @property
    def facts(self) -> Facts:
        return self.analyses.facts

    @property
    def known(self) -> Knowledge:
        return self.analyses.known

    @property
    def parts(self) -> frozenset[str]:
        """The parts that own something."""
        return frozenset(self._owners.values())

    def owner(self, cls: str | None) -> str | None:
        """The part that owns an application class (nested ones too); None for replicated ones, tests and the library."""
        return self._owners.get(cls) if cls else None

    def places(self, top: str) -> frozenset[str]:
        """The parts in which the code of a top-level class of the main sources runs."""
        decision = self.roles.get(top)
        return decision.places if decision else frozenset({DRIVER})

    def remote(self, user: str, cls: str | None) -> bool:
        """Whether, somewhere where the code of `user` (top-level) runs, the application class `cls` is a proxy."""
        part = self.owner(cls)
        return part is not None and not self.places(user) <= {part}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that must not happen. `protects` quotes what it keeps true of semantics.md."""

    id: str
    protects: str
    check: Callable[[Context], Iterable[Violation]]

"""What every generator of this target asks: where a class lives, how its objects travel, what text it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from refactor.codegen.spring.syntax import Source, parse
from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program, RefKind
from refactor.ir.symbols import ClassKind, ClassSymbol, FieldSymbol, Flags
from refactor.isolate.plan import DRIVER, ClassPlan, EndpointKind, EndpointPlan, PartPlan, Passing, Plan, Role

Found = TypeVar("Found")
FIELD_KINDS = frozenset({EndpointKind.GET, EndpointKind.SET, EndpointKind.STATIC_GET, EndpointKind.STATIC_SET})


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A Program and a Plan with their indexes.

    `fields`: key of a field that crosses parts -> its endpoints. `woven`: (part, key) of the fields that test sources in the part
    access by name. Tests are never edited: a proxy there declares the field, and the runtime's agent turns accesses into calls.
    """

    program: Program
    plan: Plan
    hierarchy: ClassHierarchy
    classes: dict[str, ClassPlan]
    passing: dict[str, Passing]
    parts: dict[str, PartPlan]
    fields: dict[str, tuple[EndpointPlan, ...]]
    woven: frozenset[tuple[str, str]] = frozenset()
    sources: dict[str, Source] = field(default_factory=dict)
    memo: dict[object, object] = field(default_factory=dict)  # what is found once per world, by whoever needs it

    def once(self, key: object, make: Callable[[], Found]) -> Found:
        """What `make` answers; it is asked once per key."""
        if key not in self.memo:
            self.memo[key] = make()
        return cast(Found, self.memo[key])

    def members_of(self, top: str) -> tuple[ClassSymbol, ...]:
        """A top-level class and everything nested in it, sorted by name."""
        return self.once("members", self._by_top).get(top, ())

    def _by_top(self) -> dict[str, tuple[ClassSymbol, ...]]:
        found: dict[str, list[ClassSymbol]] = {}
        for name in sorted(self.program.classes):
            found.setdefault(self.program.classes[name].top, []).append(self.program.classes[name])
        return {top: tuple(members) for top, members in found.items()}

    def source(self, cls: ClassSymbol) -> Source:
        """The parsed file of an application class."""
        found = self.sources.get(cls.file)
        if found is None:
            found = self.sources[cls.file] = parse(cls.file, self.program.source(cls.file))
        return found

    def owner(self, cls: str) -> str | None:
        """The part that owns the class (or the class around it); None: replicated, or not of the application's main sources."""
        symbol = self.program.classes.get(cls)
        plan = self.classes.get(symbol.top if symbol else cls)
        return plan.part if plan is not None and plan.role is Role.OWNED else None

    def is_replicated(self, cls: str) -> bool:
        symbol = self.program.classes.get(cls)
        plan = self.classes.get(symbol.top if symbol else cls)
        return plan is not None and plan.role is Role.REPLICATED

    def passes(self, cls: str) -> Passing:
        """How instances travel; what the plan does not list travels by reference."""
        return self.passing.get(cls, Passing.REFERENCE)

    def is_proxied(self, cls: str) -> bool:
        """Whether parts that do not own the class have a proxy of it rather than its text."""
        return self.owner(cls) is not None and not self.keeps_text(cls)

    def keeps_text(self, cls: str) -> bool:
        """Whether a class of an owned file keeps its original text in other parts: what travels by copy, by name, or is an interface."""
        symbol = self.program.classes[cls]
        if symbol.outer is None and symbol.kind in (ClassKind.ENUM, ClassKind.INTERFACE):
            return False  # an owned enum or interface has state of its own: that is why it is owned
        if symbol.kind is ClassKind.ENUM and symbol.outer is not None and has_mutable_state(symbol):
            return False
        return self.passes(cls) is not Passing.REFERENCE

    def present(self, part: str) -> frozenset[str]:
        """The top-level application classes that `part` has in any form."""
        plan = self.parts.get(part)
        return frozenset((*plan.owned, *plan.replicas, *plan.proxies)) if plan else frozenset()


def is_static_final(symbol: FieldSymbol) -> bool:
    both = Flags.STATIC | Flags.FINAL
    return symbol.flags & both == both


def has_mutable_state(cls: ClassSymbol) -> bool:
    """Whether a class has a field that can be assigned after construction."""
    return any(not f.flags & Flags.FINAL and not f.enum_constant for f in cls.fields)


def world(program: Program, plan: Plan, sources: dict[str, Source] | None = None) -> World:
    """Index a program and a plan; endpoints of fields are taken from the plan (see `edits.plan_edits`).

    `sources`: what another world of the same program has parsed already.
    """
    fields: dict[str, tuple[EndpointPlan, ...]] = {}
    for endpoint in plan.endpoints:
        if endpoint.kind in FIELD_KINDS:
            fields[endpoint.member] = (*fields.get(endpoint.member, ()), endpoint)
    hierarchy = ClassHierarchy(program)
    return World(
        program,
        plan,
        hierarchy,
        {c.name: c for c in plan.classes},
        {name: passing for c in plan.classes for name, passing in c.passing},
        {p.name: p for p in plan.parts},
        fields,
        _woven(program, plan, hierarchy),
        {} if sources is None else sources,
    )


def _woven(program: Program, plan: Plan, hierarchy: ClassHierarchy) -> frozenset[tuple[str, str]]:
    """Which fields of the application the test sources of each part access by name; static finals are fetched by the proxy itself."""
    found: set[tuple[str, str]] = set()
    for test in plan.tests:
        cls = program.classes.get(test.name)
        if cls is None or not test.placements:
            continue
        references = program.references.get(cls.file, ())
        used = [program.field(r.target) for r in references if r.kind is RefKind.FIELD and r.target is not None]
        for symbol in (*used, *imported_fields(program, hierarchy, cls.file)):
            fetched = symbol is None or symbol.constant is not None or symbol.enum_constant or is_static_final(symbol)
            if symbol is not None and not fetched and symbol.owner in program.classes:
                found.update((part, symbol.key) for part in test.placements)
    return frozenset(found)


def imported_fields(program: Program, hierarchy: ClassHierarchy, file: str) -> tuple[FieldSymbol, ...]:
    """The fields that the static imports of a file name, used or not: what is compiled as it stands needs them all."""
    found: list[FieldSymbol] = []
    for item in program.files[file].imports if file in program.files else ():
        for name in sorted(hierarchy.supertypes(item.name) | {item.name}) if item.member else ():
            cls = program.classes.get(name)
            field_ = cls.field(item.member) if cls is not None else None
            found += [field_] if field_ is not None else []
    return tuple(found)


def services(plan: Plan) -> tuple[PartPlan, ...]:
    """The parts that become services: all but the driver."""
    return tuple(p for p in plan.parts if p.name != DRIVER)

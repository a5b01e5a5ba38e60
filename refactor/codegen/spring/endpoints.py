"""The list of endpoints that goes into the plan: what every part serves."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.codegen.spring.manifest import skeletons
from refactor.codegen.spring.members import Operation
from refactor.codegen.spring.skeleton import operations_served, served_classes
from refactor.codegen.spring.world import FIELD_KINDS, World, services
from refactor.ir.types import VOID, ArrayType, ClassType, PrimitiveType, Type, erase
from refactor.isolate.plan import EndpointKind, EndpointPlan, Passing

_BY_VALUE = ("java.lang.", "java.math.", "java.time.")


def endpoint_plans(world: World) -> tuple[EndpointPlan, ...]:
    """Every endpoint of every service, sorted. Those of fields keep what the plan already says of their users."""
    known = {(e.part, e.cls, e.operation): e for found in world.fields.values() for e in found}
    listed = (known.get((e.part, e.cls, e.operation), e) for e in _endpoints(world))
    return tuple(sorted(listed, key=lambda e: (e.part, e.cls, e.operation)))


def _endpoints(world: World) -> Iterator[EndpointPlan]:
    for part in services(world.plan):
        for top in skeletons(world, part):
            users = tuple(p.name for p in world.plan.parts if p.name != part.name and top in (*p.proxies, *p.replicas))
            for cls in served_classes(world, top, part.name):
                for operation in operations_served(world, cls, part.name):
                    modes, result = _modes(world, operation)
                    yield EndpointPlan(part.name, cls.name, operation.name, operation.kind, operation.member, modes, result, used_by=users)


def _modes(world: World, operation: Operation) -> tuple[tuple[str, ...], str]:
    method, field = operation.method, operation.field
    if method is not None:
        result = "reference" if method.is_constructor else "void" if method.result == VOID else mode(world, method.result)
        return tuple(mode(world, p.type, argument=True) for p in method.params), result
    assert field is not None
    assert operation.kind in FIELD_KINDS
    own = mode(world, field.type)
    return ((own,), own) if operation.kind in (EndpointKind.SET, EndpointKind.STATIC_SET) else ((), own)


def mode(world: World, type_: Type, *, argument: bool = False) -> str:
    """How a value of a static type crosses the cut, in the plan's words."""
    erased = erase(type_)
    match erased:
        case PrimitiveType():
            return "value"
        case ArrayType():
            return "copy-restore" if argument else "copy"
        case ClassType(name) if name in world.program.classes:
            passing = world.passes(name)
            return {Passing.REFERENCE: "reference", Passing.INTERFACE: "by run-time class"}.get(passing, "value")
        case ClassType("java.lang.Object" | "java.lang.Iterable" | "java.lang.Runnable" | "java.lang.Comparable"):
            return "by run-time class"
        case ClassType(name) if name.startswith(_BY_VALUE):
            return "value"
        case _:
            return "by run-time class"

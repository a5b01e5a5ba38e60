"""A finished Solver -> PointsTo."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from refactor.pointsto.reasons import unreachable
from refactor.pointsto.result import AccessKind, CallEdge, Counts, Entry, HeapAccess, HeapObject, PointsTo
from refactor.pointsto.solver import Solver
from refactor.support.diagnostics import Diagnostic
from refactor.support.source import Span


def answer(solver: Solver, seconds: float, diagnostics: tuple[Diagnostic, ...]) -> PointsTo:
    """before: a solved Solver   after: its answer; code that is no body of the program (method references) is left out of calls"""
    world = solver.world
    items = solver.sets.items
    contexts = tuple(tuple(_element(solver, e) for e in context) for context in solver.contexts)
    objects = []
    for number, (site, context) in enumerate(solver.objects):
        alloc = world.allocs[site]
        name = world.types[alloc.type].name
        objects.append(HeapObject(number, name, alloc.kind, context, alloc.method, alloc.span, alloc.label))
    calls, entries = _calls(solver)
    variables: dict[tuple[str, str], dict[int, frozenset[int]]] = {}
    reached: dict[str, list[int]] = {}
    for number, (code, context) in enumerate(solver.instances):
        if code.key not in world.program.bodies:
            continue
        reached.setdefault(code.key, []).append(context)
        base = solver.bases[number]
        for name, local in code.names.items():
            held = solver.points[base + local]
            if held:
                variables.setdefault((code.key, name), {})[context] = items[held]
    fields: dict[tuple[int | None, str], frozenset[int]] = {}
    for (object_, field), node in solver.fields.items():
        if solver.points[node]:
            fields[object_, world.fields[field]] = items[solver.points[node]]
    for operand, node in solver._globals.items():
        key = world.globals[~operand]
        if key[0] == "static" and solver.points[node]:
            fields[None, str(key[1])] = items[solver.points[node]]
    sorted_reached = {key: tuple(sorted(reached[key])) for key in sorted(reached)}
    return PointsTo(
        policy=solver.policy.name,
        objects=tuple(objects),
        contexts=contexts,
        calls=calls,
        entries=entries,
        reached=sorted_reached,
        unreachable=unreachable(world.program, sorted_reached, {world.types[t].name for t in set(solver.types)}),
        diagnostics=diagnostics,
        counts=Counts(solver.constraints, len(solver.points), len(items), seconds),
        _variables=variables,
        _fields=fields,
        _accesses=cache(lambda: _accesses(solver)),
    )


def _element(solver: Solver, element: int) -> str:
    world = solver.world
    if element < 0:
        return f"call {world.sites[~element].span}"
    number, is_type = divmod(element, 2)
    return world.types[number].name if is_type else world.allocs[number].label


def _calls(solver: Solver) -> tuple[tuple[CallEdge, ...], tuple[Entry, ...]]:
    world = solver.world
    out: dict[int, list[tuple[int, int]]] = {}
    for caller, site, callee in solver.edges:
        out.setdefault(caller, []).append((site, callee))
    instances = solver.instances

    def real(number: int, seen: frozenset[int] = frozenset()) -> Iterator[int]:
        """The bodies that run when an instance is called: what a method reference names, in its place."""
        if not instances[number][0].transparent:
            yield number
        elif number not in seen:
            for _, callee in out.get(number, ()):
                yield from real(callee, seen | {number})

    calls: dict[CallEdge, None] = {}
    entries: dict[Entry, None] = {}
    for caller, made in out.items():
        code, context = instances[caller]
        for site, first in made:
            place = world.sites[site]
            for callee in real(first):
                target, under = instances[callee]
                if place.reason:
                    entries[Entry(target.key, under, place.reason)] = None
                elif not code.transparent:
                    calls[CallEdge(place.span, code.key, context, target.key, under, place.via)] = None
    order = sorted(calls, key=lambda e: (e.caller, e.span, e.callee, e.caller_context, e.callee_context, e.via))
    return tuple(order), tuple(sorted(entries, key=lambda e: (e.method, e.context, e.reason)))


def _accesses(solver: Solver) -> tuple[HeapAccess, ...]:
    world = solver.world
    found: dict[HeapAccess, None] = {}
    for number, (code, context) in enumerate(solver.instances):
        if code.transparent:
            continue
        base = solver.bases[number]
        for access in code.accesses:
            assert isinstance(access.span, Span)
            key = world.fields[access.field]
            key = "" if key.startswith("<") else key
            kind = AccessKind.WRITE if access.write else AccessKind.READ
            if access.base is None:
                found[HeapAccess(code.key, context, None, key, kind, access.span)] = None
                continue
            node = solver.at(access.base, base)
            for object_ in sorted(solver.sets.items[solver.points[node]]):
                found[HeapAccess(code.key, context, object_, key, kind, access.span)] = None
    return tuple(sorted(found, key=lambda a: (a.method, a.context, a.span, a.object or -1, a.field, a.kind.value)))

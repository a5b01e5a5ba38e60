"""Why a body is unreachable, in words."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.ir.dispatch import Dispatch
from refactor.ir.hierarchy import ClassHierarchy
from refactor.ir.program import Program
from refactor.ir.statements import Invoke, Lambda, New
from refactor.ir.symbols import Flags
from refactor.pointsto.result import Unreachable


def unreachable(program: Program, reached: Mapping[str, tuple[int, ...]], made: set[str]) -> tuple[Unreachable, ...]:
    """before: the bodies that run, the classes of which there are objects   after: every other body with the reason, sorted by key"""
    hierarchy = ClassHierarchy(program)
    dispatch = Dispatch(program, hierarchy)
    missing = [k for k in sorted(program.bodies) if k not in reached]
    callers: dict[str, set[str]] = {}
    references: set[str] = set()  # their code is made anew by `pointsto.references`, with what the interface says
    for body, statement in program.statements() if missing else ():
        if isinstance(statement, Lambda) and statement.handle is not None:
            references.add(statement.body)
        if isinstance(statement, Invoke):
            key = statement.method
        elif isinstance(statement, New):
            key = statement.constructor
        elif isinstance(statement, Lambda):
            key = statement.body
        else:
            continue
        if key is not None:
            callers.setdefault(key, set()).add(body.key)
    found = []
    for key in (k for k in missing if k not in references):
        body = program.bodies[key]
        found.append(Unreachable(key, _reason(program, hierarchy, dispatch, key, callers, reached, made), body.span))
    return tuple(found)


def _reason(
    program: Program,
    hierarchy: ClassHierarchy,
    dispatch: Dispatch,
    key: str,
    callers: Mapping[str, set[str]],
    reached: Mapping[str, tuple[int, ...]],
    made: set[str],
) -> str:
    body = program.bodies[key]
    if key.endswith("#<clinit>()V"):
        return f"no reachable code uses a static member of {body.owner} or makes an object of it"
    if body.enclosing is not None:
        if body.enclosing in reached:
            return "the function is made, but nothing that is known calls it"
        return f"the code that makes the function is unreachable: {body.enclosing}"
    method = program.method(key)
    named = set(callers.get(key, ()))
    if method is not None:
        for above in dispatch.overridden(method):
            if above.owner in program.classes:
                named |= callers.get(above.key, set())
    living = sorted(n for n in named if n in reached)
    is_instance = method is not None and not method.flags & Flags.STATIC and not method.is_constructor
    if is_instance and not hierarchy.subtypes(body.owner) & made:
        return f"no object of {body.owner} is ever made"
    if living:
        return f"{living[0]} names it, but never with an object of {body.owner}"
    if named - {key}:
        return f"only unreachable code calls it: {min(named - {key})}"
    if is_instance and method is not None and dispatch.overridden(method):
        return "it overrides a library's method that the library is never asked to call on this class"
    if named:
        return "only it calls itself"
    return "nothing in the program calls it, and no plug-in knows it as an entry point"

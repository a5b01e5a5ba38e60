"""Which methods of a program a reference may name where a function is wanted."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.pipeline.fuzz.form import Reference, Type
from refactor.pipeline.fuzz.scope import Scope
from refactor.pipeline.fuzz.shapes import Shape, Signature


def references(scope: Scope, type_: Type) -> list[Reference]:
    """before: a function type   after: every method, constructor included, that a reference of exactly this type may name here"""
    match type_.name:
        case "supplier":
            return list(_constructors(scope, type_))
        case "function":
            return list(_methods(scope, type_, (), type_.args[0]))
        case "bifunction":
            return list(_unbound(scope, type_))
    wanted = scope.shapes.function(type_)
    return list(_methods(scope, type_, wanted.params, wanted.result)) if wanted is not None else []


def _constructors(scope: Scope, type_: Type) -> Iterator[Reference]:
    made = scope.shapes.table.get(type_.args[0].name)
    if made is not None and made.kind == "class" and (made.bare or not made.built_with):
        yield Reference(type_, "constructor", made.name, "new")


def _methods(scope: Scope, type_: Type, params: tuple[Type, ...], result: Type) -> Iterator[Reference]:
    for receiver, _, solid in scope.objects():
        for owner, m in _plain(scope, receiver.type):
            if not m.static and (m.params, m.result) == (params, result):
                yield from [Reference(type_, "bound", owner.name, m.name, receiver)] * (4 if solid else 1)
    for shape in scope.shapes.table.values():
        for m in shape.methods:
            if m.static and (m.params, m.result, m.variables) == (params, result, ()):
                yield Reference(type_, "static", shape.name, m.name)


def _unbound(scope: Scope, type_: Type) -> Iterator[Reference]:
    receiver, result = type_.args
    for _, m in _plain(scope, receiver):
        if not m.static and (m.params, m.result) == ((), result):
            yield Reference(type_, "unbound", receiver.name, m.name)


def _plain(scope: Scope, receiver: Type) -> Iterator[tuple[Shape, Signature]]:
    """Methods that their name alone tells from the others of the type: a reference gives no arguments to choose by."""
    found: list[tuple[Shape, Signature]] = list(scope.shapes.methods(receiver))
    for owner, m in found:
        alone = sum(other.name == m.name for _, other in found) == 1
        if alone and not (m.varargs or m.overloaded or m.private or m.variables):
            yield owner, m

"""Types of the IR as Java source, and what a supertype's type variables mean in a subtype."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol, MethodSymbol, TypeParam
from refactor.ir.types import (
    OBJECT,
    ArrayType,
    ClassType,
    IntersectionType,
    PrimitiveType,
    Type,
    TypeVar,
    WildcardType,
    erase,
)

Bindings = Mapping[tuple[str, str], Type]
"""(declaring class, variable) -> what it stands for in the class one looks from."""


_COMMON = frozenset(
    {"Boolean", "Byte", "CharSequence", "Character", "Class", "Comparable", "Double", "Enum", "Exception", "Float", "Integer", "Iterable"}
    | {"Long", "Number", "Object", "Runnable", "RuntimeException", "Short", "String", "Throwable"}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a type is written: in which package, and which simple names mean something else there than java.lang's."""

    package: str = ""
    shadowed: frozenset[str] = _COMMON

    def shorten(self, full: str) -> str:
        simple = full.removeprefix("java.lang.")
        return simple if full.startswith("java.lang.") and simple in _COMMON and simple not in self.shadowed else full


ANYWHERE = Scope()


def canonical(program: Program, name: str) -> str:
    """The name of a class as source writes it: `shop.Order$Line` -> `shop.Order.Line`."""
    cls = program.find(name)
    if cls is None:
        return name.replace("$", ".")
    if cls.outer is None:
        return name
    return f"{canonical(program, cls.outer)}.{name[len(cls.outer) + 1 :]}"


def local_name(program: Program, name: str, scope: Scope) -> str:
    """The canonical name, without the package where a file of that package names it."""
    full = canonical(program, name)
    same = scope.package and name.rpartition(".")[0] == scope.package
    return full[len(scope.package) + 1 :] if same else scope.shorten(full)


def render(program: Program, type_: Type, scope: Scope = ANYWHERE) -> str:
    """A type as Java source with qualified names (unqualified ones within `package`)."""
    match type_:
        case PrimitiveType(name):
            return name
        case ClassType(name, args):
            shown = ", ".join(render(program, a, scope) for a in args)
            return local_name(program, name, scope) + (f"<{shown}>" if args else "")
        case ArrayType(element):
            return render(program, element, scope) + "[]"
        case TypeVar(name):
            return name
        case WildcardType(upper, lower):
            if lower is not None:
                return f"? super {render(program, lower, scope)}"
            return "?" if upper is None or upper == OBJECT else f"? extends {render(program, upper, scope)}"
        case IntersectionType(parts):
            return " & ".join(render(program, p, scope) for p in parts)
        case _:
            return "java.lang.Object"


def render_erased(program: Program, type_: Type, scope: Scope = ANYWHERE) -> str:
    return render(program, erase(type_), scope)


def render_params(program: Program, params: tuple[TypeParam, ...], bindings: Bindings, scope: Scope = ANYWHERE) -> str:
    """`<T extends A & B, U>`; empty where there are none."""
    if not params:
        return ""
    shown = []
    for param in params:
        bounds = [render(program, substitute(b, bindings), scope) for b in param.bounds if b != OBJECT]
        shown.append(param.name + (f" extends {' & '.join(bounds)}" if bounds else ""))
    return f"<{', '.join(shown)}>"


def substitute(type_: Type, bindings: Bindings) -> Type:
    """Replace class type variables by what they stand for; a method's own variables stay."""
    match type_:
        case ClassType(name, args):
            return ClassType(name, tuple(substitute(a, bindings) for a in args)) if args else type_
        case ArrayType(element):
            return ArrayType(substitute(element, bindings))
        case TypeVar(name, owner):
            return bindings.get((owner, name), type_)
        case WildcardType(upper, lower):
            return WildcardType(
                None if upper is None else substitute(upper, bindings), None if lower is None else substitute(lower, bindings)
            )
        case IntersectionType(parts):
            return IntersectionType(tuple(substitute(p, bindings) for p in parts))
        case _:
            return type_


def bind(parent: ClassSymbol, reference: ClassType, bindings: Bindings) -> Bindings:
    """What the variables of `parent` stand for where a class says `extends reference`; raw: their erasure."""
    args: tuple[Type, ...] = tuple(substitute(a, bindings) for a in reference.args)
    if len(args) != len(parent.type_params):
        args = tuple(erase(p.bounds[0]) if p.bounds else OBJECT for p in parent.type_params)
    return {(parent.name, p.name): a for p, a in zip(parent.type_params, args, strict=True)}


def signature(method: MethodSymbol, bindings: Bindings) -> str:
    """Name and erased parameters as seen from the class the bindings belong to: equal text means override-equivalent."""
    own = {(method.key, p.name): TypeVar(p.name, method.key, tuple(substitute(b, bindings) for b in p.bounds)) for p in method.type_params}
    shown = ",".join(_erased_name(substitute(substitute(p.type, own), bindings)) for p in method.params)
    return f"{method.name}({shown})"


def _erased_name(type_: Type) -> str:
    match erase(type_):
        case PrimitiveType(name) | ClassType(name):
            return name
        case ArrayType(element):
            return _erased_name(element) + "[]"
        case _:
            return "java.lang.Object"

"""How a root proxy calls the constructor of a superclass that is not generated."""

from __future__ import annotations

from dataclasses import dataclass

from refactor.codegen.spring.javatypes import Scope, bind, render, substitute
from refactor.codegen.spring.world import World
from refactor.ir.symbols import ClassSymbol, Flags, MethodSymbol
from refactor.ir.types import ClassType, PrimitiveType, Type, erase

# Arguments for constructors that reject null: harmless instances, which nobody reads because every method is overridden.
# They compile at every language level that a monolith may ask for.
_HARMLESS = {
    "java.io.Reader": 'new java.io.StringReader("")',
    "java.io.Writer": "new java.io.StringWriter()",
    "java.io.InputStream": "new java.io.ByteArrayInputStream(new byte[0])",
    "java.io.OutputStream": "new java.io.ByteArrayOutputStream()",
    "java.lang.Object": "new Object()",
    "java.lang.String": '""',
    "java.lang.CharSequence": '""',
    "java.util.Collection": "java.util.Collections.emptyList()",
    "java.util.List": "java.util.Collections.emptyList()",
    "java.util.Set": "java.util.Collections.emptySet()",
    "java.util.Map": "java.util.Collections.emptyMap()",
    "java.util.Locale": "java.util.Locale.ROOT",
}
_ZERO = {"boolean": "false", "char": "'\\0'"}


@dataclass(frozen=True, slots=True)
class SuperCall:
    """Arguments (empty: no call needs to be written) and the checked exceptions of the chosen constructor."""

    arguments: str
    throws: tuple[str, ...]


def super_call(world: World, cls: ClassSymbol) -> SuperCall | None:
    """The cheapest accessible constructor of a library or replicated superclass; None where the superclass is Object or a proxy."""
    if cls.superclass is None or cls.superclass.name == "java.lang.Object" or world.is_proxied(cls.superclass.name):
        return None
    parent = world.program.find(cls.superclass.name)
    if parent is None:
        return None
    same = parent.package == cls.package
    reachable = [
        m for m in parent.methods
        if m.is_constructor and not m.flags & (Flags.PRIVATE | Flags.SYNTHETIC) and (same or m.flags & (Flags.PUBLIC | Flags.PROTECTED))
    ]  # fmt: skip
    if not reachable:
        return None
    chosen = min(reachable, key=_cost)
    bindings = bind(parent, cls.superclass, {})
    types = [substitute(p.type, bindings) for p in chosen.params]
    scope = Scope(cls.package)
    throws = tuple(render(world.program, t, scope) for t in chosen.throws)
    return SuperCall(", ".join(_argument(world, t, scope) for t in types), throws)


def _cost(method: MethodSymbol) -> tuple[int, int, str]:
    nulls = sum(1 for p in method.params if not isinstance(p.type, PrimitiveType) and getattr(erase(p.type), "name", "") not in _HARMLESS)
    return nulls, len(method.params), method.descriptor


def _argument(world: World, type_: Type, scope: Scope) -> str:
    if isinstance(type_, PrimitiveType):
        return _ZERO.get(type_.name, f"({type_.name}) 0" if type_.name in ("byte", "short") else "0")
    known = _HARMLESS.get(type_.name, "null") if isinstance(type_, ClassType) else "null"
    erased = f"({render(world.program, erase(type_), scope)}) {known}"
    # A parameter of a variable's type takes no erased argument; the detour through Object keeps the compiler from comparing them.
    return erased if erase(type_) == type_ else f"({render(world.program, type_, scope)}) (Object) {erased}"

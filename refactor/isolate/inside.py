"""Objects of other parts that library code gets as Object: what it does with them is not known, and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from refactor.ir.program import Body
from refactor.ir.statements import Const, Invoke, Lambda, New, Return, Value
from refactor.ir.symbols import MethodSymbol
from refactor.ir.types import OBJECT, ArrayType, ClassType, Type, erase
from refactor.isolate.context import Analyses, Context
from refactor.isolate.subjects import classes_of
from refactor.support.diagnostics import Diagnostic, Note, Severity
from refactor.support.source import Span

_PLACES = 5
_ANYTHING = frozenset({"java.lang.Iterable", "java.io.Serializable", "java.lang.Comparable"})


def looked_into(ctx: Context) -> Iterator[Diagnostic]:
    """before: renderer.render(order) of a library that no line of inside.toml names, where Order is a proxy   after: a warning there"""
    found: dict[tuple[str, str], list[Span]] = {}
    for top, cls, span, what in ctx.analyses.once(given):
        if top in ctx.roles and ctx.remote(top, cls):
            found.setdefault((what, cls), []).append(span)
    for (what, cls), spans in sorted(found.items()):
        message = f"{what} gets an object of {cls}, which another part owns, as Object; if it looks inside, it finds an empty proxy"
        notes = tuple(Note("here too", span) for span in spans[1:_PLACES])
        help_ = "where it calls public methods only, nothing changes; else keep the class and this one in one part"
        yield Diagnostic("isolate/looked-into", Severity.WARNING, message, spans[0], notes, help_)


def given(analyses: Analyses) -> tuple[tuple[str, str, Span, str], ...]:
    """(top-level class, application class, place, library method) wherever library code gets an object that it has no type for."""
    facts = analyses.facts
    found: dict[tuple[str, str, str], Span] = {}
    for kind in (Invoke, New):
        for site in facts.sites(kind):
            statement = cast(Invoke | New, site.statement)
            key = statement.method if isinstance(statement, Invoke) else statement.constructor
            if _is_open(analyses, key):
                method, name = (facts.program.method(key), _name(key)) if key is not None else (None, "a call that could not be resolved")
                for at, value in enumerate(statement.args):
                    for cls in _objects(analyses, site.body, value) if _takes_anything(method, at) else ():
                        found.setdefault((site.top, cls, name), statement.span)
    return tuple((top, cls, found[top, cls, what], what) for top, cls, what in sorted(found))


def _is_open(analyses: Analyses, key: str | None) -> bool:
    """Whether a member is of a library that nothing is known of."""
    if key is None:
        return True
    if key.partition("#")[0] in analyses.facts.top:
        return False
    known = analyses.known
    kept = any(known.sinks[k].matches(key) for k in ("fields", "reflect", "mock", "stand_in"))
    return not kept and not known.inside_harmless.matches(key)


def _takes_anything(method: MethodSymbol | None, at: int) -> bool:
    """Whether a parameter says nothing of what it gets: Object, a type variable, an array or a collection of such, a function."""
    if method is None or not method.params:
        return True
    return _is_any(method.params[min(at, len(method.params) - 1)].type)


def _is_any(type_: Type) -> bool:
    if isinstance(type_, ArrayType):
        return _is_any(type_.element)
    erased = erase(type_)
    if isinstance(erased, ClassType):
        return erased == OBJECT or erased.name.startswith("java.util.") or erased.name in _ANYTHING
    return False


def _objects(analyses: Analyses, body: Body, value: Value, depth: int = 0) -> Iterator[str]:
    """Application classes whose objects a value is or holds; of a lambda, those that it gives back."""
    facts = analyses.facts
    if isinstance(value, Const):
        return
    yield from classes_of(facts, body, value)
    for made in facts.definitions(body).get(value.name, ()) if depth < 2 else ():
        if isinstance(made, Lambda):
            for inner, result in analyses.once(_results).get(made.body, ()):
                yield from _objects(analyses, inner, result, depth + 1)


def _results(analyses: Analyses) -> Mapping[str, tuple[tuple[Body, Value], ...]]:
    """Body -> the values that it gives back."""
    found: dict[str, list[tuple[Body, Value]]] = {}
    for site in analyses.facts.sites(Return):
        value = cast(Return, site.statement).value
        if value is not None:
            found.setdefault(site.body.key, []).append((site.body, value))
    return {key: tuple(values) for key, values in found.items()}


def _name(key: str) -> str:
    owner, _, rest = key.partition("#")
    return f"{owner.rpartition('.')[2]}.{rest.partition('(')[0]}"

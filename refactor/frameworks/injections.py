"""The places that ask a container for beans: injection points, look-ups by type and by name, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import Container
from refactor.frameworks.marks import Marked, carried, carrier
from refactor.frameworks.model import Injection
from refactor.frameworks.springbeans import words
from refactor.ir.program import Body
from refactor.ir.statements import Cast, Const, Invoke, Local
from refactor.ir.symbols import Annotation, ClassSymbol, FieldSymbol, MethodSymbol, Param
from refactor.ir.types import ArrayType, ClassType, Type, TypeVar, erase
from refactor.support.source import Span

_OBJECT = ClassType("java.lang.Object")
_EXPRESSION = re.compile(r"#\{(.*?)\}", re.DOTALL)
_BEAN = re.compile(r"@(?:'([^']+)'|([A-Za-z_$][\w$]*))")
_WORD = re.compile(r"(?<![\w.#@'\"])([A-Za-z_$][\w$]*)(?=\s*[.?\[]|\s*$)")


def injection_points(facts: Facts, known: Container, listed: frozenset[str]) -> Iterator[Injection]:
    """Fields and methods that say so, the constructor that the container calls, the parameters of methods that make beans.

    `listed`: classes that are beans because an annotation names them. Both source sets are read: tests ask the container too.
    """
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        yield from _of_class(facts, known, cls, carrier(facts, cls, known.stereotypes) is not None or name in listed)
        yield from _in_expressions(facts, known, cls)
    yield from _lookups(facts, known)


def _of_class(facts: Facts, known: Container, cls: ClassSymbol, is_bean: bool) -> Iterator[Injection]:
    for field in cls.fields:
        if annotated(field, known.injected):
            what = f"the field {cls.simple_name}.{field.name}"
            yield from _asks(facts, known, cls, field, field.type, field.name, what, field.name_span, True)
    constructors = [m for m in cls.methods if m.is_constructor]
    bound = annotated(cls, known.settings_marks) is not None
    for method in cls.methods:
        if annotated(method, known.lookup_methods):
            what = f"{cls.simple_name}.{method.name}"
            yield from _asks(facts, known, cls, method, method.result, method.name, what, method.name_span, True)
            continue
        parameters = any(annotated(p, known.injected) for p in method.params)
        single = is_bean and method.is_constructor and len(constructors) == 1 and not bound
        mark = carrier(facts, method, known.injected | known.methods)
        if single or parameters or mark is not None:
            required = mark is None or mark.value("required") is not False
            what = f"the constructor of {cls.simple_name}" if method.is_constructor else f"{cls.simple_name}.{method.name}"
            for parameter in method.params:
                yield from _asks(facts, known, cls, parameter, parameter.type, parameter.name, what, method.name_span, required)
    if annotated(cls, known.generated):
        used = [n for m in cls.annotations if m.name in known.generated for n in _named(m.value("uses"))]
        for name in used:
            yield Injection(cls.name, name, ClassType(name), f"the generated {cls.simple_name}", cls.name_span)


def _named(value: object) -> list[str]:
    return [i.name for i in (value if isinstance(value, tuple) else (value,)) if isinstance(i, ClassType)]


def _asks(
    facts: Facts,
    known: Container,
    cls: ClassSymbol,
    at: FieldSymbol | Param | MethodSymbol,
    written: Type,
    label: str,
    what: str,
    span: Span | None,
    required: bool,
) -> Iterator[Injection]:
    inner = unwrapped(known, written)
    if inner is None or carrier(facts, at, known.value_marks):
        return
    mark = annotated(at, known.injected)
    optional = any(a.name.endswith(".Nullable") for a in at.annotations) or (mark is not None and mark.value("required") is False)
    named = mark.value("name") if mark is not None else None
    qualifiers = [w for a in at.annotations if a.name in known.qualifier for w in words(a.value())]
    own = {a.name for a in at.annotations if any(p[-1].name in known.qualifier for p in carried(facts, a.name))} - known.qualifier
    yield Injection(
        cls.name,
        inner,
        written,
        what,
        span,
        label=named if isinstance(named, str) and named else label,
        many=_is_wrapped(known, written),
        required=required and not optional and not _is_wrapped(known, written) and not _is_open(written),
        qualifiers=tuple(qualifiers),
        marks=tuple(sorted(own)),
    )


def _is_wrapped(known: Container, written: Type) -> bool:
    return isinstance(written, ArrayType) or (isinstance(written, ClassType) and written.name in known.wrappers)


def _is_open(written: Type) -> bool:
    """Whether subclasses say what it is."""
    return isinstance(written, TypeVar) or (isinstance(written, ClassType) and any(isinstance(a, TypeVar) for a in written.args))


def unwrapped(known: Container, written: Type) -> str | None:
    """before: List<TransferCheck>, Check[], ObjectProvider<Check>   after: the class that is asked for; None for primitives"""
    at: Type = written
    while True:
        if isinstance(at, ArrayType):
            at = at.element
        elif isinstance(at, ClassType) and at.name in known.wrappers and at.args:
            at = at.args[-1]
        else:
            break
    found = erase(at)
    return found.name if isinstance(found, ClassType) else None


def _lookups(facts: Facts, known: Container) -> Iterator[Injection]:
    """context.getBean(Check.class), getBean("check"), (Check) getBean(kind + "Check"): by class, by name, by what is made of the answer."""
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        name, owner = _called(call.method)
        if name not in known.lookups or not owner.startswith(known.lookup_owners):
            continue
        what = f"a look-up in {site.top}"
        types = [v.value for v in call.args if isinstance(v, Const) and isinstance(v.value, ClassType)]
        many = name in known.lookups_of_many
        if types:
            for type_ in types:
                yield Injection(site.top, type_.name, type_, what, call.span, many=many)
            continue
        text = next((v.value for v in call.args if isinstance(v, Const) and isinstance(v.value, str)), None)
        if text is not None:
            yield Injection(site.top, "java.lang.Object", _OBJECT, what, call.span, name=text.lstrip("&"))
            continue
        type_ = _made_of(facts, site.body, call.target)
        yield Injection(site.top, type_.name, type_, what, call.span, many=many)


def _called(key: str | None) -> tuple[str, str]:
    owner, _, rest = (key or "").partition("#")
    return rest.partition("(")[0], owner


def _made_of(facts: Facts, body: Body, target: Local | None) -> ClassType:
    """What the answer of a look-up is used as: the class that it is cast to, if that is all that happens to it; else any object."""
    uses = facts.uses(body).get(target.name, ()) if target is not None else ()
    types = [erase(u.type) for u in uses if isinstance(u, Cast)]
    if uses and len(types) == len(uses) and all(isinstance(t, ClassType) for t in types) and len(set(types)) == 1:
        return cast(ClassType, types[0])
    plain = erase(target.type) if target is not None else _OBJECT
    return plain if isinstance(plain, ClassType) else _OBJECT


def _in_expressions(facts: Facts, known: Container, cls: ClassSymbol) -> Iterator[Injection]:
    """Beans that the expressions in annotations name: `#{limits.top}` of a value, `@guard.may(#id)` anywhere."""
    symbols: tuple[Marked, ...] = (cls, *cls.fields, *cls.methods, *(p for m in cls.methods for p in m.params))
    for symbol in symbols:
        for mark in symbol.annotations:
            if mark.name.startswith(known.expression_marks) or carried(facts, mark.name):
                for text in _texts(mark):
                    for name in names_in(text):
                        what = f"the expression {text!r} of {cls.simple_name}"
                        yield Injection(cls.name, "java.lang.Object", _OBJECT, what, mark.span or cls.name_span, name=name)


def names_in(text: str) -> tuple[str, ...]:
    """before: "#{@guard.limit + rates.top}"   after: ("guard", "rates"): words that may name beans"""
    found = [a or b for a, b in _BEAN.findall(text)]
    for inner in _EXPRESSION.findall(text):
        found += _WORD.findall(inner)
    return tuple(dict.fromkeys(found))


def _texts(mark: Annotation) -> Iterator[str]:
    todo: list[object] = [v for _, v in mark.values]
    while todo:
        value = todo.pop(0)
        if isinstance(value, str) and ("@" in value or "#{" in value):
            yield value
        elif isinstance(value, Annotation):
            todo += [v for _, v in value.values]
        elif isinstance(value, tuple) and not (len(value) == 3 and value[0] == "enum"):
            todo += value

"""The beans of a Spring application and the places where they are injected, from annotations and types alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import cast

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import Container, container
from refactor.frameworks.model import Application, Bean, BeanFacts, BeanKind, Injection
from refactor.ir.statements import Const, Invoke
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, Flags, MethodSymbol, Origin
from refactor.ir.types import ArrayType, ClassType, Type, erase

_LOWEST = 2147483647
_ORDERS = {"HIGHEST_PRECEDENCE": -2147483648, "LOWEST_PRECEDENCE": _LOWEST}


def spring_beans(facts: Facts) -> BeanFacts:
    """before: Facts   after: every bean of the main sources, every injection point, every application class; sorted

    Both source sets are read for injection points, since tests ask the container too.
    """
    known = container()
    stereotypes = known.stereotypes | _own_marks(facts, known.stereotypes)
    starters = known.application | _own_marks(facts, known.application)
    beans: list[Bean] = []
    injections: list[Injection] = []
    applications: list[Application] = []
    marks = known.imports | known.settings
    listed = {n for c in facts.program.classes.values() for m in c.annotations if m.name in marks for n in literals(m)}
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        is_main = cls.origin is Origin.MAIN
        mark = annotated(cls, stereotypes)
        if is_main:
            beans += _of_class(facts, known, cls, mark)
            if annotated(cls, starters):
                applications.append(Application(name, scanned(known, cls)))
        injections += _injections(known, cls, mark is not None or name in listed)
    injections += _lookups(facts, known)
    beans += _imported(facts, known, {b.type for b in beans if b.kind is BeanKind.CLASS})
    return BeanFacts(tuple(beans), tuple(dict.fromkeys(injections)), tuple(applications))


def _own_marks(facts: Facts, marks: frozenset[str]) -> frozenset[str]:
    """Annotations of the application that carry one of `marks`, directly or through each other."""
    found: set[str] = set()
    while True:
        more = {c.name for c in facts.program.classes.values() if c.kind is ClassKind.ANNOTATION and annotated(c, marks | found)}
        if more <= found:
            return frozenset(found)
        found |= more


def _of_class(facts: Facts, known: Container, cls: ClassSymbol, mark: Annotation | None) -> Iterator[Bean]:
    if cls.is_interface:
        above = facts.hierarchy.supertypes(cls.name)
        if (known.repositories & above or annotated(cls, known.repository_marks)) and not annotated(cls, known.not_repositories):
            yield _bean(known, default_name(cls), cls.name, cls, BeanKind.REPOSITORY, (cls,))
        return
    if mark is None or cls.anonymous or cls.local:
        return
    if not cls.flags & Flags.ABSTRACT:
        name = mark.value()
        yield _bean(known, name if isinstance(name, str) and name else default_name(cls), cls.name, cls, BeanKind.CLASS, (cls,))
    yield from _methods(known, cls)


def _methods(known: Container, cls: ClassSymbol) -> Iterator[Bean]:
    for method in cls.methods:
        made = annotated(method, known.methods)
        if made is None:
            continue
        names = [*_words(made.value("name")), *_words(made.value("value"))]
        result = erase(method.result)
        if isinstance(result, ClassType):
            yield _bean(known, names[0] if names else method.name, result.name, cls, BeanKind.METHOD, (cls, method), tuple(names[1:]))


def literals(mark: Annotation) -> tuple[str, ...]:
    """The class literals of an annotation's values, in source order."""
    items = [i for _, value in mark.values for i in (value if isinstance(value, tuple) else (value,))]
    return tuple(i.name for i in items if isinstance(i, ClassType))


def _imported(facts: Facts, known: Container, named: set[str]) -> Iterator[Bean]:
    """Classes that are beans because an annotation lists them; what has a stereotype is one already."""
    for name in sorted(facts.top):
        for mark in facts.symbol(name).annotations:
            if facts.symbol(name).origin is not Origin.MAIN or mark.name not in known.imports | known.settings:
                continue
            for listed in literals(mark):
                cls = facts.program.classes.get(listed)
                if cls is None or listed in named or cls.is_interface:
                    continue
                named.add(listed)
                prefix = annotated(cls, known.settings_marks) if mark.name in known.settings else None
                words = [*_words(prefix.value()), *_words(prefix.value("prefix"))] if prefix else []
                yield _bean(known, f"{words[0]}-{listed}" if words else listed, listed, cls, BeanKind.CLASS, (cls,))
                yield from _methods(known, cls)


def default_name(cls: ClassSymbol) -> str:
    """`accountService` for AccountService, `URLCheck` for URLCheck, `outer.Inner` for a nested class."""
    short = cls.name.rpartition(".")[2].replace("$", ".")
    if len(short) > 1 and short[0].isupper() and short[1].isupper():
        return short
    return short[:1].lower() + short[1:]


def _bean(
    known: Container,
    name: str,
    type_: str,
    cls: ClassSymbol,
    kind: BeanKind,
    carriers: tuple[ClassSymbol | MethodSymbol, ...],
    aliases: tuple[str, ...] = (),
) -> Bean:
    """`carriers`: outermost first; a condition of the configuration holds for its methods, the other traits are the bean's own."""
    own = carriers[-1]
    qualifier = annotated(own, known.qualifier)
    order = annotated(own, known.order)
    scope = annotated(own, known.scope)
    profiles = [tuple(_words(p.value())) for c in carriers if (p := annotated(c, known.profile)) is not None]
    scopes = [*_words(scope.value()), *_words(scope.value("scopeName"))] if scope else []
    return Bean(
        name=name,
        type=type_,
        declared_in=cls.name,
        kind=kind,
        aliases=aliases,
        primary=annotated(own, known.primary) is not None,
        qualifiers=tuple(_words(qualifier.value())) if qualifier else (),
        order=_order(order) if order else None,
        profiles=tuple(p for p in profiles if p),
        scope=scopes[0] if scopes else "singleton",
        span=own.name_span or own.span,
    )


def _order(mark: Annotation) -> int:
    value = mark.value()
    if isinstance(value, int):
        return value
    if isinstance(value, tuple) and len(value) == 3:
        return _ORDERS.get(str(value[2]), _LOWEST)
    return _LOWEST


def _words(value: object) -> list[str]:
    """The strings of an annotation's value: one, or a tuple of them."""
    items = value if isinstance(value, tuple) else (value,)
    return [item for item in items if isinstance(item, str) and item]


def scanned(known: Container, cls: ClassSymbol) -> tuple[str, ...]:
    """The packages that an application class scans: those it names, else its own."""
    found: list[str] = []
    for mark in cls.annotations:
        if mark.name in known.scans:
            for key in ("scanBasePackages", "basePackages", "value"):
                found += _words(mark.value(key))
            for key in ("scanBasePackageClasses", "basePackageClasses"):
                value = mark.value(key)
                for item in value if isinstance(value, tuple) else (value,):
                    if isinstance(item, ClassType):
                        found.append(item.name.rpartition(".")[0])
    return tuple(dict.fromkeys(found)) or (cls.package,)


def _injections(known: Container, cls: ClassSymbol, is_bean: bool) -> Iterator[Injection]:
    """Fields and methods that say so, the constructor that the container calls, the parameters of methods that make beans."""
    for field in cls.fields:
        if annotated(field, known.injected):
            yield from _asks(known, cls, field.type, f"the field {cls.simple_name}.{field.name}", field.name_span)
    constructors = [m for m in cls.methods if m.is_constructor]
    for method in cls.methods:
        parameters = any(annotated(p, known.injected) for p in method.params)
        single = is_bean and method.is_constructor and len(constructors) == 1
        if single or parameters or annotated(method, known.injected | known.methods):
            what = f"the constructor of {cls.simple_name}" if method.is_constructor else f"{cls.simple_name}.{method.name}"
            for parameter in method.params:
                yield from _asks(known, cls, parameter.type, what, method.name_span)


def _asks(known: Container, cls: ClassSymbol, written: Type, what: str, span: object) -> Iterator[Injection]:
    inner = unwrapped(known, written)
    if inner is not None:
        yield Injection(cls.name, inner, written, what, span)  # type: ignore[arg-type]


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
    """context.getBean(Check.class): the container is asked by a class literal."""
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        owner, _, rest = (call.method or "").partition("#")
        if rest.partition("(")[0] in known.lookups and owner.startswith(known.lookup_owners):
            for value in call.args:
                if isinstance(value, Const) and isinstance(value.value, ClassType):
                    yield Injection(site.top, value.value.name, value.value, f"a look-up in {site.top}", call.span)


def users_of(found: BeanFacts, tops: Iterable[str], facts: Facts) -> tuple[Injection, ...]:
    """The injection points that stand in these top-level classes."""
    wanted = set(tops)
    return tuple(i for i in found.injections if facts.top.get(i.user) in wanted)


def candidates(found: BeanFacts, facts: Facts, type_: str) -> tuple[Bean, ...]:
    """The beans that an injection point of a type may get."""
    return tuple(b for b in found.beans if b.type == type_ or facts.hierarchy.is_subtype(b.type, type_))


def remote_beans(
    found: BeanFacts, facts: Facts, part: str, code: Iterable[str], owner: Callable[[str], str | None]
) -> tuple[tuple[Bean, str], ...]:
    """before: the top-level classes whose code `part` has, and who owns a class   after: (bean, its part) of all that they ask of others

    In name order. A bean that no code of the part can get is not among them: it would only take part in what the container
    does with every bean it has.
    """
    asked = sorted({i.type for i in users_of(found, code, facts)})
    chosen: dict[str, tuple[Bean, str]] = {}
    for type_ in asked:
        for bean in candidates(found, facts, type_):
            home = owner(bean.declared_in)
            if home is not None and home != part:
                # Of a library's concrete class there is no proxy, but of what it is asked for by.
                known_by = bean.type if bean.type in facts.top or _is_abstract(facts, bean.type) else type_
                chosen.setdefault(bean.name, (replace(bean, type=known_by), home))
    return tuple(chosen[name] for name in sorted(chosen))


def _is_abstract(facts: Facts, name: str) -> bool:
    cls = facts.program.find(name)
    return cls is not None and (cls.is_interface or bool(cls.flags & Flags.ABSTRACT))

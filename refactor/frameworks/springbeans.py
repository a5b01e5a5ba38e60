"""The beans that classes, methods and lists in annotations declare, with what tells them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import Container
from refactor.frameworks.marks import carried, carrier, marked, marks
from refactor.frameworks.model import Bean, BeanKind
from refactor.frameworks.views import seen_as
from refactor.ir.statements import Const, Return
from refactor.ir.symbols import Annotation, ClassSymbol, Flags, MethodSymbol, Origin
from refactor.ir.types import ClassType, Type, erase

LOWEST = 2147483647
_ORDERS = {"HIGHEST_PRECEDENCE": -2147483648, "LOWEST_PRECEDENCE": LOWEST}

Carrier = ClassSymbol | MethodSymbol


def declared_beans(facts: Facts, known: Container, scans: tuple[str, ...]) -> Iterator[Bean]:
    """before: Facts, and the packages in which an application looks   after: every bean of the main sources but those that lists name"""
    mappers = mapper_packages(facts, known)
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.origin is Origin.MAIN:
            yield from _of_class(facts, known, cls, scans, mappers)


def mapper_packages(facts: Facts, known: Container) -> tuple[tuple[str, Annotation], ...]:
    """The packages, with a dot behind, whose interfaces a scan of the program implements."""
    found = []
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        for mark in marks(facts, cls, known.mapper_scans) if cls.origin is Origin.MAIN else ():
            found += [(f"{package}.", mark) for package in packages_of(mark, cls)]
    return tuple(found)


def packages_of(mark: Annotation, cls: ClassSymbol) -> tuple[str, ...]:
    """The packages that an annotation of `cls` names, by words or by classes in them; else that of `cls`."""
    return tuple(dict.fromkeys(_packages(mark))) or (cls.package,)


def _packages(mark: Annotation) -> Iterator[str]:
    for key in ("scanBasePackages", "basePackages", "value"):
        yield from words(mark.value(key))
    for key in ("scanBasePackageClasses", "basePackageClasses"):
        value = mark.value(key)
        items = value if isinstance(value, tuple) else (value,)
        yield from (i.name.rpartition(".")[0] for i in items if isinstance(i, ClassType))


def scanned(facts: Facts, known: Container, cls: ClassSymbol) -> tuple[str, ...]:
    """The packages that a class has scanned for beans: those that its annotations name, else its own."""
    named = [p for mark in marks(facts, cls, known.scans) for p in _packages(mark)]
    return tuple(dict.fromkeys(named)) or (cls.package,)


def _of_class(
    facts: Facts, known: Container, cls: ClassSymbol, scans: tuple[str, ...], mappers: tuple[tuple[str, Annotation], ...]
) -> Iterator[Bean]:
    seen = not scans or cls.name.startswith(scans)
    if cls.is_interface:
        above = facts.hierarchy.supertypes(cls.name)
        implemented = bool(known.repositories & above) or marked(facts, cls, known.repository_marks) is not None
        implemented = implemented or any(cls.name.startswith(package) and _is_mapper(facts, cls, mark) for package, mark in mappers)
        if implemented and not annotated(cls, known.not_repositories):
            yield bean_of(facts, known, default_name(cls), cls.name, cls, BeanKind.REPOSITORY, (cls,))
        elif annotated(cls, known.generated):
            yield bean_of(facts, known, f"{default_name(cls)}Impl", cls.name, cls, BeanKind.REPOSITORY, (cls,))
        return
    mark = carrier(facts, cls, known.stereotypes)
    if annotated(cls, known.generated):
        yield bean_of(facts, known, f"{default_name(cls)}Impl", cls.name, cls, BeanKind.CLASS, (cls,))
    if mark is None or cls.anonymous or cls.local:
        return
    looked_up = any(annotated(m, known.lookup_methods) for m in cls.methods)
    if not cls.flags & Flags.ABSTRACT or looked_up:
        name = mark.value()
        yield from class_beans(facts, known, name if isinstance(name, str) and name else default_name(cls), cls, seen)
    yield from method_beans(facts, known, cls, seen)


def _is_mapper(facts: Facts, cls: ClassSymbol, scan: Annotation) -> bool:
    wanted = scan.value("annotationClass")
    if isinstance(wanted, ClassType) and marked(facts, cls, frozenset({wanted.name})) is None:
        return False
    marker = scan.value("markerInterface")
    return not isinstance(marker, ClassType) or (cls.name != marker.name and facts.hierarchy.is_subtype(cls.name, marker.name))


def class_beans(facts: Facts, known: Container, name: str, cls: ClassSymbol, seen: bool = True) -> Iterator[Bean]:
    """The bean of a class; of a factory what it makes, under its name, and the factory itself under another one."""
    made = seen_as(facts, cls.type(), known.factories)
    if made is None:
        yield bean_of(facts, known, name, cls.name, cls, BeanKind.CLASS, (cls,), seen=seen)
        return
    yield from _factory(facts, known, name, cls.name, made, cls, (cls,), (), seen)


def _factory(
    facts: Facts,
    known: Container,
    name: str,
    factory: str,
    made: ClassType,
    cls: ClassSymbol,
    carriers: tuple[Carrier, ...],
    aliases: tuple[str, ...],
    seen: bool,
) -> Iterator[Bean]:
    """before: class Clocks implements FactoryBean<Clock>, named clocks   after: the bean clocks is a Clock, &clocks the factory"""
    product = erase(made.args[0]) if made.args else ClassType("java.lang.Object")
    doubts = () if _makes_one(facts, factory) else (f"its factory {factory} says how many there are",)
    if isinstance(product, ClassType):
        yield bean_of(facts, known, name, product.name, cls, BeanKind.FACTORY, carriers, aliases, seen, doubts)
    yield bean_of(facts, known, f"&{name}", factory, cls, BeanKind.FACTORY, carriers, (), seen, ("it is a factory of beans",))


def _makes_one(facts: Facts, factory: str) -> bool:
    """Whether a factory's product is one object: isSingleton is inherited, or answers true."""
    for above in (factory, *sorted(facts.hierarchy.supertypes(factory) - {factory})):
        cls = facts.program.classes.get(above)
        for method in cls.methods if cls is not None else ():
            if method.name == "isSingleton" and not method.params:
                body = facts.program.bodies.get(method.key)
                only = body.statements if body is not None else ()
                said = only[0].value if len(only) == 1 and isinstance(only[0], Return) else None
                if not isinstance(said, Const) or said.value is not True:
                    return False
    return True


def method_beans(facts: Facts, known: Container, cls: ClassSymbol, seen: bool = True) -> Iterator[Bean]:
    """What the methods of a class make."""
    for method in cls.methods:
        made = marked(facts, method, known.methods)
        result = erase(method.result)
        if made is None or not isinstance(result, ClassType):
            continue
        names = [*words(made.value("name")), *words(made.value("value"))]
        name, aliases = names[0] if names else method.name, tuple(names[1:])
        product = seen_as(facts, method.result, known.factories)
        if product is not None:
            yield from _factory(facts, known, name, result.name, product, cls, (cls, method), aliases, seen)
            continue
        no = next((a for a in ("autowireCandidate", "defaultCandidate") if made.value(a) is False), None)
        doubts = (f"{no} is false",) if no else ()
        yield bean_of(facts, known, name, result.name, cls, BeanKind.METHOD, (cls, method), aliases, seen, doubts, method.result)


def listed_beans(facts: Facts, known: Container, named: set[str]) -> Iterator[Bean]:
    """Classes that are beans because an annotation lists them; what has a stereotype is one already."""
    for name in sorted(facts.top):
        for mark in facts.symbol(name).annotations:
            if facts.symbol(name).origin is not Origin.MAIN or mark.name not in known.imports | known.settings:
                continue
            for listed in literals(mark):
                cls = facts.program.classes.get(listed)
                if cls is None or listed in named or cls.is_interface or known.registrars & facts.hierarchy.supertypes(listed):
                    continue
                named.add(listed)
                yield from class_beans(facts, known, settings_name(facts, known, cls) if mark.name in known.settings else listed, cls)
                yield from method_beans(facts, known, cls)
    for cls in scanned_settings(facts, known):
        if cls.name not in named:
            named.add(cls.name)
            yield from class_beans(facts, known, settings_name(facts, known, cls), cls)


def scanned_settings(facts: Facts, known: Container) -> Iterator[ClassSymbol]:
    """The classes of settings below the packages that are scanned for such; what has a stereotype is a bean already."""
    packages = []
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        for mark in marks(facts, cls, known.settings_scans) if cls.origin is Origin.MAIN else ():
            packages += [f"{p}." for p in packages_of(mark, cls)]
    for name in sorted(facts.top) if packages else ():
        cls = facts.symbol(name)
        is_bean = not cls.is_interface and not cls.flags & Flags.ABSTRACT and not carrier(facts, cls, known.stereotypes)
        if is_bean and cls.origin is Origin.MAIN and name.startswith(tuple(packages)) and annotated(cls, known.settings_marks):
            yield cls


def settings_name(facts: Facts, known: Container, cls: ClassSymbol) -> str:
    """`<prefix>-<name of the class>`, as Boot names a class of settings."""
    prefix = marked(facts, cls, known.settings_marks)
    found = [*words(prefix.value()), *words(prefix.value("prefix"))] if prefix else []
    return f"{found[0]}-{cls.name}" if found else cls.name


def literals(mark: Annotation) -> tuple[str, ...]:
    """The class literals of an annotation's values, in source order."""
    items = [i for _, value in mark.values for i in (value if isinstance(value, tuple) else (value,))]
    return tuple(i.name for i in items if isinstance(i, ClassType))


def default_name(cls: ClassSymbol) -> str:
    """`accountService` for AccountService, `URLCheck` for URLCheck, `outer.Inner` for a nested class."""
    short = cls.name.rpartition(".")[2].replace("$", ".")
    if len(short) > 1 and short[0].isupper() and short[1].isupper():
        return short
    return short[:1].lower() + short[1:]


def bean_of(
    facts: Facts,
    known: Container,
    name: str,
    type_: str,
    cls: ClassSymbol,
    kind: BeanKind,
    carriers: tuple[Carrier, ...],
    aliases: tuple[str, ...] = (),
    seen: bool = True,
    doubts: Iterable[str] = (),
    written: Type | None = None,
) -> Bean:
    """`carriers`: outermost first; a condition of the configuration holds for its methods, the other traits are the bean's own."""
    own = carriers[-1]
    qualifier = annotated(own, known.qualifier)
    order = marked(facts, own, known.order)
    scope = marked(facts, own, known.scope)
    around: list[Carrier] = [*_outer(facts, cls), *carriers]
    profiles = [tuple(words(p.value())) for c in around for p in marks(facts, c, known.profile)]
    scopes = [*words(scope.value()), *words(scope.value("scopeName"))] if scope else []
    return Bean(
        name=name,
        type=type_,
        declared_in=cls.name,
        kind=kind,
        aliases=aliases,
        primary=marked(facts, own, known.primary) is not None,
        qualifiers=tuple(words(qualifier.value())) if qualifier else (),
        order=_order(order) if order else None,
        profiles=tuple(p for p in profiles if p),
        scope=scopes[0] if scopes else "singleton",
        span=own.name_span or own.span,
        conditions=tuple(m for c in around for m in marks(facts, c, known.same_conditions)),
        doubts=(*doubts, *(d for c in around for d in _undecided(facts, known, c)), *_odd(facts, known, own, type_)),
        written=written,
        scanned=seen,
    )


def _outer(facts: Facts, cls: ClassSymbol) -> list[ClassSymbol]:
    found: list[ClassSymbol] = []
    while cls.outer is not None and cls.outer in facts.program.classes:
        cls = facts.program.classes[cls.outer]
        found.insert(0, cls)
    return found


def _undecided(facts: Facts, known: Container, symbol: Carrier) -> Iterator[str]:
    """Conditions that only the container itself can decide."""
    for mark in symbol.annotations:
        names = {mark.name, *(path[-1].name for path in carried(facts, mark.name))}
        own = {n for n in names if n in known.conditions or n.rpartition(".")[2].startswith("ConditionalOn")}
        # What carries the condition itself, as @ConditionalOnProperty and @Profile do, is repeated with it.
        if own - known.conditions - known.same_conditions or (own and not names & (known.same_conditions | known.profile)):
            yield f"@{mark.name.rpartition('.')[2]} decides whether there is one"


def _odd(facts: Facts, known: Container, own: Carrier, type_: str) -> Iterator[str]:
    """What tells a bean apart, or says when it is made, and cannot be said of it in another part."""
    for mark in own.annotations:
        short = mark.name.rpartition(".")[2]
        if mark.name not in known.qualifier and carrier_of(facts, mark, known.qualifier):
            yield f"@{short} tells it apart"
        elif mark.name in known.odd_traits:
            yield f"it is @{short}"
    if known.ordered & facts.hierarchy.supertypes(type_) and type_ in facts.top:
        yield "it says its own order"


def carrier_of(facts: Facts, mark: Annotation, names: frozenset[str]) -> bool:
    """Whether an annotation's own declaration carries one of `names`."""
    return any(path[-1].name in names for path in carried(facts, mark.name))


def _order(mark: Annotation) -> int:
    value = mark.value()
    if isinstance(value, int):
        return value
    if isinstance(value, tuple) and len(value) == 3:
        return _ORDERS.get(str(value[2]), LOWEST)
    return LOWEST


def words(value: object) -> list[str]:
    """The strings of an annotation's value: one, or a tuple of them."""
    items = value if isinstance(value, tuple) else (value,)
    return [item for item in items if isinstance(item, str) and item]

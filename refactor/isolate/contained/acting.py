"""Beans and annotations that act on other beans of their container: post-processors, filters, advice, executors, what @Enable... says.

What has no state may be in every part (`isolate.beans.everywhere`); what has some stays with all that it acts on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import Facts
from refactor.frameworks.knowledge import Container, Serving, container
from refactor.frameworks.marks import Marked, marked
from refactor.frameworks.model import Bean, BeanFacts, BeanKind
from refactor.frameworks.spring import made_once
from refactor.frameworks.springbeans import literals, mapper_packages, scanned
from refactor.ir.statements import Invoke
from refactor.ir.symbols import ClassSymbol, Origin
from refactor.ir.types import class_names
from refactor.isolate.beans import application_makers, beans_of, everywhere
from refactor.isolate.contained.pair import Pair, short
from refactor.isolate.contained.processed import may_be, processed_types
from refactor.isolate.context import Analyses

_ALL = Serving(frozenset(), frozenset(), ("*",), frozenset())
_WEB = Serving(frozenset(), frozenset(), ("controllers",), frozenset())


def acting(analyses: Analyses) -> Iterator[Pair]:
    """before: a post-processor with state in p, a bean in q   after: the pair of both; tests are among the users"""
    facts, known, beans = analyses.facts, container(), analyses.once(beans_of)
    apart = analyses.once(everywhere).keys() - analyses.once(application_makers)
    concerned = _Concerned(facts, known, beans)
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.origin is not Origin.MAIN or facts.top[name] in apart:
            continue
        kept = name in analyses.once(application_makers)
        made = [b for b in beans.declared_in(name) if not kept or (b.type != name and made_once(beans, facts, b))]
        for bean in made:
            for serving in _served(facts, known, beans, bean):
                if serving.told and bean.type in facts.top and not _heeds(facts, facts.top[bean.type]):
                    continue
                for top in concerned.by(serving, bean):
                    yield Pair(top, name, bean.span, f"the container of {top} uses the {short(bean.type)} {bean.name} by itself")
            if facts.hierarchy.supertypes(bean.type) & known.converters:
                yield from _converting(facts, known, bean)
        for mark in cls.annotations if not kept else ():
            for serving in _switched(facts, known, mark.name):
                if serving.told and not _heeds(facts, name):
                    continue
                for top in concerned.by(serving):
                    yield Pair(top, name, mark.span, f"@{short(mark.name)} of {name} says how the container of {top} works")
        if not kept:
            yield from _found_by(facts, known, beans, cls)
    yield from _mapped(facts, known, beans)
    yield from _surveys(facts, known, beans)


def _served(facts: Facts, known: Container, beans: BeanFacts, bean: Bean) -> Iterator[Serving]:
    above = {bean.type, *facts.hierarchy.supertypes(bean.type)}
    found = [s for s in known.serving if above & s.types]
    yield from found
    if found or bean.kind is not BeanKind.METHOD or bean.type in facts.top or above & (known.gathered | known.converters | known.passive):
        return
    # A library's object that no code of the program asks for is there for a library.
    if not any(bean.type == i.type or i.type in above for i in beans.injections):
        yield _WEB if bean.type.startswith(known.infrastructure) or bean.type.endswith(known.infrastructure_suffixes) else _ALL


def _switched(facts: Facts, known: Container, mark: str) -> Iterator[Serving]:
    found = [s for s in known.serving if mark in s.marks]
    yield from found
    if not found and short(mark).startswith("Enable") and mark not in known.harmless_switches and mark not in facts.top:
        yield _ALL


def _heeds(facts: Facts, top: str) -> bool:
    """Whether any code of a class looks at an argument that it is given."""
    return any(facts.uses(body).get(parameter.name) for body in facts.bodies.get(top, ()) for parameter in body.params)


class _Concerned:
    """Who is affected: by words of the table, by annotations that they carry, by types that they ask for."""

    def __init__(self, facts: Facts, known: Container, beans: BeanFacts) -> None:
        self._facts, self._known, self._beans = facts, known, beans
        self._memo: dict[Serving, tuple[str, ...]] = {}

    def by(self, serving: Serving, bean: Bean | None = None) -> tuple[str, ...]:
        types = processed_types(self._facts, bean.type) if bean is not None and "*" in serving.concerns else None
        if types is not None:
            return tuple(sorted({self._facts.top[b.declared_in] for b in self._beans.beans if may_be(self._facts, b, types)}))
        if serving not in self._memo:
            self._memo[serving] = tuple(sorted({*self._by_word(serving), *self._by_mark(serving), *self._by_request(serving)}))
        return self._memo[serving]

    def _by_word(self, serving: Serving) -> Iterator[str]:
        facts = self._facts
        for bean in self._beans.beans:
            repository = bean.kind is BeanKind.REPOSITORY and "repositories" in serving.concerns
            if "*" in serving.concerns or repository:
                yield facts.top[bean.declared_in]
        if "controllers" in serving.concerns:
            yield from (facts.top[n] for n in sorted(facts.top) if marked(facts, facts.symbol(n), self._known.controllers))

    def _by_mark(self, serving: Serving) -> Iterator[str]:
        marks = frozenset(c for c in serving.concerns if "." in c)
        for name in sorted(self._facts.top) if marks else ():
            cls = self._facts.symbol(name)
            symbols: tuple[Marked, ...] = (cls, *cls.methods, *cls.fields, *(p for m in cls.methods for p in m.params))
            if any(marked(self._facts, symbol, marks) for symbol in symbols):
                yield from {self._facts.top[n] for n in self._facts.hierarchy.subtypes(name)}

    def _by_request(self, serving: Serving) -> Iterator[str]:
        for injection in self._beans.injections if serving.requests else ():
            if injection.type in serving.requests:
                yield self._facts.top[injection.user]


def _converting(facts: Facts, known: Container, bean: Bean) -> Iterator[Pair]:
    """Converters concern the controllers that speak of their type; all of them where it is not known."""
    cls = facts.program.classes.get(bean.type)
    types = [t for t in (cls.interfaces if cls else ()) if t.name in known.converters]
    own = {facts.top[n] for t in types for a in t.args for n in class_names(a) if n in facts.top}
    for name in sorted(facts.top):
        top = facts.top[name]
        if marked(facts, facts.symbol(name), known.controllers) and (not types or own & facts.mentions_of(top)):
            yield Pair(top, bean.declared_in, bean.span, f"the container binds arguments of {name} with {bean.name}")


def _found_by(facts: Facts, known: Container, beans: BeanFacts, cls: ClassSymbol) -> Iterator[Pair]:
    """What a configuration that not every part has scans, imports or lists is a bean only where the configuration is."""
    for mark in cls.annotations:
        if mark.name in known.imports | known.settings:
            for listed in literals(mark):
                if listed in facts.top:
                    yield Pair(facts.top[listed], cls.name, mark.span, f"{cls.name} lists {listed} in @{short(mark.name)}")
    if any(a.name in known.scans for a in cls.annotations):
        packages = tuple(f"{p}." for p in scanned(facts, known, cls))
        others = tuple(f"{p}." for a in beans.applications for p in a.packages)
        for bean in beans.beans:
            if bean.declared_in.startswith(packages) and not bean.declared_in.startswith(others):
                yield Pair(facts.top[bean.declared_in], cls.name, cls.name_span, f"{cls.name} scans {bean.declared_in}")


def _mapped(facts: Facts, known: Container, beans: BeanFacts) -> Iterator[Pair]:
    """One scan for mappers implements every interface of its packages, wherever it runs."""
    for package, mark in mapper_packages(facts, known):
        found = [b for b in beans.beans if b.kind is BeanKind.REPOSITORY and b.type.startswith(package)]
        for bean in found[1:]:
            why = f"@{short(mark.name)} makes mappers of {bean.type} and {found[0].type}"
            yield Pair(facts.top[bean.declared_in], found[0].declared_in, mark.span, why)


def _surveys(facts: Facts, known: Container, beans: BeanFacts) -> Iterator[Pair]:
    """Code that asks a container for what it has, or for beans by annotation: proxies carry none."""
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        owner, _, rest = (call.method or "").partition("#")
        if rest.partition("(")[0] in known.surveys and owner.startswith(known.lookup_owners):
            for bean in beans.beans:
                yield Pair(site.top, bean.declared_in, call.span, f"{site.top} asks its container which beans it has")

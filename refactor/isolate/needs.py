"""What each class of the test sources needs to have locally, apart from any assignment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from refactor.flow.facts import Facts, annotated, annotation_names
from refactor.frameworks.knowledge import container
from refactor.frameworks.marks import Marked, marked
from refactor.frameworks.spring import candidates
from refactor.frameworks.springbeans import scanned
from refactor.frameworks.xmlcontext import XmlContext, files_of, scanned_beans, xml_contexts
from refactor.ir.statements import Cast, Load, Store
from refactor.ir.symbols import Annotation, ClassKind, ClassSymbol, Flags, Origin
from refactor.ir.types import ArrayType, ClassType, class_names
from refactor.isolate.beans import beans_of, everywhere
from refactor.isolate.contained.acting import acting
from refactor.isolate.contained.caches import caches
from refactor.isolate.contained.events import events
from refactor.isolate.contained.points import points
from refactor.isolate.context import Analyses, calls
from refactor.isolate.knowledge import Knowledge
from refactor.isolate.rules.embedded import users
from refactor.isolate.rules.mapped import mapped
from refactor.isolate.rules.pinned_types import handovers
from refactor.isolate.rules.process_state import used_state
from refactor.isolate.samevalues import same_values
from refactor.isolate.standins import mocks_of, runs_own_code, stand_in_field
from refactor.isolate.subjects import subjects
from refactor.isolate.unproxied import unproxied
from refactor.isolate.webtests import handlers_needed
from refactor.support.source import Span

_WORDS = {"mock": "mocks", "stand_in": "mocks", "reflect": "reflects on", "fields": "reads the fields of", "lock": "locks"}


@dataclass(frozen=True, slots=True)
class Need:
    """The test class `test` works only where the real code of `cls` is.

    `stand_in`: it makes objects that stand in for some of `cls`, which a proxy of it is good enough for where they stay in its process.
    """

    test: str
    cls: str
    span: Span | None
    reason: str
    field: str = ""  # "final" or "any": only because a field of this sort is accessed directly
    stand_in: bool = False
    wish: bool = False  # it counts only where nothing else is needed of other parts


def test_needs(analyses: Analyses) -> tuple[Need, ...]:
    """before: Facts   after: every need of every top-level test class for a class of the main sources, in a fixed order"""
    facts, known = analyses.facts, analyses.known
    main = {n for n, top in facts.top.items() if facts.symbol(top).origin is Origin.MAIN}
    own_code = runs_own_code(facts, known)
    found: list[Need] = []
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        if cls.origin is Origin.TEST:
            found.extend(n for n in _declared(analyses, cls) if n.cls in main)
    for subject in subjects(facts, known):
        if facts.is_test(subject.top) and subject.cls in main:
            what = _WORDS.get(subject.kind, "hands to a library the class literal of")
            stand_in = subject.kind == "stand_in"
            for name in _looked_into(analyses, subject.cls) if subject.kind == "fields" else (subject.cls,):
                found.append(Need(subject.top, name, subject.span, f"{what} {name} ({subject.what})", stand_in=stand_in))
    for kind in (Load, Store):
        for site in facts.sites(kind):
            access = cast(Load | Store, site.statement)
            owner = access.field.partition("#")[0]
            if owner in main and facts.is_test(site.top):
                field = facts.program.field(access.field)
                through_proxy = field is not None and isinstance(access, Load) and (
                    field.constant is not None or field.enum_constant or (field.flags & Flags.STATIC and field.flags & Flags.FINAL)
                )
                if not through_proxy:
                    verb = "reads" if isinstance(access, Load) else "writes"
                    sort = "final" if field is not None and field.flags & Flags.FINAL else "any"
                    found.append(Need(site.top, owner, access.span, f"{verb} the field {_short(access.field)}", sort))
    for site in facts.sites(Cast):
        cast_ = cast(Cast, site.statement)
        if isinstance(cast_.type, ArrayType) and facts.is_test(site.top):
            for name in sorted(class_names(cast_.type)):
                if name in main and facts.symbol(name).kind is not ClassKind.INTERFACE:
                    found.append(Need(site.top, name, cast_.span, f"casts to an array of {name}"))
    found.extend(_by_use(analyses, main))
    found.extend(_by_state(analyses))
    found.extend(_by_container(analyses))
    found.extend(_by_scripts(analyses))
    found.extend(Need(user, cls, span, why) for user, cls, span, why in analyses.once(mapped) if facts.is_test(user))
    found.extend(Need(test, cls, span, why, wish=True) for test, cls, span, why in same_values(analyses))
    found.extend(Need(test, cls, span, reason) for test, cls, span, reason in handlers_needed(analyses))
    return tuple(dict.fromkeys(n if n.test not in own_code else replace(n, stand_in=False) for n in found))


def _looked_into(analyses: Analyses, cls: str) -> tuple[str, ...]:
    """The class, or where its objects are of other classes all that they may be of: an interface is nobody's own."""
    facts = analyses.facts
    if not facts.symbol(cls).is_interface:
        return (cls,)
    return (cls, *sorted(n for n in facts.hierarchy.subtypes(cls) if not facts.is_test(facts.top[n]) and n != cls))


def _by_use(analyses: Analyses, main: set[str]) -> Iterator[Need]:
    """Classes without a proxy, and objects that cannot leave their process, in the test's own code."""
    facts = analyses.facts
    odd = analyses.once(unproxied)
    for name in sorted(facts.mentions):
        if facts.is_test(facts.top[name]):
            for used in sorted(facts.mentions[name] & odd.keys()):
                yield Need(facts.top[name], used, facts.symbol(name).name_span, f"uses {used}, which cannot have a proxy: {odd[used]}")
    for use, pinned in analyses.once(handovers):
        for callee in use.callees if facts.is_test(use.user) else ():
            if callee in main:
                yield Need(use.user, callee, use.span, f"hands {pinned} over to or takes it from {callee}")


def _by_state(analyses: Analyses) -> Iterator[Need]:
    """A test that sets state of the process needs every class beside it that reads it while the test runs; and the other way round.

    What only a look-up by an unknown name might run is left out: a test that looks up one class would need all that read the state.
    """
    facts = analyses.facts
    writes, reads = analyses.once(used_state)
    for mine, theirs, words in ((writes, reads, "sets the {} that {} reads"), (reads, writes, "reads the {} that {} sets")):
        own = [use for use in mine if facts.is_test(use.top)]
        others = [use for use in theirs if not facts.is_test(use.top)] if own else []
        runs = calls(analyses).reaching([(use.body,) for use in others], by_name=False) if others else {}
        for use in own:
            ran = 0
            for body in facts.bodies.get(use.top, ()):
                ran |= runs.get(body.key, 0)
            for i, other in enumerate(others):
                if ran >> i & 1 and use.meets(other):
                    yield Need(use.top, other.top, use.span, words.format(use.state, other.top))


def _by_scripts(analyses: Analyses) -> Iterator[Need]:
    """A test that runs scripts on an embedded database is where the classes are that use its tables."""
    facts, known = analyses.facts, container()
    for name in sorted(facts.top):
        cls = facts.symbol(name)
        symbols: tuple[Marked, ...] = (cls, *cls.methods)
        mark = next((m for s in symbols if (m := marked(facts, s, known.test_scripts)) is not None), None)
        if mark is not None and facts.is_test(facts.top[name]):
            used = analyses.once(users)
            for top in used[1] if used is not None else ():
                yield Need(facts.top[name], top, mark.span, f"@{mark.name.rpartition('.')[2]} fills tables that {top} uses")


def _by_container(analyses: Analyses) -> Iterator[Need]:
    """A test in whose context events are published or heard, or caches used, needs beside it who hears, publishes or uses them."""
    facts = analyses.facts
    served = (*points(analyses), *acting(analyses))
    for pair in (*events(analyses), *caches(analyses), *(served if analyses.once(everywhere) else ())):
        user, other = pair.user, facts.top[pair.cls]
        if facts.is_test(user) != facts.is_test(other):
            yield Need(user, other, pair.span, pair.why) if facts.is_test(user) else Need(other, user, pair.span, pair.why)


def _declared(analyses: Analyses, cls: ClassSymbol) -> Iterator[Need]:
    facts, known = analyses.facts, analyses.known
    top = facts.top[cls.name]
    for parent in facts.hierarchy.direct_supertypes(cls):
        what = "an anonymous class" if cls.anonymous else cls.simple_name
        yield Need(top, parent, cls.name_span or cls.span, f"{what} extends {parent}")
    for mock, names, span, symbol in mocks_of(known, cls):
        for name in names:
            what = f"@{mock.name.rpartition('.')[2]} of {name}"
            if mock.name in container().bean_mocks and name in facts.top and facts.symbol(name).is_interface:
                yield from _mocked(analyses, cls, name, span, what)
                continue
            yield Need(top, name, span, what, stand_in=symbol is not None and stand_in_field(known, symbol) is not None)
    mark = annotated(cls, known.annotations["spring_test"]) or next((a for a in cls.annotations if container().is_slice(a.name)), None)
    if mark is not None:
        yield from _spring(analyses, cls, top, mark)
    yield from _xml(analyses, cls, top)


def _spring(analyses: Analyses, cls: ClassSymbol, top: str, mark: Annotation) -> Iterator[Need]:
    """A test with a container gets the beans of other parts as proxies, as long as its context is the application's own.

    A slice, or a context of listed classes, holds only what it names: that and what is injected from it has to be here.
    """
    facts, known = analyses.facts, analyses.known
    short = f"@{mark.name.rpartition('.')[2]}"
    anywhere = analyses.once(everywhere)
    listed: list[tuple[str, Span | None, str]] = []
    for _, value in mark.values:
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, ClassType):
                listed.append((item.name, mark.span, f"{short} configures {item.name}"))
    asked = [a for a in listed if a[0] not in anywhere]
    asked += _own_context(analyses, cls)
    if mark.name not in container().full_context or asked or not anywhere:
        injected = known.annotations["injected"]
        for field in cls.fields:
            if annotated(field, injected):
                asked += [(n, field.name_span, f"{short} injects {n}") for n in sorted(class_names(field.type))]
        for method in cls.methods:
            if annotated(method, injected) or any(annotated(p, injected) for p in method.params):
                asked += [(n, method.name_span, f"{short} injects {n}") for p in method.params for n in sorted(class_names(p.type))]
    asked = [a for a in asked if a[0] in facts.top and not facts.is_test(facts.top[a[0]])]
    if not asked and not anywhere:
        for name in sorted(facts.members):
            if annotated(facts.symbol(name), known.annotations["configuration"]):
                asked.append((name, mark.span, f"{short} starts {name}"))
    for name, span, reason in asked:
        yield Need(top, name, span, reason)


def _mocked(analyses: Analyses, cls: ClassSymbol, name: str, span: Span | None, what: str) -> Iterator[Need]:
    """A bean that a test's context replaces: an interface is enough for the mock, but whoever gets the bean has to be in that context."""
    facts, beans = analyses.facts, analyses.once(beans_of)
    slices = [a for a in cls.annotations if container().is_slice(a.name)]
    listed = {n for a in slices for n in annotation_names(a) if n in facts.top}
    for injection in beans.injections:
        gets = injection.type == name or injection.type in facts.hierarchy.supertypes(name)
        if gets and not facts.is_test(facts.top[injection.user]) and (not listed or injection.user in listed):
            yield Need(facts.top[cls.name], injection.user, span, f"{what}, which {injection.user} gets")


def _xml(analyses: Analyses, cls: ClassSymbol, top: str) -> Iterator[Need]:
    """A context that is made from XML files gets no beans of other parts: what the test asks it for, and what that asks for, is needed.

    A class that a file names, rather than scans, may be a proxy: the container makes an object of it as anyone would.
    """
    facts = analyses.facts
    files = files_of(facts, cls, analyses.once(contexts_of))
    beans = scanned_beans(analyses.once(beans_of), files)
    family = {cls.name, *facts.hierarchy.supertypes(cls.name)}
    asked = [i for i in beans.injections if i.user in family] if files else []
    seen: set[str] = set()
    while asked:
        injection = asked.pop()
        for bean in candidates(beans, facts, injection.type):
            yield Need(top, bean.declared_in, injection.span, f"{injection.what} gets {bean.name} from {files[0].path}")
            if bean.declared_in not in seen:
                seen.add(bean.declared_in)
                asked += [i for i in beans.injections if i.user == bean.declared_in]


def contexts_of(analyses: Analyses) -> Mapping[str, XmlContext]:
    """Every context of the program that is written as XML."""
    return xml_contexts(analyses.facts.program)


def _own_context(analyses: Analyses, cls: ClassSymbol) -> Iterator[tuple[str, Span | None, str]]:
    """A configuration inside the test replaces the application's: all that it scans, or names, is needed."""
    known = container()
    for name in cls.members:
        inner = analyses.facts.symbol(name)
        if annotated(inner, known.application):
            packages = scanned(analyses.facts, known, inner)
            for bean in analyses.once(beans_of).beans:
                if any(bean.declared_in.startswith(f"{package}.") for package in packages):
                    yield bean.declared_in, inner.name_span, f"{inner.simple_name} scans {bean.declared_in}"
        elif annotated(inner, known.configurations):
            for used in sorted(analyses.facts.mentions.get(name, ())):
                yield used, inner.name_span, f"{inner.simple_name} configures {used}"


def is_test_class(facts: Facts, known: Knowledge, top: str) -> bool:
    """Whether running the tests runs something of this class: JUnit 3, 4, 5 and TestNG, nested and inherited tests included."""
    return any(_runs(facts, known, facts.symbol(name)) for name in facts.members[top])


def is_suite(facts: Facts, top: str) -> bool:
    """A class that only lists other test classes."""
    cls = facts.symbol(top)
    lists = {"SuiteClasses", "Suite$SuiteClasses", "SelectClasses", "SelectPackages"}
    listed = any(a.name.rpartition(".")[2] in lists for a in cls.annotations)
    return listed or any(m.name == "suite" and m.flags & Flags.STATIC and not m.params for m in cls.methods)


def _runs(facts: Facts, known: Knowledge, cls: ClassSymbol) -> bool:
    if cls.flags & Flags.ABSTRACT or cls.is_interface or cls.anonymous or cls.local:
        return False
    junit3 = bool(known.test_superclasses & facts.hierarchy.supertypes(cls.name))
    if annotated(cls, known.annotations["test_class"]):
        return True
    for name in sorted(facts.hierarchy.supertypes(cls.name)):
        parent = facts.program.classes.get(name)
        for method in parent.methods if parent else ():
            if annotated(method, known.annotations["test_method"]):
                return True
            if junit3 and method.name.startswith("test") and method.flags & Flags.PUBLIC and not method.params:
                return True
    return False


def _short(key: str) -> str:
    return key.rpartition(".")[2].partition(":")[0].replace("#", ".")

"""Spring's container: beans by annotation, method and XML, injection, life cycle, events, aspects, look-ups."""

from __future__ import annotations

from refactor.flow.facts import index
from refactor.frameworks.knowledge import Container, container
from refactor.frameworks.plugins.container import Beans, run_marked
from refactor.frameworks.plugins.mybatis import mapper_interfaces
from refactor.frameworks.plugins.names import ee, is_made, mark, words
from refactor.frameworks.plugins.springdata import fragments, repositories
from refactor.frameworks.plugins.springxml import XmlBean, xml_beans
from refactor.frameworks.spring import spring_beans
from refactor.frameworks.springbeans import default_name
from refactor.ir.statements import Const, Invoke
from refactor.ir.symbols import Annotation
from refactor.ir.types import ClassType, erase
from refactor.pointsto.plugin import Feed, Plugin, Ref, texts

_LIFE = ee("annotation.PostConstruct", "annotation.PreDestroy")
_EVENTS = frozenset({"org.springframework.context.event.EventListener", "org.springframework.transaction.event.TransactionalEventListener"})
_ADVICE = frozenset(f"org.aspectj.lang.annotation.{n}" for n in ("Around", "Before", "After", "AfterReturning", "AfterThrowing"))
# What names the classes that make up a context, of tests too.
_CONFIGURED = frozenset(
    {
        "org.springframework.context.annotation.Import",
        "org.springframework.test.context.ContextConfiguration",
        "org.springframework.boot.test.context.SpringBootTest",
        "org.springframework.test.context.junit.jupiter.SpringJUnitConfig",
        "org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig",
    }
)
_SPRING = "org.springframework."
_STRIPES = "net.sourceforge.stripes.integration.spring.SpringBean"


class Spring(Plugin):
    """before: bean declarations   after: beans, made and injected; what the container calls by type, life cycle, event and aspect"""

    name = "spring"

    def __init__(self) -> None:
        self._beans: Beans | None = None

    def facts(self, feed: Feed) -> None:
        known = container()
        written = xml_beans(feed.program)
        beans = self._beans = Beans(feed, known.injected | {_STRIPES}, known.qualifier | ee("annotation.Resource") | {_STRIPES})
        classes = feed.classes()
        if not written and not any(_speaks(a.name) for c in classes for a in c.annotations):
            return
        declared = self._declared(feed, beans)
        self._test_beans(feed, known, beans)
        self._implemented(feed, beans)
        for bean in written:
            beans.add(bean.name, bean.cls, feed.object(bean.cls, bean.ref_name))
        self._methods(feed, known, beans, declared)
        for bean in written:
            self._write(feed, beans, bean)
        for cls in classes:
            if is_made(cls) and (cls.name in declared or beans.asks(cls)):
                ref = feed.object(cls.name)
                if cls.name in declared:
                    beans.construct(cls, ref)
                    self._alive(feed, cls.name, ref)
                beans.fill(cls.name, ref)

    @staticmethod
    def _declared(feed: Feed, beans: Beans) -> set[str]:
        """Classes that are beans by themselves: as the container facts have them, and those that a context or a test names."""
        found = spring_beans(index(feed.program))
        names: set[str] = set()
        for bean in found.beans:
            if bean.kind.value == "class" and bean.type in feed.program.classes:
                names.add(bean.type)
                beans.add(bean.name, bean.type, feed.object(bean.type))
        for cls in feed.classes():
            for annotation in cls.annotations:
                for name in _named(annotation) if annotation.name in _CONFIGURED else ():
                    if name in feed.program.classes and name not in names and is_made(feed.program.classes[name]):
                        names.add(name)
                        beans.add(default_name(feed.program.classes[name]), name, feed.object(name))
        return names

    @staticmethod
    def _test_beans(feed: Feed, known: Container, beans: Beans) -> None:
        """Mocks that tests put into the context."""
        for cls in feed.classes():
            for field in cls.fields:
                type_ = erase(field.type)
                if isinstance(type_, ClassType) and any(a.name.startswith(_SPRING) and a.name.endswith("Bean") for a in field.annotations):
                    beans.add(field.name, type_.name, feed.object(type_.name, "mock", automatic=True, proxy=True))

    @staticmethod
    def _implemented(feed: Feed, beans: Beans) -> None:
        """Repositories and mappers, which the framework implements."""
        for name in [*repositories(feed), *mapper_interfaces(feed)]:
            ref = feed.object(name, "repository", automatic=True, proxy=True)
            beans.add(default_name(feed.program.classes[name]), name, ref)
            for fragment in fragments(feed, name):
                feed.put(ref, "<delegate>", feed.object(fragment))
                beans.construct(feed.program.classes[fragment], feed.object(fragment))
                beans.fill(fragment, feed.object(fragment))

    @staticmethod
    def _methods(feed: Feed, known: Container, beans: Beans, declared: set[str]) -> None:
        """@Bean methods: known by their result before any of them gets its arguments."""
        made = []
        for cls in feed.classes():
            for method in cls.methods:
                annotation = mark(method, known.methods)
                type_ = erase(method.result)
                if annotation is None or not isinstance(type_, ClassType) or cls.is_interface:
                    continue
                names = [*words(annotation.value("name")), *words(annotation.value())]
                result = feed.group()
                for name in names or [method.name]:
                    beans.add(name, type_.name, result)
                made.append((cls, method, result))
        for cls, method, result in made:
            ref = feed.object(cls.name)
            if cls.name not in declared and is_made(cls):
                beans.construct(cls, ref)
                beans.fill(cls.name, ref)
            feed.flow(feed.run(method, f"the container makes a bean by {cls.name}.{method.name}", ref, beans.arguments(method)), result)
            written = erase(method.result)
            for name in feed.concrete(written.name) if isinstance(written, ClassType) else ():
                own = feed.group()  # the objects of this class among what the method gives
                feed.flow(result, own, name)
                beans.fill(name, own)
                Spring._alive(feed, name, own)

    @staticmethod
    def _alive(feed: Feed, cls: str, ref: Ref) -> None:
        """What the container calls on a bean that it made."""
        run_marked(feed, cls, ref, _LIFE, "the container calls", ())
        run_marked(feed, cls, ref, _EVENTS, "an event reaches")
        run_marked(feed, cls, ref, _ADVICE, "an aspect's advice runs:")
        for method in feed.overrides(cls, _SPRING):
            feed.run(method, f"the framework calls {cls}.{method.name}", ref)

    def _write(self, feed: Feed, beans: Beans, bean: XmlBean) -> None:
        """A bean of an XML file: constructor arguments, properties through their setters, life cycle."""
        cls = feed.program.classes[bean.cls]
        ref = feed.object(bean.cls, bean.ref_name)
        constructors = [m for m in cls.methods if m.is_constructor and len(m.params) == len(bean.arguments)]
        if bean.factory_method:
            for method in cls.methods:
                if method.name == bean.factory_method:
                    feed.run(method, f"the container makes the bean {bean.name}", ref)
        for chosen in constructors:
            args = [beans.value(p.type, a) if a else feed.made(p.type) for p, a in zip(chosen.params, bean.arguments, strict=True)]
            feed.construct(ref, bean.cls, args, chosen)
        for name, wanted in bean.properties:
            for method in feed.methods(bean.cls):
                if method.name == f"set{name[:1].upper()}{name[1:]}" and len(method.params) == 1:
                    type_ = method.params[0].type
                    value = beans.value(type_, wanted) if wanted else feed.made(type_)
                    feed.run(method, f"the property {name} of the bean {bean.name}", ref, [value])
        for method in feed.methods(bean.cls):
            if method.name in bean.life_cycle:
                feed.run(method, f"the container calls {bean.cls}.{method.name}", ref, ())
        beans.fill(bean.cls, ref)
        self._alive(feed, bean.cls, ref)

    def answer(self, feed: Feed, call: Invoke) -> list[Ref] | None:
        """`context.getBean(X.class)`, `getBean("name")`."""
        known = container()
        owner, _, rest = (call.method or "").partition("#")
        if self._beans is None or rest.partition("(")[0] not in known.lookups or not owner.startswith(known.lookup_owners):
            return None
        for value in call.args:
            if isinstance(value, Const) and isinstance(value.value, ClassType):
                return [m.ref for m in self._beans.candidates(value.value.name)]
        named = [t for t in texts(call.args) if t is not None]
        if named:
            return [m.ref for m in self._beans.made if m.name in named] or None
        return None


def _named(annotation: Annotation) -> list[str]:
    """The class literals among an annotation's values."""
    values = [v for key in ("value", "classes") for v in _each(annotation.value(key))]
    return [v.name for v in values if isinstance(v, ClassType)]


def _each(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _speaks(name: str) -> bool:
    return name.startswith(_SPRING)

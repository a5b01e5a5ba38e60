"""CDI: beans by scope, injection, producers, observers, interceptors and decorators."""

from __future__ import annotations

from refactor.frameworks.plugins.container import Beans, run_marked
from refactor.frameworks.plugins.names import ee, is_made, mark, words
from refactor.ir.symbols import ClassSymbol
from refactor.ir.types import ClassType, erase
from refactor.pointsto.plugin import Feed, Plugin

_SCOPES = ee(
    "enterprise.context.ApplicationScoped", "enterprise.context.RequestScoped", "enterprise.context.SessionScoped",
    "enterprise.context.ConversationScoped", "enterprise.context.Dependent", "inject.Singleton", "inject.Named",
    "faces.view.ViewScoped", "faces.flow.FlowScoped", "enterprise.inject.Model", "interceptor.Interceptor", "decorator.Decorator",
)  # fmt: skip
_INJECTED = ee("inject.Inject", "decorator.Delegate")
_NAMED = ee("inject.Named")
_PRODUCES = ee("enterprise.inject.Produces")
_DISPOSES = ee("enterprise.inject.Disposes")
_OBSERVES = ee("enterprise.event.Observes", "enterprise.event.ObservesAsync")
_LIFE = ee("annotation.PostConstruct", "annotation.PreDestroy")
_AROUND = ee("interceptor.AroundInvoke")


class Cdi(Plugin):
    """before: scoped classes and producers   after: beans, injected; observers get what the events' types say"""

    name = "cdi"

    def facts(self, feed: Feed) -> None:
        beans = Beans(feed, _INJECTED, _NAMED)
        classes = [c for c in feed.classes() if is_made(c)]
        asked = {n for c in classes for n in self._asked(c)}
        declared = {n for c in classes if mark(c, _SCOPES) for n in feed.supertypes(c.name)} | self._results(classes)
        asked_only = asked - declared  # a class without scope is a bean where nothing else is what somebody asks for
        scoped = [c for c in classes if mark(c, _SCOPES) or feed.supertypes(c.name) & asked_only]
        if not asked and not any(mark(m, _OBSERVES) for c in scoped for m in c.methods) and not scoped:
            return
        for cls in scoped:
            annotation = mark(cls, _NAMED)
            names = words(annotation.value()) if annotation is not None else []
            beans.add(names[0] if names else cls.simple_name[:1].lower() + cls.simple_name[1:], cls.name, feed.object(cls.name))
        for cls in scoped:
            self._produced(feed, beans, cls)
        for cls in classes:
            ref = feed.object(cls.name)
            if cls in scoped:
                beans.construct(cls, ref)
                run_marked(feed, cls.name, ref, _LIFE, "the container calls", ())
                run_marked(feed, cls.name, ref, _AROUND, "calls are intercepted by")
                for method in feed.methods(cls.name):
                    if any(mark(p, _OBSERVES | _DISPOSES) for p in method.params):
                        args = [feed.made(p.type) if mark(p, _OBSERVES) else beans.value(p.type) for p in method.params]
                        feed.run(method, f"an event reaches {cls.name}.{method.name}", ref, args)
            if cls in scoped or beans.asks(cls):
                beans.fill(cls.name, ref)

    @staticmethod
    def _results(classes: list[ClassSymbol]) -> set[str]:
        """The types that producers make."""
        types = [f.type for c in classes for f in c.fields if mark(f, _PRODUCES)]
        types += [m.result for c in classes for m in c.methods if mark(m, _PRODUCES)]
        return {t.name for t in map(erase, types) if isinstance(t, ClassType)}

    @staticmethod
    def _asked(cls: ClassSymbol) -> list[str]:
        """The types that a class asks for: what is asked for is a bean, scope or not (CDI's default)."""
        types = [f.type for f in cls.fields if mark(f, _INJECTED)]
        types += [p.type for m in cls.methods if mark(m, _INJECTED) for p in m.params]
        found = []
        for type_ in types:
            while isinstance(type_, ClassType) and type_.args:
                found.append(type_.name)
                type_ = type_.args[-1]
            erased = erase(type_)
            if isinstance(erased, ClassType):
                found.append(erased.name)
        return [n for n in found if not n.startswith(("java.", "javax.", "jakarta."))]

    @staticmethod
    def _produced(feed: Feed, beans: Beans, cls: ClassSymbol) -> None:
        """Fields and methods that make beans."""
        for field in cls.fields:
            type_ = erase(field.type)
            if mark(field, _PRODUCES) and isinstance(type_, ClassType):
                beans.add(beans.name_of(field) or field.name, type_.name, feed.fetch(feed.object(cls.name), field.key))
        for method in cls.methods:
            type_ = erase(method.result)
            if mark(method, _PRODUCES) and isinstance(type_, ClassType):
                reason = f"the container makes a bean by {cls.name}.{method.name}"
                made = feed.run(method, reason, feed.object(cls.name), beans.arguments(method))
                beans.add(beans.name_of(method) or method.name, type_.name, made)

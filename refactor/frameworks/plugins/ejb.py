"""EJB: session and message-driven beans, injection by @EJB, @Resource and @Inject, life cycle, interceptors, remote views."""

from __future__ import annotations

from refactor.frameworks.plugins.container import Beans, run_marked
from refactor.frameworks.plugins.names import ee, is_made, mark, public, words
from refactor.ir.types import ClassType
from refactor.pointsto.plugin import Feed, Plugin

BEANS = ee("ejb.Stateless", "ejb.Stateful", "ejb.Singleton", "ejb.MessageDriven")
INJECTED = ee("ejb.EJB", "annotation.Resource", "inject.Inject", "persistence.PersistenceContext", "persistence.PersistenceUnit")
NAMED = ee("ejb.EJB", "annotation.Resource", "inject.Named")
LIFE = ee("annotation.PostConstruct", "annotation.PreDestroy", "ejb.PostActivate", "ejb.PrePassivate", "ejb.Remove")
_REMOTE = ee("ejb.Remote", "ejb.RemoteHome")
_AROUND = ee("interceptor.AroundInvoke", "interceptor.AroundTimeout", "interceptor.AroundConstruct")


class Ejb(Plugin):
    """before: enterprise beans   after: one object each, injected, with its call-backs; remote methods are entry points"""

    name = "ejb"

    def facts(self, feed: Feed) -> None:
        beans = Beans(feed, INJECTED, NAMED)
        found = [c for c in feed.classes() if is_made(c) and mark(c, BEANS)]
        for cls in found:
            annotation = mark(cls, BEANS)
            names = words(annotation.value("name")) if annotation is not None else []
            beans.add(names[0] if names else cls.simple_name, cls.name, feed.object(cls.name))
        for cls in feed.classes():
            ref = feed.object(cls.name) if is_made(cls) else None
            if ref is None or not (cls in found or (found and beans.asks(cls))):
                continue
            if cls in found:
                beans.construct(cls, ref)
                run_marked(feed, cls.name, ref, LIFE, "the container calls", ())
            beans.fill(cls.name, ref)
            run_marked(feed, cls.name, ref, _AROUND, "calls are intercepted by")
        for cls in found:
            for interface in self._remote(feed, cls.name):
                for method in public(feed.methods(cls.name)):
                    if any(m.name == method.name and len(m.params) == len(method.params) for m in feed.program.classes[interface].methods):
                        feed.run(method, f"remote clients call {cls.name}.{method.name}", feed.object(cls.name))

    @staticmethod
    def _remote(feed: Feed, name: str) -> list[str]:
        """The remote views of a bean: interfaces that say so, or that the bean's own annotation lists."""
        interfaces = [n for n in sorted(feed.supertypes(name)) if n in feed.program.classes and feed.program.classes[n].is_interface]
        listed: set[str] = set()
        own = mark(feed.program.classes[name], _REMOTE)
        if own is not None:
            value = own.value()
            listed = {t.name for t in (value if isinstance(value, tuple) else (value,)) if isinstance(t, ClassType)} or set(interfaces)
        return [n for n in interfaces if n in listed or mark(feed.program.classes[n], _REMOTE)]

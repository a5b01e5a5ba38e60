"""Spring MVC: handlers of requests, exceptions, models and binders."""

from __future__ import annotations

from refactor.frameworks.knowledge import container
from refactor.frameworks.plugins.names import is_made, mark
from refactor.pointsto.plugin import Feed, Plugin

_WEB = "org.springframework.web.bind.annotation."
_ALSO = frozenset(_WEB + n for n in ("ExceptionHandler", "ModelAttribute", "InitBinder", "PatchMapping")) | {
    "org.springframework.messaging.handler.annotation.MessageMapping"
}
_HOLDERS = frozenset(_WEB + n for n in ("ControllerAdvice", "RestControllerAdvice"))


class SpringMvc(Plugin):
    """before: controllers   after: their handlers as entry points, with whatever their parameters' types say"""

    name = "spring-mvc"

    def facts(self, feed: Feed) -> None:
        known = container()
        for cls in feed.classes():
            above = [feed.program.classes[n] for n in sorted(feed.supertypes(cls.name)) if n in feed.program.classes]
            if not is_made(cls) or not any(mark(c, known.controllers | _HOLDERS | known.mappings) for c in above):
                continue
            for method in feed.methods(cls.name):
                declared = [m for c in above for m in c.methods if m.name == method.name and len(m.params) == len(method.params)]
                if any(mark(m, known.mappings | _ALSO) for m in declared):
                    feed.run(method, f"a request reaches {cls.name}.{method.name}", feed.object(cls.name))

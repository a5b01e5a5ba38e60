"""Spring MVC: handlers of requests, exceptions, models and binders."""

from __future__ import annotations

from refactor.frameworks.knowledge import container
from refactor.frameworks.plugins.names import is_made, mark
from refactor.ir.types import ClassType, class_names
from refactor.pointsto.plugin import Feed, Plugin

_WEB = "org.springframework.web.bind.annotation."
_ALSO = frozenset(_WEB + n for n in ("ExceptionHandler", "ModelAttribute", "InitBinder", "PatchMapping")) | {
    "org.springframework.messaging.handler.annotation.MessageMapping"
}
_STANDALONE = "org.springframework.test.web.servlet.setup.MockMvcBuilders"
_MODELS = frozenset({"java.util.Map"})
_HOLDERS = frozenset(_WEB + n for n in ("ControllerAdvice", "RestControllerAdvice"))


class SpringMvc(Plugin):
    """before: controllers   after: their handlers as entry points, with whatever their parameters' types say; properties of forms"""

    name = "spring-mvc"

    def facts(self, feed: Feed) -> None:
        known = container()
        forms: set[str] = set()
        for cls in feed.classes():
            above = [feed.program.classes[n] for n in sorted(feed.supertypes(cls.name)) if n in feed.program.classes]
            if not is_made(cls) or not any(mark(c, known.controllers | _HOLDERS | known.mappings) for c in above):
                continue
            for method in feed.methods(cls.name):
                declared = [m for c in above for m in c.methods if m.name == method.name and len(m.params) == len(method.params)]
                if any(mark(m, known.mappings | _ALSO) for m in declared):
                    receiver = feed.group()
                    feed.flow(feed.object(cls.name), receiver)
                    feed.flow(feed.fetch(feed.given_to(_STANDALONE), "[]"), receiver, cls.name)
                    made = [feed.made(p.type) for p in method.params]
                    result = feed.run(method, f"a request reaches {cls.name}.{method.name}", receiver, made)
                    models = [m for m, p in zip(made, method.params, strict=True) if m is not None and class_names(p.type) & _MODELS]
                    for each in (result, *models):
                        feed.read_properties(method, f"a view or a message asks {cls.name}.{method.name}", each)
                    forms.update(n for p in method.params for n in class_names(p.type))
        _properties(feed, forms - {c.name for c in feed.classes() if any(_speaks(a.name) for a in c.annotations)})


def _properties(feed: Feed, forms: set[str]) -> None:
    """before: the types of what handlers take   after: their properties, and those of what properties hold, as entry points

    A data binder fills them by name, a validator and a view ask for them, a message converter does both.
    """
    todo, seen = sorted(forms), set(forms)
    while todo:
        name = todo.pop()
        for each in feed.concrete(name) if name in feed.program.classes else ():
            for method in feed.properties(each):
                feed.run(method, f"a property of a form: {each}.{method.name}", feed.made(ClassType(each)))
                more = {n for t in (method.result, *(p.type for p in method.params)) for n in class_names(t)} - seen
                seen |= more
                todo.extend(sorted(more))


def _speaks(name: str) -> bool:
    """Whether an annotation makes a class the container's: it is no form."""
    return name.startswith("org.springframework.")

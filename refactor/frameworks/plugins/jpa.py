"""JPA: life-cycle call-backs and listeners of entities, attribute converters."""

from __future__ import annotations

from refactor.frameworks.plugins.callbacks import CallBacks
from refactor.frameworks.plugins.names import ee, is_made, mark
from refactor.ir.types import ClassType
from refactor.pointsto.plugin import Feed

ENTITIES = ee("persistence.Entity", "persistence.MappedSuperclass", "persistence.Embeddable")
_LIFE = ee(
    "persistence.PrePersist", "persistence.PostPersist", "persistence.PreUpdate", "persistence.PostUpdate",
    "persistence.PreRemove", "persistence.PostRemove", "persistence.PostLoad",
)  # fmt: skip
_LISTENERS = ee("persistence.EntityListeners")


class Jpa(CallBacks):
    """before: entities and their listeners   after: the call-backs that the provider runs, on what it makes of the type"""

    name = "jpa"
    what = "the provider calls"
    bases = ee("persistence.AttributeConverter")

    def facts(self, feed: Feed) -> None:
        super().facts(feed)
        for cls in feed.classes():
            listeners = mark(cls, _LISTENERS)
            value = listeners.value() if listeners is not None else ()
            named = {t.name for t in (value if isinstance(value, tuple) else (value,)) if isinstance(t, ClassType)}
            for method in feed.methods(cls.name) if is_made(cls) and mark(cls, ENTITIES) else ():
                if mark(method, _LIFE) or method.name in ("equals", "hashCode"):
                    feed.run(method, f"the provider calls {cls.name}.{method.name}", feed.made(ClassType(cls.name)))
            for name in sorted(named & set(feed.program.classes)):
                feed.construct(feed.object(name), name)
                for method in feed.methods(name):
                    if mark(method, _LIFE):
                        entity = feed.made(ClassType(cls.name))
                        feed.run(method, f"the provider calls {name}.{method.name}", feed.object(name), [entity] * len(method.params))

"""Classes that a container makes because of what they implement or extend, and whose overriding methods it calls."""

from __future__ import annotations

from refactor.frameworks.plugins.names import is_made
from refactor.pointsto.plugin import Feed, Plugin, Ref


class CallBacks(Plugin):
    """`bases`: library types below which a class belongs to the container; `what` says it in words."""

    bases: frozenset[str] = frozenset()
    what = "the container calls"

    def facts(self, feed: Feed) -> None:
        for cls in feed.classes():
            if is_made(cls) and self.bases & feed.supertypes(cls.name):
                self.made(feed, cls.name)

    def made(self, feed: Feed, cls: str) -> Ref:
        """Make one object of the class and call everything that overrides a method of the library."""
        ref = feed.object(cls)
        feed.construct(ref, cls)
        for method in feed.overrides(cls):
            feed.run(method, f"{self.what} {cls}.{method.name}", ref)
        return ref

"""Spring Data: repositories are implemented at run time; custom fragments by classes named `...Impl`."""

from __future__ import annotations

from refactor.frameworks.knowledge import container
from refactor.frameworks.plugins.names import is_made, mark
from refactor.pointsto.plugin import Feed, Plugin


def repositories(feed: Feed) -> list[str]:
    """The repository interfaces of the application."""
    known = container()
    found = []
    for cls in feed.classes():
        is_one = known.repositories & feed.supertypes(cls.name) or mark(cls, known.repository_marks)
        if cls.is_interface and is_one and not mark(cls, known.not_repositories):
            found.append(cls.name)
    return found


def fragments(feed: Feed, repository: str) -> list[str]:
    """The classes that implement what a repository does not leave to the framework."""
    supers = {n for n in feed.supertypes(repository) if n in feed.program.classes}
    return [c.name for c in feed.classes() if is_made(c) and c.name.endswith("Impl") and feed.supertypes(c.name) & supers]


class SpringData(Plugin):
    """before: repository interfaces   after: their fragments run with what the types say; the proxies themselves are Spring's beans"""

    name = "spring-data"

    def facts(self, feed: Feed) -> None:
        for name in repositories(feed):
            for fragment in fragments(feed, name):
                ref = feed.object(fragment)
                for method in feed.methods(fragment):
                    declared = any(
                        m.name == method.name and len(m.params) == len(method.params)
                        for n in feed.supertypes(name)
                        if n in feed.program.classes
                        for m in feed.program.classes[n].methods
                    )
                    if declared:
                        feed.run(method, f"a repository's fragment is called: {fragment}.{method.name}", ref)

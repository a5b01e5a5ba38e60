"""`public static void main(String[])` and what every platform calls by itself."""

from __future__ import annotations

from refactor.ir.symbols import Flags
from refactor.pointsto.plugin import Feed, Plugin


class Mains(Plugin):
    """before: main methods   after: entry points"""

    name = "main"

    def facts(self, feed: Feed) -> None:
        for cls in feed.classes():
            for method in cls.methods:
                if method.name == "main" and method.flags & Flags.STATIC and method.descriptor in ("([Ljava/lang/String;)V", "()V"):
                    feed.run(method, f"{cls.name} is started")

"""Reflection with constant names: Class.forName("a.B")."""

from __future__ import annotations

from refactor.ir.statements import Invoke
from refactor.pointsto.plugin import Feed, Plugin, Ref, texts

_LOADS = ("java.lang.Class#forName(", "java.lang.ClassLoader#loadClass(")


class Reflection(Plugin):
    """before: Class.forName("a.B")   after: the literal of a.B; what newInstance makes of it is the solver's"""

    name = "reflection"

    def answer(self, feed: Feed, call: Invoke) -> list[Ref] | None:
        if call.method is None or not call.method.startswith(_LOADS):
            return None
        named = [t for t in texts(call.args) if t is not None and t in feed.program.classes]
        return [feed.literal(t) for t in named] or None

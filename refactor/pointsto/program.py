"""The parts of a program that both passes share: tables, dispatch, and the code of each body, built when it is first reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from refactor.ir.program import Program
from refactor.ir.statements import Invoke
from refactor.ir.symbols import MethodSymbol
from refactor.pointsto.captures import Captures
from refactor.pointsto.code import Code
from refactor.pointsto.dispatch import Dispatch
from refactor.pointsto.models import Models, models
from refactor.pointsto.world import World
from refactor.support.source import Span

if TYPE_CHECKING:
    from refactor.pointsto.build import Builder

# A plug-in's answer for a call: True where the call is done with, False where it goes on as any other.
CallHook = Callable[["Builder", Invoke, int | None, tuple[int | None, ...]], bool]


class Base:
    """One program under analysis."""

    def __init__(self, program: Program) -> None:
        self.models: Models = models()
        self.world = World(program, self.models.structured)
        self.dispatch = Dispatch(self.world)
        self.captures = Captures(program)
        self.synthetic: dict[str, Code] = {}
        structured = self.models.structured
        self.own_containers = any(self.world.supertypes(n)[0] & structured for n in sorted(program.classes))
        """Whether some class of the application is a collection, an iterator or the like itself."""
        self.call: CallHook | None = None
        self._codes: dict[str, Code] = {}
        self._methods: dict[str, MethodSymbol | None] = {}
        self._sources: dict[str, bytes] = {}

    def method(self, key: str) -> MethodSymbol | None:
        if key not in self._methods:
            self._methods[key] = self.world.program.method(key)
        return self._methods[key]

    def name_at(self, span: Span) -> str:
        """The text of a name in the source."""
        data = self._sources.get(span.file)
        if data is None:
            data = self._sources[span.file] = self.world.program.source(span.file)
        return data[span.start : span.end].decode(errors="replace")

    def code(self, key: str) -> Code:
        """The code of a body of the program, or of a method reference."""
        found = self.synthetic.get(key) or self._codes.get(key)
        if found is None:
            from refactor.pointsto.build import Builder

            body = self.world.program.bodies[key]
            found = self._codes[key] = Builder(self, key, body.owner, body).build()
        return found

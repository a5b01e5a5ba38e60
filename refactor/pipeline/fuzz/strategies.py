"""The generator as Hypothesis strategies: for properties, and for shrinking by Hypothesis. Hypothesis is needed by this file only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refactor.pipeline.fuzz.form import Program
from refactor.pipeline.fuzz.generate import generate
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy


def programs() -> SearchStrategy[Program]:
    """Programs whose every decision is one that Hypothesis draws. Raises RefactorError (3) where Hypothesis is missing."""
    try:
        from hypothesis import strategies
    except ImportError as error:
        message = "Hypothesis is not installed"
        raise RefactorError([Diagnostic("fuzz/missing", Severity.ERROR, message, help="pip install hypothesis")], 3) from error

    class Drawn:
        """Decisions drawn one by one."""

        def __init__(self, draw: DrawFn) -> None:
            self._draw = draw

        def integer(self, low: int, high: int) -> int:
            return self._draw(strategies.integers(low, high))

    @strategies.composite
    def build(draw: DrawFn) -> Program:
        return generate(Drawn(draw), threads=draw(strategies.booleans()))

    return build()

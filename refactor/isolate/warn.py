"""Warnings: what stays legal but may be felt."""

from __future__ import annotations

from refactor.isolate.context import Context
from refactor.support.diagnostics import Diagnostic


def warnings(ctx: Context) -> tuple[Diagnostic, ...]:
    """before: a legal context   after: the places where the split program may behave differently in time, not in meaning"""
    return ()

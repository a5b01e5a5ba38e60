"""Tests that look behind a web response, at the handler's model or view, run where the handler runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from refactor.flow.facts import operands
from refactor.frameworks.knowledge import container
from refactor.frameworks.routes import answering
from refactor.ir.statements import Const, Invoke
from refactor.isolate.context import Analyses
from refactor.support.source import Span


def handlers_needed(analyses: Analyses) -> Iterator[tuple[str, str, Span, str]]:
    """(test, controller, place, what it looks at) for every test class that uses such a method, by the paths among its constants"""
    facts, known = analyses.facts, container()
    looks: dict[str, tuple[Span, str]] = {}
    paths: dict[str, set[str]] = {}
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if not facts.is_test(site.top):
            continue
        for value in operands(call):
            if isinstance(value, Const) and isinstance(value.value, str) and value.value.startswith("/"):
                paths.setdefault(site.top, set()).add(value.value)
        member = (call.method or "").partition("(")[0]
        if member in known.server_side:
            looks.setdefault(site.top, (call.span, member.rpartition("#")[2]))
    for test in sorted(looks):
        span, what = looks[test]
        for controller in answering(facts, sorted(paths.get(test, ()))):
            yield test, controller, span, f"looks at what {controller} leaves beside its response ({what})"

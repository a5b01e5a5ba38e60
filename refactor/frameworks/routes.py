"""Which controllers may answer a path, from the literals of their mappings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import Container, container
from refactor.ir.symbols import Annotation, ClassSymbol, MethodSymbol

_VARIABLE = re.compile(r"\{(\*?)[^{}]*\}|\*\*|\*|\?")


def answering(facts: Facts, paths: Iterable[str]) -> tuple[str, ...]:
    """before: the paths that a test asks for   after: the controllers that may answer one of them; all, where none is known to"""
    known = container()
    controllers = [n for n in sorted(facts.top) if not facts.is_test(facts.top[n]) and annotated(facts.symbol(n), known.controllers)]
    asked = [p.partition("?")[0] for p in paths]
    found = [n for n in controllers if any(re.fullmatch(r, p) for r in _patterns(known, facts.symbol(n)) for p in asked)]
    return tuple(found or controllers)


def _patterns(known: Container, cls: ClassSymbol) -> list[str]:
    """Regular expressions of every path of a controller; a variable of a request's path may also be one of the template's."""
    own = _paths(known, cls) or [""]
    found = []
    for method in cls.methods:
        if annotated(method, known.mappings):
            found += [f"(?:/[^/]+)?{_regex(a)}/?{_regex(b)}/?" for a in own for b in _paths(known, method) or [""]]
    return found


def _paths(known: Container, symbol: ClassSymbol | MethodSymbol) -> list[str]:
    mark: Annotation | None = annotated(symbol, known.mappings)
    values = [mark.value(), mark.value("path")] if mark else []
    items = [i for v in values for i in (v if isinstance(v, tuple) else (v,))]
    return [i for i in items if isinstance(i, str)]


def _regex(path: str) -> str:
    """before: "/owners/{id}"   after: "/owners/[^/]+" """
    text, at = "", 0
    for match in _VARIABLE.finditer(path):
        text += re.escape(path[at : match.start()])
        text += ".*" if match[0] == "**" or match[1] else "[^/]*" if match[0] in ("*", "?") else "[^/]+"
        at = match.end()
    return text + re.escape(path[at:])

"""Classes that are loaded by a name that is not written at the call: string constants and resource files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from refactor.flow.facts import Facts, operands
from refactor.ir.statements import Const, Copy, Invoke, New, NewArray, Return, Store
from refactor.isolate.context import Analyses
from refactor.isolate.subjects import constant
from refactor.support.source import Span

_TEXT = (".xml", ".properties", ".yml", ".yaml", ".json", ".conf", ".factories", ".imports", ".cfg", ".ini", ".toml", ".txt")
_SKIPPED = {"target", "build", "out", "node_modules", ".git", ".gradle", ".idea", ".mvn"}
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class NamedClass:
    """`user` loads classes by name, and `cls` is named at `span` or in the resource `where`."""

    user: str
    cls: str
    span: Span | None
    where: str


def by_name(analyses: Analyses) -> tuple[NamedClass, ...]:
    """before: Facts   after: (loader, class) for every loader whose name argument is not a constant

    Names are looked for in all string constants of the main sources and, up to a megabyte each, in the project's text
    resources. A name put together at run time is not seen.
    """
    facts, known = analyses.facts, analyses.known
    loaders: set[str] = set()
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if known.sinks["by_name"].matches(call.method) and not facts.is_test(site.top):
            name = constant(facts, site.body, call.args[0]) if call.args else None
            if not isinstance(name, str):
                loaders.add(site.top)
    if not loaders:
        return ()
    named = {**dict(_in_resources(analyses)), **dict(_in_constants(facts))}
    return tuple(
        NamedClass(loader, cls, span, where)
        for loader in sorted(loaders)
        for cls, (span, where) in sorted(named.items(), key=lambda item: item[0])
    )


def _in_constants(facts: Facts) -> Iterator[tuple[str, tuple[Span | None, str]]]:
    for kind in (Invoke, New, NewArray, Store, Copy, Return):
        for site in facts.sites(kind):
            if facts.is_test(site.top):
                continue
            for value in operands(site.statement):
                if isinstance(value, Const) and isinstance(value.value, str) and value.value in facts.top:
                    yield value.value, (site.statement.span, f"the constant at {site.statement.span}")


def _in_resources(analyses: Analyses) -> Iterator[tuple[str, tuple[Span | None, str]]]:
    facts = analyses.facts
    names = [n for n, top in facts.top.items() if "." in n and not facts.is_test(top)]
    root = facts.program.root
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        services = folder.endswith(os.path.join("META-INF", "services"))
        for file in sorted(files):
            path = Path(folder, file)
            if (services or file.endswith(_TEXT)) and "test" not in path.relative_to(root).parts and path.stat().st_size <= _LARGEST:
                text = path.read_text(encoding="utf-8", errors="replace")
                for name in names:
                    if name in text:
                        yield name, (None, path.relative_to(root).as_posix())

"""Classes that are loaded by a name that is not written at the call: string constants and resource files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from refactor.flow.facts import Facts, operands
from refactor.ir.statements import Const, Copy, Invoke, New, NewArray, Return, Store
from refactor.ir.types import ClassType
from refactor.isolate.context import Analyses
from refactor.isolate.subjects import constant
from refactor.support.source import Span

_TEXT = (".xml", ".properties", ".yml", ".yaml", ".json", ".conf", ".factories", ".imports", ".cfg", ".ini", ".toml", ".txt")
_SKIPPED = {"target", "build", "out", "node_modules", ".git", ".gradle", ".idea", ".mvn"}
_LARGEST = 1 << 20
_NAMES = ("java.lang.Class#getName(", "java.lang.Class#getCanonicalName(", "java.lang.Class#getTypeName(")


@dataclass(frozen=True, slots=True)
class NamedClass:
    """`user` loads classes by name (in `bodies`), and `cls` is named at `span` or in the resource `where`."""

    user: str
    cls: str
    span: Span | None
    where: str
    bodies: tuple[str, ...] = ()


def by_name(analyses: Analyses) -> tuple[NamedClass, ...]:
    """before: Facts   after: (loader, class of the main sources) for every loader whose name argument is not a constant

    Names are looked for in all string constants of the main sources and, up to a megabyte each, in the project's text
    resources. A name put together at run time is not seen.
    """
    return _named(analyses, False)


def tests_by_name(analyses: Analyses) -> tuple[NamedClass, ...]:
    """The same for classes of the test sources, which the tests' own constants and resources name."""
    return _named(analyses, True)


def _named(analyses: Analyses, tests: bool) -> tuple[NamedClass, ...]:
    facts, known = analyses.facts, analyses.known
    loaders: dict[str, set[str]] = {}
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if known.sinks["by_name"].matches(call.method) and not facts.is_test(site.top):
            name = constant(facts, site.body, call.args[0]) if call.args else None
            if not isinstance(name, str):
                loaders.setdefault(site.top, set()).add(site.body.key)
    if not loaders:
        return ()
    named = {**dict(_in_resources(analyses, tests)), **dict(_in_constants(facts, tests))}
    return tuple(
        NamedClass(loader, cls, span, where, tuple(sorted(loaders[loader])))
        for loader in sorted(loaders)
        for cls, (span, where) in sorted(named.items(), key=lambda item: item[0])
    )


def _in_constants(facts: Facts, tests: bool) -> Iterator[tuple[str, tuple[Span | None, str]]]:
    for kind in (Invoke, New, NewArray, Store, Copy, Return):
        for site in facts.sites(kind):
            if facts.is_test(site.top) is not tests:
                continue
            at = site.statement.span
            for value in operands(site.statement):
                name = value.value if isinstance(value, Const) else None
                if isinstance(name, str) and name in facts.top and facts.is_test(facts.top[name]) is tests:
                    yield name, (at, f"the constant at {at}")
            call = site.statement
            if isinstance(call, Invoke) and call.method and call.method.startswith(_NAMES) and isinstance(call.receiver, Const):
                literal = call.receiver.value
                if isinstance(literal, ClassType) and literal.name in facts.top and facts.is_test(facts.top[literal.name]) is tests:
                    yield literal.name, (at, f"the class literal at {at}")


def _in_resources(analyses: Analyses, tests: bool) -> Iterator[tuple[str, tuple[Span | None, str]]]:
    facts = analyses.facts
    names = _packages(n for n, top in facts.top.items() if "." in n and facts.is_test(top) is tests)
    root = facts.program.root
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        services = folder.endswith(os.path.join("META-INF", "services"))
        for file in sorted(files):
            path = Path(folder, file)
            of_tests = "test" in path.relative_to(root).parts
            if (services or file.endswith(_TEXT)) and (tests or not of_tests) and path.stat().st_size <= _LARGEST:
                text = path.read_text(encoding="utf-8", errors="replace")
                for name in _mentioned(names, "", text):
                    yield name, (None, path.relative_to(root).as_posix())


@dataclass(slots=True)
class _Package:
    """Names of classes by package, so that a text without a package's name is not searched for its classes."""

    classes: list[str] = field(default_factory=list)
    inside: dict[str, _Package] = field(default_factory=dict)


def _packages(names: Iterable[str]) -> _Package:
    root = _Package()
    for name in names:
        at = root
        for part in name.split(".")[:-1]:
            at = at.inside.setdefault(part, _Package())
        at.classes.append(name)
    return root


def _mentioned(package: _Package, prefix: str, text: str) -> Iterator[str]:
    for name in package.classes:
        if name in text:
            yield name
    for part, inside in package.inside.items():
        deeper = f"{prefix}{part}."
        if deeper in text:
            yield from _mentioned(inside, deeper, text)

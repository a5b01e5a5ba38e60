"""Classes that are loaded by a name that is not written at the call: string constants and resource files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from refactor.flow.facts import Facts, operands
from refactor.ir.program import Body
from refactor.ir.statements import Const, Copy, Invoke, Local, New, NewArray, Return, Store, Value
from refactor.ir.types import ClassType
from refactor.isolate.context import Analyses
from refactor.isolate.subjects import constant
from refactor.sdg.strings import Strings, parameters_in
from refactor.sdg.tables.sql import HOLE
from refactor.support.source import Span

_TEXT = (".xml", ".properties", ".yml", ".yaml", ".json", ".conf", ".factories", ".imports", ".cfg", ".ini", ".toml", ".txt")
_SKIPPED = {"target", "build", "out", "node_modules", ".git", ".gradle", ".idea", ".mvn"}
_LARGEST = 1 << 20
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")
_ENTRY = re.compile(r"[ \t\f]*((?:\\.|[^\\:= \t\f#!])(?:\\.|[^\\:= \t\f])*)[ \t\f]*[:=]?[ \t\f]*(.*)")
_FRAMEWORKS = re.compile(
    r"<(?:\w+:)?(?:web-app|web-fragment|struts|struts-config|faces-config|persistence|entity-mappings|hibernate-mapping|hibernate-configuration"
    r"|mapper|sqlMap|ejb-jar|beans|configuration\s*(?:scan|debug)?\b[^>]*>\s*<(?:appender|logger|property))\b"
)
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

    A name that is the value of a property whose key is written at the call is looked for in the resources that have the key;
    one whose texts are all known is one of these. Others are looked for in all string constants of the main sources and, up to a
    megabyte each, in the project's text resources, but for those that a framework alone reads. A name put together of parts
    that are not known is not seen.
    """
    return _named(analyses, False)


def tests_by_name(analyses: Analyses) -> tuple[NamedClass, ...]:
    """The same for classes of the test sources, which the tests' own constants and resources name."""
    return _named(analyses, True)


def _named(analyses: Analyses, tests: bool) -> tuple[NamedClass, ...]:
    facts, known = analyses.facts, analyses.known
    strings = Strings(facts)
    loaders: dict[str, dict[str, set[str]]] = {}  # top-level class -> key of the property that has the name, or "" -> bodies
    exact: dict[tuple[str, str], NamedClass] = {}
    for site in facts.sites(Invoke):
        call = cast(Invoke, site.statement)
        if known.sinks["by_name"].matches(call.method) and not facts.is_test(site.top):
            name = constant(facts, site.body, call.args[0]) if call.args else None
            if isinstance(name, str):
                continue
            texts = strings.of(site.body, call.args[0], call) if call.args else (HOLE,)
            if texts and all(HOLE not in t and not parameters_in(t) for t in texts):
                for cls in sorted({t for t in texts if t in facts.top and facts.is_test(facts.top[t]) is tests}):
                    exact.setdefault((site.top, cls), NamedClass(site.top, cls, call.span, f"the text at {call.span}", (site.body.key,)))
                continue
            key = _property_key(analyses, site.body, call.args[0]) if call.args else ""
            loaders.setdefault(site.top, {}).setdefault(key, set()).add(site.body.key)
    if not loaders:
        return tuple(exact[k] for k in sorted(exact))
    constants = dict(_in_constants(facts, tests))
    resources = {key: dict(_in_resources(analyses, tests, key)) for key in sorted({k for keys in loaders.values() for k in keys})}
    found = dict(exact)
    for loader, keys in loaders.items():
        for key, bodies in sorted(keys.items()):
            for cls, (span, where) in {**resources[key], **constants}.items():
                found.setdefault((loader, cls), NamedClass(loader, cls, span, where, tuple(sorted(bodies))))
    return tuple(found[k] for k in sorted(found))


def _property_key(analyses: Analyses, body: Body, value: Value) -> str:
    """The constant key of the property that a value is read from, directly; "" where it is not."""
    facts = analyses.facts
    made = facts.definitions(body).get(value.name, []) if isinstance(value, Local) else []
    while len(made) == 1 and isinstance(made[0], Copy) and isinstance(made[0].value, Local):
        made = facts.definitions(body).get(made[0].value.name, [])
    call = made[0] if len(made) == 1 else None
    # With a value for want of one: that is a constant of the program, and those count anyway.
    if isinstance(call, Invoke) and call.args and analyses.known.sinks["property"].matches(call.method):
        key = constant(facts, body, call.args[0])
        return key if isinstance(key, str) else ""
    return ""


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


def _in_resources(analyses: Analyses, tests: bool, key: str) -> Iterator[tuple[str, tuple[Span | None, str]]]:
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
                if key:
                    text = _values(text, key) if file.endswith(".properties") else text if key.rpartition(".")[2] in text else ""
                elif _is_a_frameworks(facts, file, text):
                    continue
                for name in _mentioned(names, "", text):
                    yield name, (None, path.relative_to(root).as_posix())


def _values(text: str, key: str) -> str:
    """What a properties file says of a key: its values, the whole file where they refer to others."""
    lines = _CONTINUED.sub("", text).splitlines()
    pairs = [_ENTRY.match(line) for line in lines]
    values = [p[2] for p in pairs if p and p[1].replace("\\", "") == key]
    return text if any("${" in v or "\\u" in v for v in values) or "\\u" in key else "\n".join(values)


def _is_a_frameworks(facts: Facts, file: str, text: str) -> bool:
    """Whether only a framework reads a file: it has the framework's root element, and no text of the program names the file."""
    return file.endswith(".xml") and bool(_FRAMEWORKS.search(text)) and not any(file in t for t in _texts_of(facts))


def _texts_of(facts: Facts) -> Iterator[str]:
    for kind in (Invoke, New, NewArray, Store, Copy, Return):
        for site in facts.sites(kind):
            yield from (v.value for v in operands(site.statement) if isinstance(v, Const) and isinstance(v.value, str))


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

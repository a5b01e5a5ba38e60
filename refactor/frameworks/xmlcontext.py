"""Contexts that are written as XML: which classes a file names, which packages it scans, which files it imports.

before: <beans><import resource="web.xml"/><context:component-scan base-package="shop.web"/><bean class="shop.Clock"/></beans>
after:  XmlContext(named=("shop.Clock",), scanned=("shop.web",), imports=("web.xml",))
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from refactor.flow.facts import Facts, annotated
from refactor.frameworks.knowledge import container
from refactor.frameworks.model import BeanFacts
from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_BEANS = "{http://www.springframework.org/schema/beans}"
_SCANS = frozenset({"component-scan", "repositories", "scan"})
_LARGEST = 1 << 20
_SPLIT = re.compile(r"[,;\s]+")
_WORD = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+")


@dataclass(frozen=True, slots=True)
class XmlContext:
    """One file, by its path below the program's root. `named`: application classes whose names stand in it."""

    path: str
    named: tuple[str, ...]
    scanned: tuple[str, ...]
    imports: tuple[str, ...]


def xml_contexts(program: Program) -> Mapping[str, XmlContext]:
    """before: a Program   after: path -> context, of every file below its root that is one"""
    found = {}
    for folder, folders, files in os.walk(program.root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if file.endswith(".xml") and path.stat().st_size <= _LARGEST:
                context = _read(program, path)
                if context is not None:
                    found[context.path] = context
    return found


def loaded(contexts: Mapping[str, XmlContext], locations: Iterable[str]) -> tuple[XmlContext, ...]:
    """before: ("classpath:spring/app.xml",)   after: every file of that name, and what they import, sorted by path"""
    found: dict[str, XmlContext] = {}
    todo = [("", location) for location in locations]
    while todo:
        base, location = todo.pop()
        for path in sorted(contexts):
            if path not in found and _is_at(path, base, location):
                found[path] = contexts[path]
                todo += [(path.rpartition("/")[0], i) for i in contexts[path].imports]
    return tuple(found[path] for path in sorted(found))


def scanned_beans(found: BeanFacts, files: Iterable[XmlContext]) -> BeanFacts:
    """What a container knows of the beans in the packages that these files scan."""
    packages = tuple(f"{p}." for f in files for p in f.scanned)
    return replace(found, beans=tuple(b for b in found.beans if b.declared_in.startswith(packages)))


def files_of(facts: Facts, cls: ClassSymbol, contexts: Mapping[str, XmlContext]) -> tuple[XmlContext, ...]:
    """The files from which a test's context is made; none where the test, or a class above it, does not say that it has such."""
    for name in (cls.name, *sorted(facts.hierarchy.supertypes(cls.name) - {cls.name})):
        above = facts.program.classes.get(name)
        mark = annotated(above, container().context_files) if above is not None else None
        if above is not None and mark is not None:
            words = [w for w in _strings(v for _, v in mark.values) if w.endswith(".xml")]
            return loaded(contexts, words or (f"{above.name.replace('.', '/')}-context.xml",))
    return ()


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _strings(value)


def _read(program: Program, path: Path) -> XmlContext | None:
    text = path.read_bytes()
    if b"springframework.org/schema/" not in text:
        return None
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None  # no container could read it either
    if root.tag != f"{_BEANS}beans":
        return None
    named: set[str] = set()
    scanned: list[str] = []
    imports: list[str] = []
    for element in root.iter():
        short = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if short in _SCANS:
            scanned += [p for p in _SPLIT.split(element.get("base-package", "")) if p]
        elif element.tag == f"{_BEANS}import":
            imports.append(element.get("resource", ""))
        for value in (*element.attrib.values(), element.text or ""):
            named.update(w for w in _WORD.findall(value) if w in program.classes)
    below = path.relative_to(program.root).as_posix()
    return XmlContext(below, tuple(sorted(named)), tuple(dict.fromkeys(scanned)), tuple(imports))


def _is_at(path: str, base: str, location: str) -> bool:
    """Whether a location names a file: from the class path's root, or relative to the file that imports it."""
    name = location.partition(":")[2] if location.partition(":")[0] in ("classpath", "classpath*", "file") else location
    pattern = re.escape(name.lstrip("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    if name is location and base and not location.startswith("/"):
        return re.fullmatch(pattern, os.path.relpath(path, base).replace(os.sep, "/")) is not None
    return re.fullmatch(f"(?:.*/)?{pattern}", path) is not None


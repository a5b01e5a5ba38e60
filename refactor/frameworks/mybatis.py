"""MyBatis: which interfaces are mappers, because an XML file or annotations hold their statements, and what it does with objects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from refactor.flow.facts import Facts
from refactor.ir.program import Program
from refactor.ir.symbols import ClassSymbol, Flags

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_NAMESPACE = re.compile(r'<mapper\s[^>]*namespace\s*=\s*["\']([\w.$]+)["\']')
_CACHE = re.compile(r"<cache(-ref)?(?=[\s/>])([^>]*)>")
_READ_ONLY = re.compile(r'readOnly\s*=\s*["\']true["\']')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ANNOTATIONS = "org.apache.ibatis.annotations."
_CACHES = (f"{_ANNOTATIONS}CacheNamespace", f"{_ANNOTATIONS}CacheNamespaceRef")
_LARGEST = 1 << 22


def mappers(program: Program) -> Mapping[str, bool]:
    """before: a Program   after: the interfaces that are mappers -> whether a cache keeps copies of what they find, by serialising it"""
    found: dict[str, bool] = {}
    for text in _files(program):
        for name in _NAMESPACE.findall(text):
            found[name] = found.get(name, False) or any(not _READ_ONLY.search(rest) for _, rest in _CACHE.findall(text))
    for cls in program.classes.values():
        own = [a for a in cls.annotations if a.name.startswith(_ANNOTATIONS)]
        if own or any(a.name.startswith(_ANNOTATIONS) for m in cls.methods for a in m.annotations):
            found[cls.name] = found.get(cls.name, False) or any(a.name in _CACHES for a in own)
    return {name: found[name] for name in sorted(found) if name in program.classes and program.classes[name].is_interface}


def _files(program: Program) -> Iterator[str]:
    """The texts of the XML files below the program's root."""
    for folder, folders, files in os.walk(program.root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if file.endswith(".xml") and path.stat().st_size <= _LARGEST:
                yield _COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace"))


def hidden(facts: Facts, name: str) -> str:
    """before: a class whose objects a statement fills   after: what MyBatis reaches by reflection beside setters; "" where nothing"""
    for above in sorted({name, *facts.hierarchy.supertypes(name)} & facts.top.keys()):
        cls = facts.symbol(above)
        for field in cls.fields:
            if not field.flags & (Flags.STATIC | Flags.FINAL) and not _has_setter(cls, field.name):
                return f"may write the field {cls.simple_name}.{field.name}, which has no setter"
    cls = facts.symbol(name)
    made = [m for m in cls.methods if m.is_constructor]
    if made and not any(not m.params and not m.flags & Flags.PRIVATE for m in made):
        return f"makes a {cls.simple_name} by a constructor with arguments"
    return ""


def _has_setter(cls: ClassSymbol, field: str) -> bool:
    setter = f"set{field[:1].upper()}{field[1:]}"
    return any(m.name == setter and len(m.params) == 1 and not m.flags & Flags.PRIVATE for m in cls.methods)

"""Bean definitions in XML files of the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from refactor.ir.program import Program

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class XmlBean:
    """`properties`: (name, the bean it refers to, "" for a value); `arguments`: the same for the constructor, in order."""

    name: str
    cls: str
    properties: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()
    life_cycle: tuple[str, ...] = ()
    factory_method: str = ""

    @property
    def ref_name(self) -> str:
        return f"bean {self.name}"


def xml_beans(program: Program) -> tuple[XmlBean, ...]:
    """before: a Program   after: the beans of application classes that XML files below its root define, by file and place"""
    found: list[XmlBean] = []
    for folder, folders, files in os.walk(program.root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for file in sorted(files):
            path = Path(folder, file)
            if file.endswith(".xml") and path.stat().st_size <= _LARGEST:
                text = path.read_bytes()
                if b"<beans" in text:
                    found.extend(_file(text, program))
    return tuple(found)


def _file(text: bytes, program: Program) -> list[XmlBean]:
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return []
    found: list[XmlBean] = []
    for element in root.iter():
        if _local(element) == "bean":
            found.extend(_bean(element, program, len(found)))
    return found


def _bean(element: ElementTree.Element, program: Program, number: int) -> list[XmlBean]:
    cls = element.get("class", "")
    if cls not in program.classes:
        return []
    properties = [(n, _reference(e)) for e in element if _local(e) == "property" and (n := e.get("name"))]
    for key, value in element.attrib.items():  # p:name-ref="other"
        space, _, name = key.rpartition("}")
        if space.endswith("/p"):
            properties.append((name.removesuffix("-ref"), value if name.endswith("-ref") else ""))
    arguments = tuple(_reference(e) for e in element if _local(e) == "constructor-arg")
    life = tuple(v for k in ("init-method", "destroy-method") if (v := element.get(k)))
    name = element.get("id") or (element.get("name") or "").partition(",")[0] or f"{cls}#{number}"
    return [XmlBean(name, cls, tuple(properties), arguments, life, element.get("factory-method", ""))]


def _reference(element: ElementTree.Element) -> str:
    """The bean that a property or argument refers to: by attribute, by a nested ref or bean."""
    direct = element.get("ref")
    if direct:
        return direct
    for inner in element.iter():
        if _local(inner) == "ref":
            return inner.get("bean") or inner.get("local") or ""
        if inner is not element and _local(inner) == "bean":
            return inner.get("id") or "?"
    return ""


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""

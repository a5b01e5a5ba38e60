"""The files beside the sources: mapper and mapping XML, DDL, read once, with places."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from refactor.support.diagnostics import Diagnostic, Severity
from refactor.support.source import Span

_SKIPPED = frozenset({"target", "build", "out", "bin", "node_modules"})
_LARGEST = 1 << 22


@dataclass(slots=True)
class Element:
    """An XML element without its namespace prefix. `parts`: text and child elements in order."""

    tag: str
    attributes: dict[str, str]
    span: Span
    parts: list[str | Element] = field(default_factory=list)

    def children(self, *tags: str) -> Iterator[Element]:
        """Direct children with one of these tags; all of them without any."""
        for part in self.parts:
            if isinstance(part, Element) and (not tags or part.tag in tags):
                yield part

    def walk(self) -> Iterator[Element]:
        """This element and everything below, in document order."""
        todo = [self]
        while todo:
            at = todo.pop()
            yield at
            todo.extend(reversed(list(at.children())))

    def text(self) -> str:
        return "".join(p if isinstance(p, str) else p.text() for p in self.parts)


class Resources:
    """The files below a project's root that are no sources of the program; build outputs and hidden folders are left out."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths: list[str] | None = None
        self._xml: dict[str, Element | None] = {}
        self.diagnostics: list[Diagnostic] = []

    def paths(self, *suffixes: str) -> list[str]:
        """POSIX paths relative to the root whose name ends so, sorted."""
        if self._paths is None:
            found = []
            for folder, folders, files in os.walk(self._root):
                folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
                found += [Path(folder, f).relative_to(self._root).as_posix() for f in files if f.endswith((".xml", ".sql", ".ddl"))]
            self._paths = sorted(found)
        return [p for p in self._paths if p.lower().endswith(suffixes)]

    def text(self, path: str) -> str | None:
        """The text of one file; None, with a note, where it is larger than four megabytes."""
        file = self._root / path
        if file.stat().st_size > _LARGEST:
            message = f"{path} is larger than {_LARGEST >> 20} MiB and was not read for tables"
            self.diagnostics.append(Diagnostic("sdg/resource-too-large", Severity.NOTE, message))
            return None
        return file.read_text(encoding="utf-8", errors="replace")

    def roots(self, *tags: str) -> Iterator[tuple[str, Element]]:
        """The root elements of all XML files that mention one of these tags, with the file."""
        for path in self.paths(".xml"):
            if path not in self._xml:
                self._xml[path] = self._parse(path)
            element = self._xml[path]
            if element is not None and element.tag in tags:
                yield path, element

    def _parse(self, path: str) -> Element | None:
        text = self.text(path)
        if text is None or not re.search(r"<(mapper|entity-mappings|hibernate-mapping|beans|sqlMap|ejb-jar)\b", text):
            return None
        try:
            return parse_xml(path, text.encode())
        except expat.ExpatError as error:
            message = f"{path} is not well-formed XML: {error}"
            self.diagnostics.append(Diagnostic("sdg/xml-unreadable", Severity.WARNING, message, help="its tables are not in the graph"))
            return None


def parse_xml(path: str, source: bytes) -> Element | None:
    """before: the bytes of a file   after: its root element, every element with its place; external entities are not read

    Raises expat.ExpatError where the file is not well-formed.
    """
    # The declared encoding has been dealt with where the text was decoded.
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    stack: list[Element] = []
    found: list[Element] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        span = Span(path, at, at + len(tag) + 1, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        element = Element(tag.rpartition(":")[2], attributes, span)
        if stack:
            stack[-1].parts.append(element)
        else:
            found.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def data(text: str) -> None:
        if stack:
            stack[-1].parts.append(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.UseForeignDTD(True)
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.Parse(source, True)
    return found[0] if found else None


def place(path: str, text: str, offset: int) -> Span:
    """The place of a character offset in a file's text."""
    line = text.count("\n", 0, offset) + 1
    start = len(text[:offset].encode())
    return Span(path, start, start, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)

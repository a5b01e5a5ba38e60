"""Reading pom.xml files as plain element trees: no namespaces, no comments, positions for syntax errors."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from refactor.frontend.project.model import Dependency
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.source import Span

INPUT_UNREADABLE = 4


def parse_pom(path: Path, shown: str) -> ET.Element:
    """The root element of a pom, without namespaces.

    `shown` is how a message calls the file. Raises RefactorError (exit code 4) where it cannot be read or is no pom.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(shown, f"cannot be read: {error.strerror}", None) from None
    try:
        root = ET.fromstring(data)
    except ET.ParseError as error:
        line, column = error.position
        start = sum(len(text) for text in data.splitlines(keepends=True)[: line - 1]) + column
        raise _unreadable(shown, f"is not well-formed XML: {error.msg}", Span(shown, start, start, line, column + 1)) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "!"
    if root.tag not in ("project", "projects"):
        raise _unreadable(shown, f"is no Maven pom: its root element is <{root.tag}>", Span(shown, 0, 0, 1, 1))
    return root


def _unreadable(shown: str, message: str, span: Span | None) -> RefactorError:
    return RefactorError(
        [Diagnostic("project/malformed-pom", Severity.ERROR, f"{shown} {message}", span, help="correct the file, then run again")],
        INPUT_UNREADABLE,
    )


def text(element: ET.Element | None, path: str, default: str = "") -> str:
    """The stripped text at `path`, or `default` where the element is absent or empty."""
    found = element.find(path) if element is not None else None
    return (found.text or "").strip() or default if found is not None else default


def texts(element: ET.Element | None, path: str) -> tuple[str, ...]:
    """The non-empty texts of all elements at `path`, in document order."""
    if element is None:
        return ()
    return tuple(value for found in element.findall(path) if (value := (found.text or "").strip()))


def children(element: ET.Element | None, path: str) -> list[ET.Element]:
    return [] if element is None else element.findall(path)


def inner_xml(element: ET.Element | None) -> str:
    """The child elements of `element` as XML text, indented, without Maven's merge attributes."""
    if element is None:
        return ""
    parts = []
    for child in element:
        if child.tag == "!":
            continue
        clean = copy.deepcopy(child)
        for node in clean.iter():
            for name in [n for n in node.attrib if n.startswith("combine.")]:
                del node.attrib[name]
            if len(node) and not (node.text or "").strip():
                node.text = None
            node.tail = None
        ET.indent(clean)
        parts.append(ET.tostring(clean, encoding="unicode").strip())
    return "\n".join(parts)


def wrapped(configuration: str) -> ET.Element:
    """The reverse of `inner_xml`: an element <configuration> around it."""
    return ET.fromstring(f"<configuration>{configuration}</configuration>")


def read_dependency(element: ET.Element) -> Dependency:
    """<dependency> or an annotation processor's <path>."""
    exclusions = tuple(f"{text(e, 'groupId', '*')}:{text(e, 'artifactId', '*')}" for e in children(element, "exclusions/exclusion"))
    return Dependency(
        group=text(element, "groupId"),
        artifact=text(element, "artifactId"),
        version=text(element, "version"),
        scope=text(element, "scope", "compile"),
        type=text(element, "type", "jar"),
        classifier=text(element, "classifier"),
        optional=text(element, "optional") == "true",
        exclusions=exclusions,
        system_path=text(element, "systemPath"),
    )


def module_names(pom: ET.Element) -> Iterator[str]:
    """Every module a raw pom may aggregate, those of profiles included (the caller keeps what exists)."""
    yield from texts(pom, "modules/module")
    yield from texts(pom, "profiles/profile/modules/module")

"""The verdict as JUnit XML, for CI systems: each thing that was compared is one test case, with one failure where it differs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from refactor.support.diagnostics import RefactorError
from refactor.verify.model import Divergence, Verdict

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit_xml(verdict: Verdict) -> str:
    """A `testsuite` named refactor-verify: tests, main programs, services and groups that differ, leftover ids, what was not compared."""
    compared = [*verdict.tests, *(f"main {name}" for name in verdict.mains)]
    differing: dict[str, list[Divergence]] = {}
    for divergence in verdict.divergences:
        differing.setdefault(_subject(divergence.test, compared), []).append(divergence)
    suite = ElementTree.Element("testsuite", name="refactor-verify")
    for name in dict.fromkeys((*compared, *differing)):
        case = _case(suite, *_named(name))
        if name in differing:
            _failure(case, "the split program differs from the monolith", "\n".join(map(_told, differing[name])))
    for part, number in verdict.ids_left:
        case = _case(suite, "leases", part)
        if number:
            _failure(case, f"{number} ids left in the table after the last root was dropped", "")
    if not verdict.compared:
        _failure(_case(suite, "refactor-verify", "verdict"), "nothing was compared", "")
    for what in verdict.uncompared:
        ElementTree.SubElement(_case(suite, "not compared", what), "skipped", message=clean(what))
    return _document(suite)


def error_xml(error: RefactorError) -> str:
    """The same file where there is no verdict: one test case that is an error, so that CI does not read an older answer."""
    suite = ElementTree.Element("testsuite", name="refactor-verify")
    text = "\n".join(d.render() for d in error.diagnostics)
    case = _case(suite, "refactor-verify", "verdict")
    first = error.diagnostics[0]
    ElementTree.SubElement(case, "error", type=first.id, message=clean(first.message)).text = clean(text)
    return _document(suite)


def clean(text: str) -> str:
    """before: ESC [31m 7   after: \\x1b[31m 7: XML has no way to write most control characters"""
    return _NOT_XML.sub(lambda m: f"\\x{ord(m[0]):02x}" if ord(m[0]) < 256 else f"\\u{ord(m[0]):04x}", text)


def _subject(test: str, compared: Iterable[str]) -> str:
    """What was compared when this was found: `main a.Main` for `main a.Main: output line 1`."""
    known = set(compared)
    whole = test
    while whole not in known and ": " in whole:
        whole = whole.rpartition(": ")[0]
    return whole if whole in known else test


def _named(name: str) -> tuple[str, str]:
    cls, _, member = name.partition("#")
    return (cls, member) if member else ("refactor-verify", name)


def _case(suite: ElementTree.Element, cls: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=clean(cls), name=clean(name), time="0")


def _failure(case: ElementTree.Element, message: str, text: str) -> None:
    ElementTree.SubElement(case, "failure", type="divergence", message=clean(message)).text = clean(text)


def _told(divergence: Divergence) -> str:
    return f"{divergence.test}\nmonolith: {divergence.monolith}\nsplit: {divergence.split}"


def _document(suite: ElementTree.Element) -> str:
    suite.set("tests", str(len(suite)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"

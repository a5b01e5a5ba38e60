"""What CI reads: every compared thing once, failing where it differs, in XML that parses whatever was printed."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.verify.junitxml import error_xml, to_junit_xml
from refactor.verify.model import Counts, Divergence, Remote, Verdict


def verdict(
    tests: tuple[str, ...] = (), mains: tuple[str, ...] = (), found: tuple[Divergence, ...] = (), left: tuple[tuple[str, int], ...] = ()
) -> Verdict:
    return Verdict(Counts(len(tests), 0), Counts(len(tests), 0), tests, mains, found, Remote(0, ()), (), left)


def cases(text: str) -> dict[tuple[str, str], str]:
    """Class and name of each case -> what it is: passed, failure, error, skipped. Fails where a case is there twice."""
    suite = ElementTree.fromstring(text.encode())
    found: dict[tuple[str, str], str] = {}
    for case in suite.iter("testcase"):
        name = (case.attrib["classname"], case.attrib["name"])
        assert name not in found
        assert len(case) <= 1, "one outcome for each case"
        found[name] = case[0].tag if len(case) else "passed"
    assert suite.attrib["tests"] == str(len(found))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert suite.attrib[attribute] == str(list(found.values()).count(tag))
    return found


def test_a_main_that_differs_is_one_failure_and_no_pass() -> None:
    found = tuple(Divergence(f"main app.Main: {what}", "7", "0") for what in ("exit code", "output line 1", "standard error line 2"))
    assert cases(to_junit_xml(verdict(mains=("app.Main", "app.Main (run 2)"), found=found))) == {
        ("refactor-verify", "main app.Main"): "failure",
        ("refactor-verify", "main app.Main (run 2)"): "passed",
    }


def test_tests_services_and_ids() -> None:
    names = ("shop.T#b: c", "service one", "tests of one")
    found = tuple(Divergence(name, "passed", "did not run") for name in names)
    told = cases(to_junit_xml(verdict(("shop.T#a", "shop.T#b: c"), found=found, left=(("one", 2), ("two", 0)))))
    assert told == {
        ("shop.T", "a"): "passed",
        ("shop.T", "b: c"): "failure",
        ("refactor-verify", "service one"): "failure",
        ("refactor-verify", "tests of one"): "failure",
        ("leases", "one"): "failure",
        ("leases", "two"): "passed",
    }


HARD = (
    "\x1b[31m7\x1b[0m", "a\x00b", "\ud800", "\ufffe",
    "\x7f\x85", "]]>&<\"'", "tab\tline\nreturn\r", "\U0001f600",
)  # fmt: skip


@pytest.mark.parametrize("text", HARD)
def test_whatever_was_printed_can_be_read(text: str) -> None:
    found = (Divergence("main app.Main: output line 1", text, "0"), Divergence(f"shop.T#{text}", text, text))
    told = cases(to_junit_xml(verdict((f"shop.T#{text}",), ("app.Main",), found)))
    assert list(told.values()) == ["failure", "failure"]


def test_nothing_compared_is_no_green_file() -> None:
    assert list(cases(to_junit_xml(verdict())).values()) == ["failure"]


def test_no_verdict_is_an_error() -> None:
    error = RefactorError([Diagnostic("verify/split-does-not-compile", Severity.ERROR, "no \x1b[1m", help="log")], 1)
    assert list(cases(error_xml(error)).values()) == ["error"]

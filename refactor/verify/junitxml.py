"""The verdict as JUnit XML, for CI systems: one test case per compared test, a failure per divergence."""

from __future__ import annotations

from xml.etree import ElementTree

from refactor.verify.model import Verdict


def to_junit_xml(verdict: Verdict) -> str:
    """A `testsuite` named refactor-verify; divergences are failures, leftover ids one more."""
    leaks = [(part, n) for part, n in verdict.ids_left if n]
    differing = {d.test for d in verdict.divergences}
    failures = len(verdict.divergences) + len(leaks)
    equal = [name for name in (*verdict.tests, *(f"main {m}" for m in verdict.mains)) if name not in differing]
    suite = ElementTree.Element("testsuite", name="refactor-verify", tests=str(len(equal) + failures), failures=str(failures))
    for name in equal:
        ElementTree.SubElement(suite, "testcase", classname=name.partition("#")[0], name=name.partition("#")[2] or name)
    for divergence in verdict.divergences:
        name = divergence.test
        case = ElementTree.SubElement(suite, "testcase", classname=name.partition("#")[0], name=name.partition("#")[2] or name)
        failure = ElementTree.SubElement(case, "failure", message="the split program differs from the monolith")
        failure.text = f"monolith: {divergence.monolith}\nsplit: {divergence.split}"
    for part, number in leaks:
        case = ElementTree.SubElement(suite, "testcase", classname="leases", name=part)
        ElementTree.SubElement(case, "failure", message=f"{number} ids left in the table after the last root was dropped")
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode") + "\n"

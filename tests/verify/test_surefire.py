"""Reports of Surefire are read whole: repeated names, failures, and broken files."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.verify.model import CaseId, Status
from refactor.verify.surefire import mask, read_reports

REPORT = """<testsuite name="shop.T" tests="4">
<testcase classname="shop.T" name="p(Order)[1] shop.Order@1f3a99b0" time="1,234.5"/>
<testcase classname="shop.T" name="same"/>
<testcase classname="shop.T" name="same"><failure type="java.lang.AssertionError" message="no">trace</failure></testcase>
<testcase classname="shop.T" name="off"><skipped/></testcase>
</testsuite>"""


def test_every_case_is_read(tmp_path: Path) -> None:
    (tmp_path / "TEST-shop.T.xml").write_text(REPORT)
    found = read_reports(tmp_path)
    assert {t: o.status for t, o in found.items()} == {
        CaseId("shop.T", "p(Order)[1] shop.Order@*"): Status.PASSED,
        CaseId("shop.T", "same"): Status.PASSED,
        CaseId("shop.T", "same", 1): Status.FAILED,
        CaseId("shop.T", "off"): Status.SKIPPED,
    }
    assert found[CaseId("shop.T", "same", 1)].error_type == "java.lang.AssertionError"


def test_a_broken_report_is_not_a_pass(tmp_path: Path) -> None:
    (tmp_path / "TEST-x.xml").write_text("<testsuite><testcase")
    with pytest.raises(ValueError, match=r"TEST-x\.xml"):
        read_reports(tmp_path)


def test_mail_addresses_are_not_identities() -> None:
    assert mask("joe@cafe.example") == "joe@cafe.example"
    assert mask("[I@7a81197d") == "[I@*"

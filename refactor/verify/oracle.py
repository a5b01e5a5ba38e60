"""The oracle: the monolith itself, built and run unchanged."""

from __future__ import annotations

from collections.abc import Mapping

from refactor.frontend.project.mvn_log import compiles_not
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.verify.layout import ORACLE, Layout
from refactor.verify.maven import CLASSPATH, compiler_errors, maven
from refactor.verify.model import CaseId, Outcome
from refactor.verify.surefire import clear_reports, read_reports, report_folders


def run_monolith(layout: Layout, *, timeout: float) -> Mapping[CaseId, Outcome]:
    """Build OUT/monolith and run its own tests; failing tests are outcomes like any other.

    Raises RefactorError (exit 4) where it does not compile or its tests do not run to their end: then there is nothing to compare with.
    """
    folder = layout.module(ORACLE)
    log = layout.out / "target" / "verify" / "monolith.log"
    goals = [
        "test",
        *CLASSPATH,
        "-Dmaven.test.failure.ignore=true",
        "-DfailIfNoTests=false",
    ]
    clear_reports(folder)
    finished = maven(folder, goals, log=log, timeout=timeout, test_classes=sum(test.is_test for test in layout.plan.tests))
    if not finished.ok:
        compiled = not compiles_not(finished)
        what = "the monolith's tests did not run to their end" if compiled else "the monolith itself does not compile here"
        name = "verify/monolith-tests-did-not-run" if compiled else "verify/monolith-does-not-compile"
        raise RefactorError([Diagnostic(name, Severity.ERROR, what, None, (Note(compiler_errors(finished)),), f"log: {log}")], 4)
    try:
        return read_reports(*report_folders(folder))
    except ValueError as error:
        message = f"the monolith's tests did not run to their end: {error}"
        raise RefactorError([Diagnostic("verify/monolith-tests-did-not-run", Severity.ERROR, message, help=f"log: {log}")], 4) from error

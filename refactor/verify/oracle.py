"""The oracle: the monolith itself, built and run unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.verify.layout import ORACLE, Layout
from refactor.verify.maven import compiler_errors, maven
from refactor.verify.model import CaseId, Outcome
from refactor.verify.surefire import read_reports


def run_monolith(layout: Layout, *, timeout: float) -> Mapping[CaseId, Outcome]:
    """Build OUT/monolith and run its own tests; failing tests are outcomes like any other.

    Raises RefactorError (exit 4) where it does not compile: then there is nothing to compare with.
    """
    folder = layout.module(ORACLE)
    log = layout.out / "target" / "verify" / "monolith.log"
    built = maven(
        folder, ["test-compile", "dependency:build-classpath", "-Dmdep.outputFile=target/classpath.txt"], log=log, timeout=timeout
    )
    if not built.ok:
        message = "the monolith itself does not compile here"
        raise RefactorError(
            [Diagnostic("verify/monolith-does-not-compile", Severity.ERROR, message, None, (Note(compiler_errors(built)),), f"log: {log}")],
            4,
        )
    goals = ["surefire:test", "-Dmaven.test.failure.ignore=true", "-DfailIfNoTests=false"]
    if layout.groups:
        tested = maven(folder, goals, log=log.with_name("monolith-tests.log"), timeout=timeout)
        if not tested.ok:
            note = Note(compiler_errors(tested))
            raise RefactorError(
                [
                    Diagnostic(
                        "verify/monolith-tests-did-not-run", Severity.ERROR, "the monolith's tests did not run to their end", None, (note,)
                    )
                ],
                4,
            )
    return reports_below(folder)


def reports_below(folder: Path) -> Mapping[CaseId, Outcome]:
    """The outcomes of every module at or below `folder`."""
    found: dict[CaseId, Outcome] = {}
    for reports in sorted(folder.rglob("target/surefire-reports")):
        found.update(read_reports(reports))
    return found

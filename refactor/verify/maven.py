"""Maven as the verifier uses it: what it lacks is a lack of this machine, and never an outcome of the build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from refactor.frontend.project.mvn import DEPENDENCY_PLUGIN, MACHINE_LACKS, run_maven
from refactor.frontend.project.mvn_log import errors_of, lacks_artefacts
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.support.process import Finished

CLASSPATH = (f"{DEPENDENCY_PLUGIN}:build-classpath", "-Dmdep.outputFile=target/classpath.txt")
"""The goal that records a module's class path, by its full name: what a prefix stands for has to be asked of the registry."""


def maven(
    folder: Path, goals: Sequence[str], *, log: Path, timeout: float, env: Mapping[str, str] | None = None, test_classes: int = 0
) -> Finished:
    """Run `mvn goals` in `folder`. Raises RefactorError (exit 3) where Maven, or what it has to fetch, cannot be had on this machine."""
    log.parent.mkdir(parents=True, exist_ok=True)
    finished = run_maven(goals, cwd=folder, log=log, timeout=timeout, env=env, test_classes=test_classes)
    if lacks_artefacts(finished):
        message = "Maven cannot get what this build needs"
        help_ = f"connect to the Maven registry (or name a mirror in settings.xml), then run again; log: {log}"
        raise RefactorError(
            [Diagnostic("machine/artefacts-missing", Severity.ERROR, message, None, (Note(errors_of(finished)),), help_)], MACHINE_LACKS
        )
    return finished


def compiler_errors(finished: Finished) -> str:
    """The [ERROR] lines of a log, at most 40: what a person needs to see first."""
    return errors_of(finished, 40)

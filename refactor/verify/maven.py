"""Maven as the verifier uses it: offline first, then once with the registries, output kept in a log."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from refactor.support.diagnostics import Diagnostic, RefactorError, Severity
from refactor.support.process import NOT_FOUND, Finished, run

# Signs that an offline run lacked an artefact, rather than that the build itself failed.
_MISSING = ("offline mode", "has not been downloaded", "Could not resolve", "Could not find artifact", "was not found in", "Cannot access")


def maven(
    folder: Path, goals: Sequence[str], *, log: Path, timeout: float, env: Mapping[str, str] | None = None, offline_only: bool = False
) -> Finished:
    """Run `mvn -B goals` in `folder`. Raises RefactorError (exit 3) where Maven is not on this machine."""
    log.parent.mkdir(parents=True, exist_ok=True)
    base = ["mvn", "-B", "-q", "--no-transfer-progress"]
    environment = {**os.environ, **(env or {})}
    finished = run([*base, "-o", *goals], output=log, timeout=timeout, cwd=folder, env=environment)
    if not finished.ok and not offline_only and not finished.timed_out and any(sign in finished.text() for sign in _MISSING):
        finished = run([*base, *goals], output=log, timeout=timeout, cwd=folder, env=environment)
    if finished.exit_code == NOT_FOUND:
        help_ = "apt-get install maven; see: refactor doctor"
        raise RefactorError([Diagnostic("machine/no-maven", Severity.ERROR, "Maven (mvn) is not on this machine", help=help_)], 3)
    return finished


def compiler_errors(finished: Finished) -> str:
    """The [ERROR] lines of a log, at most 40: what a person needs to see first."""
    lines = [line for line in finished.text().splitlines() if line.startswith("[ERROR]")]
    return "\n".join(lines[:40]) or finished.tail(40)

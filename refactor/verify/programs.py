"""Runs the monolith's main programs, on the monolith and on the split program, with the same arguments and input."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from refactor.isolate.plan import DRIVER, ProgramPlan
from refactor.support.guard import release, watch
from refactor.verify.drive import Driven, classpath, services, settle
from refactor.verify.fleet import Fleet
from refactor.verify.layout import ORACLE, Layout
from refactor.verify.model import Divergence, ProgramRun


def run_on_monolith(layout: Layout, program: ProgramPlan, *, timeout: float) -> ProgramRun:
    """The reference: one JVM, the monolith's own classes."""
    folder = layout.module(ORACLE) / program.module
    return _run(program, classpath(folder), folder, {}, timeout)


def run_on_split(layout: Layout, program: ProgramPlan, *, timeout: float, base_port: int | None = None) -> tuple[ProgramRun, Driven]:
    """The same program in the process of the part that owns its class (or the driver), the other parts as services."""
    here = program.part or DRIVER
    folder = layout.module(here)
    logs = layout.out / "target" / "verify" / f"main-{program.main}"
    with Fleet(services(layout, here), here, logs, base_port=base_port, timeout=timeout) as fleet:
        run = _run(program, classpath(folder), folder, fleet.environment(here), timeout)
        deaths = tuple(Divergence(f"service {n}", "runs until it is stopped", f"died with exit code {c}") for n, c in fleet.dead())
        calls, ids = settle(fleet)
    return run, Driven({}, calls, ids.left, ids.rooted, deaths)


def _run(program: ProgramPlan, path: str, folder: Path, env: Mapping[str, str], timeout: float) -> ProgramRun:
    """Exit code -1 where it did not end in time; the output so far is kept."""
    argv = ["java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-cp", path, program.main, *program.args]
    child = subprocess.Popen(
        argv,
        cwd=folder,
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    watch(child.pid)
    try:
        stdout, stderr = child.communicate(program.stdin.encode(), timeout)
        return ProgramRun(program.main, child.returncode, stdout, stderr)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        stdout, stderr = child.communicate()
        return ProgramRun(program.main, -1, stdout, stderr)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        release(child.pid)

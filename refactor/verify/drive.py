"""Drives the split program: each group of tests in a process of its own, all other parts as services."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.verify.fleet import Fleet, Service
from refactor.verify.layout import Layout
from refactor.verify.maven import compiler_errors, maven
from refactor.verify.model import CaseId, Divergence, Outcome
from refactor.verify.surefire import read_reports

_COLLECT_ROUNDS = 20
_ROUNDS_WITH_BEANS = 6  # so many rounds before the services' own containers have to let go
# Several JVMs share a small machine: start fast, one collector thread each, stacks for deep recursion across parts.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")


@dataclass(frozen=True, slots=True)
class Driven:
    """What one or more runs on the split showed. `ids_left`: per part, ids still in its table after the last root was dropped."""

    outcomes: Mapping[CaseId, Outcome]
    calls: Mapping[str, int]
    ids_left: Mapping[str, int]
    divergences: tuple[Divergence, ...]


def build_split(layout: Layout, *, timeout: float) -> None:
    """Compile every service and the driver; raises RefactorError (exit 1) with the compiler's own words."""
    log = layout.out / "target" / "verify" / "split.log"
    goals = ["package", "-DskipTests", "dependency:build-classpath", "-Dmdep.outputFile=target/classpath.txt", "-Dmdep.includeScope=test"]
    built = maven(layout.out, goals, log=log, timeout=timeout)
    if not built.ok:
        errors = (Note(compiler_errors(built)),)
        message = "the emitted services do not compile"
        raise RefactorError([Diagnostic("verify/split-does-not-compile", Severity.ERROR, message, None, errors, f"log: {log}")], 1)


def classpath(folder: Path, *, tests: bool = False) -> str:
    """The class path of one built module: its classes, then its dependencies as Maven resolved them."""
    own = [folder / "target" / "classes", *([folder / "target" / "test-classes"] if tests else [])]
    recorded = (folder / "target" / "classpath.txt").read_text(encoding="utf-8").strip()
    return ":".join([*(str(p) for p in own), *([recorded] if recorded else [])])


def services(layout: Layout, without: str) -> tuple[Service, ...]:
    """All parts but `without` (which is the driving process itself)."""
    found = []
    for part in layout.parts:
        if part != without:
            folder = layout.module(part)
            main = (folder / "target" / "classes" / "META-INF" / "refactor-main-class").read_text(encoding="utf-8").strip()
            found.append(Service(part, folder, (*_JAVA, "-cp", classpath(folder), main)))
    return tuple(found)


def drive_tests(layout: Layout, group: str, *, timeout: float, base_port: int | None = None) -> Driven:
    """Run the tests placed in `group` while the other parts run as services; stop them whatever happens."""
    logs = layout.out / "target" / "verify" / group
    folder = layout.module(group)
    with Fleet(services(layout, group), group, logs, base_port=base_port) as fleet:
        # From the root, with the modules it needs: they are this build's own, never those that some other build has installed.
        goals = [
            "test",
            "-pl",
            group,
            "-am",
            "-Dmaven.test.failure.ignore=true",
            "-DfailIfNoTests=false",
            "-Dsurefire.failIfNoSpecifiedTests=false",
        ]
        tested = maven(layout.out, goals, log=logs / "tests.log", timeout=timeout, env=fleet.environment(group))
        found = list(_deaths(fleet))
        if not tested.ok:
            found.append(Divergence(f"tests of {group}", "ran to their end", f"did not: {compiler_errors(tested)}"))
        calls, left = settle(fleet)
    return Driven(read_reports(folder / "target" / "surefire-reports"), calls, left, tuple(found))


def settle(fleet: Fleet) -> tuple[Counter[str], dict[str, int]]:
    """Calls served per endpoint, and the ids left in each table once the driving process has gone, and all roots with it.

    What the beans of a service hold is no garbage as long as its container lives: where ids are left, the containers drop
    their beans first.
    """
    names = [n for n in fleet.ports if n != fleet.here and n not in dict(fleet.dead())]
    left = _collected(fleet, names)
    calls: Counter[str] = Counter()
    for name in names:
        calls.update({str(path): int(n) for path, n in fleet.stats(name)["calls"].items()})
    return calls, left


def _collected(fleet: Fleet, names: Sequence[str]) -> dict[str, int]:
    """Ids left per service. Distributed garbage goes in rounds: a collected proxy in one service frees an object in the next."""
    left: dict[str, int] = {}
    for attempt in range(_COLLECT_ROUNDS):
        if attempt == _ROUNDS_WITH_BEANS:
            for name in names:
                fleet.retire(name)
        for name in names:
            fleet.collect(name)
        left = {name: int(fleet.stats(name)["ids"]) for name in names}
        if not any(left.values()):
            break
        time.sleep(0.25)
    return left


def _deaths(fleet: Fleet) -> tuple[Divergence, ...]:
    expected = "runs until it is stopped"
    dead = fleet.dead()
    return tuple(Divergence(f"service {name}", expected, f"died with exit code {code}:\n{fleet.tail(name)}") for name, code in dead)

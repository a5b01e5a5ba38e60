"""Drives the split program: each group of tests in a process of its own, all other parts as services."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from refactor.codegen.spring.packaging import CLASSES_ONLY
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.verify.fleet import Fleet, Service
from refactor.verify.layout import Layout
from refactor.verify.maven import CLASSPATH, compiler_errors, maven
from refactor.verify.model import CaseId, Divergence, Outcome
from refactor.verify.surefire import clear_reports, read_reports, report_folders

_COLLECT_ROUNDS = 20
_ROUNDS_OF_COUNTING = 4  # so many rounds before what reference counting leaves is looked into
# Several JVMs share a small machine: start fast, one collector thread each, stacks for deep recursion across parts.
_JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m")


@dataclass(frozen=True, slots=True)
class Driven:
    """What one or more runs on the split showed.

    `ids_left`: per part, ids still in its table that nothing in any process can reach. `ids_rooted`: those that the services
    themselves hold on to, in static fields and beans, after the driving process has gone.
    """

    outcomes: Mapping[CaseId, Outcome]
    calls: Mapping[str, int]
    ids_left: Mapping[str, int]
    ids_rooted: Mapping[str, int]
    divergences: tuple[Divergence, ...]


def build_split(layout: Layout, *, timeout: float) -> None:
    """Compile every service and the driver; raises RefactorError (exit 1) with the compiler's own words."""
    log = layout.out / "target" / "verify" / "split.log"
    # Services are started from their classes: nothing needs the jars, nor the libraries beside them.
    recorded = [*CLASSPATH, "-Dmdep.includeScope=test"]
    goals = ["package", "-DskipTests", f"-D{CLASSES_ONLY}", *recorded]
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
            # The monolith's tests have settings of their own, and they are what the services are compared by.
            settings = folder / "src" / "test" / "resources"
            path = f"{settings}:{classpath(folder)}" if settings.is_dir() else classpath(folder)
            # The monolith has one working directory: relative names mean the driving process's files in every part.
            found.append(Service(part, layout.module(without), (*_JAVA, "-cp", path, main)))
    return tuple(found)


def drive_tests(layout: Layout, group: str, *, timeout: float, base_port: int | None = None) -> Driven:
    """Run the tests placed in `group` while the other parts run as services; stop them whatever happens."""
    logs = layout.out / "target" / "verify" / group
    folder = layout.module(group)
    classes = sum(test.is_test and test.placements[:1] == (group,) for test in layout.plan.tests)
    with Fleet(services(layout, group), group, logs, base_port=base_port, timeout=timeout) as fleet:
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
        clear_reports(folder)
        tested = maven(layout.out, goals, log=logs / "tests.log", timeout=timeout, env=fleet.environment(group), test_classes=classes)
        found = list(_deaths(fleet))
        if not tested.ok:
            found.append(Divergence(f"tests of {group}", "ran to their end", f"did not: {compiler_errors(tested)}"))
        calls, ids = settle(fleet)
    outcomes: Mapping[CaseId, Outcome] = {}
    try:
        outcomes = read_reports(*report_folders(folder))
    except ValueError as error:  # cut off where the process that wrote it ended
        found.append(Divergence(f"tests of {group}", "reported", str(error)))
    return Driven(outcomes, calls, ids.left, ids.rooted, tuple(found))


@dataclass(frozen=True, slots=True)
class Ids:
    """What is in the tables once the driving process has gone, per service."""

    left: Mapping[str, int]
    rooted: Mapping[str, int]


def settle(fleet: Fleet) -> tuple[Counter[str], Ids]:
    """Calls served per endpoint, and the ids in each table once the driving process has gone."""
    names = [n for n in fleet.started() if n not in dict(fleet.dead())]
    ids = _collected(fleet, names)
    calls: Counter[str] = Counter()
    for name in names:
        calls.update({str(path): int(n) for path, n in fleet.stats(name)["calls"].items()})
    return calls, ids


def _collected(fleet: Fleet, names: Sequence[str]) -> Ids:
    """Distributed garbage goes in rounds: a collected proxy in one service frees an object in the next.

    What counting leaves is cyclic across services or held by one of them; the services find out by tracing their heaps.
    Where they cannot, every id counts as left, after the containers have dropped their beans.
    """
    ids = Ids({}, {})
    for attempt in range(_COLLECT_ROUNDS):
        for name in names:
            fleet.collect(name)
        ids = Ids({name: int(fleet.stats(name)["ids"]) for name in names}, dict.fromkeys(names, 0))
        if any(ids.left.values()) and attempt >= _ROUNDS_OF_COUNTING:
            traced = _traced(fleet, names)
            ids = traced or ids
            if traced is None:
                for name in names:
                    fleet.retire(name)
        if not any(ids.left.values()):
            break
        time.sleep(0.25)
    return ids


def _traced(fleet: Fleet, names: Sequence[str]) -> Ids | None:
    """Garbage and held ids after a search for cycles; None where it did not come to an end or left a service out."""
    found = fleet.collect_cycles(names[0])
    stats = {name: fleet.stats(name) for name in names}
    if not found.get("complete") or found.get("untraced") or not all("rooted" in each for each in stats.values()):
        return None
    left = {name: max(0, int(each["ids"]) - int(each["rooted"])) for name, each in stats.items()}
    return Ids(left, {name: int(each["ids"]) - left[name] for name, each in stats.items()})


def _deaths(fleet: Fleet) -> tuple[Divergence, ...]:
    expected = "runs until it is stopped"
    dead = fleet.dead()
    return tuple(Divergence(f"service {name}", expected, f"died with exit code {code}:\n{fleet.tail(name)}") for name, code in dead)

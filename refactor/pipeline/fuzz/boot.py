"""Generated applications of Spring Boot, all in one monolith, through the product's own commands: starting Boot is what costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refactor.isolate.legalise import analyse, legalise
from refactor.isolate.links import Link, must_link
from refactor.isolate.plan import Plan
from refactor.partition.partswriter import format_parts
from refactor.pipeline.fuzz.bootform import BOOT_CONSTRUCTS, Scenario, scenario
from refactor.pipeline.fuzz.choices import Seeded
from refactor.pipeline.fuzz.joined import tied
from refactor.pipeline.fuzz.partitions import partition
from refactor.pipeline.load import load_program
from refactor.pipeline.split import SplitRequest, run_split
from refactor.verify.verify import verify

Progress = Callable[[str], None]
_POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.3.5</version><relativePath/>
  </parent>
  <groupId>fuzz</groupId>
  <artifactId>boot</artifactId>
  <version>1</version>
  <properties><java.version>17</java.version></properties>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-cache</artifactId></dependency>
    <dependency>
      <groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-test</artifactId><scope>test</scope>
    </dependency>
  </dependencies>
</project>
"""
_APP = """package boot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

@SpringBootApplication
@EnableCaching
public class App {
    public static void main(String[] args) {
        SpringApplication.run(App.class, args);
    }
}
"""


@dataclass(slots=True)
class BootReport:
    """`differences`: what verify said, or why there was nothing to verify. `used`, `across`: applications by construct. `joined`
    (`construct: rule`): uses whose sides the rule keeps together. `refused`, `moved`: rules that forbade, or repaired, the partition
    that was drawn."""

    applications: int = 0
    parts: int = 0
    tests: int = 0
    calls: int = 0
    used: Counter[str] = field(default_factory=Counter)
    across: Counter[str] = field(default_factory=Counter)
    joined: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)


def write_monolith(scenarios: Sequence[Scenario], root: Path) -> None:
    """before: applications   after: a Maven project with one main class, all of them, and a test of each"""
    files = {"pom.xml": _POM, "src/main/java/boot/App.java": _APP}
    for each in scenarios:
        files |= {f"src/main/java/{name}": text for name, text in each.sources.items()}
        files |= {f"src/test/java/{name}": text for name, text in each.tests.items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_boot(count: int, seed: int, scratch: Path, progress: Progress, *, prove: bool = True) -> BootReport:
    """before: a seed   after: what `count` applications of that seed showed under a partition of each; `prove`: by running them"""
    scenarios = [scenario(Seeded(f"{seed}.{n} boot"), n) for n in range(count)]
    report = BootReport(applications=count)
    root, out, parts = scratch / "monolith", scratch / "services", scratch / "parts.toml"
    write_monolith(scenarios, root)
    program = load_program(str(root), progress=progress).program
    analyses = analyse(program)
    links = must_link(analyses)
    labels = {"boot.App": "a"}
    for n, each in enumerate(scenarios):
        near = [link.classes for link in links if set(link.classes) <= set(each.classes)]
        labels |= partition(Seeded(f"{seed}.{n} parts"), each.classes, near)
    plan = legalise(program, labels, analyses=analyses)
    for _ in range(20):
        if not plan.refusals:
            break
        for refusal in plan.refusals:
            report.refused[refusal.rule] += 1
            together = sorted({labels[name] for name in refusal.merge if name in labels})
            labels |= {name: together[0] for name in refusal.merge if name in labels}
        plan = legalise(program, labels, analyses=analyses)
    report.moved.update(m.rule for m in plan.moves)
    _count(report, scenarios, plan, links)
    if plan.refusals:
        report.differences += [f"refused: {r.rule}: {r.message}" for r in plan.refusals]
        return report
    # What a rule repaired is written as repaired: in parts.toml it would be pinned.
    parts.write_text(format_parts({name: plan.part_of(name) or part for name, part in labels.items()}, {}), encoding="utf-8")
    if prove:
        _prove(report, SplitRequest(str(root), out, parts_file=parts), progress)
    return report


def _prove(report: BootReport, request: SplitRequest, progress: Progress) -> None:
    result = run_split(request, progress)
    if not result.emitted:
        report.differences += [f"refused: {r.rule}: {r.message}" for r in result.plan.refusals]
        return
    verdict = verify(request.out, progress=progress)
    report.tests, report.calls = verdict.monolith.run, verdict.remote.calls
    report.differences += [f"{d.test}: {d.monolith} / {d.split}" for d in verdict.divergences]
    if not verdict.equal and not report.differences:
        report.differences.append("verify does not say equal")


def _count(report: BootReport, scenarios: Sequence[Scenario], plan: Plan, links: Sequence[Link]) -> None:
    owner: Mapping[str, str | None] = {c.name: c.part for c in plan.classes}
    report.parts = len({part for part in owner.values() if part is not None})
    groups = tied(links)
    for each in scenarios:
        cut = {use for use, a, b in each.uses if owner.get(a) and owner.get(b) and owner[a] != owner[b]}
        report.used.update({use for use, _, _ in each.uses})
        report.across.update(cut)
        kept = set()
        for use, a, b in each.uses:
            pair = {a.rpartition(".")[2], b.rpartition(".")[2]}
            if use not in cut:
                kept |= {f"{use}: {rule}" for rule, found in groups.items() if any(pair <= group for group in found)}
        report.joined.update(kept)


def boot_json(report: BootReport) -> dict[str, Any]:
    """The fields of `fuzz/1` for applications of Spring Boot."""
    return {
        "programs": report.applications,
        "parts": report.parts,
        "tests": report.tests,
        "calls": report.calls,
        "constructs": {name: {"programs": report.used[name], "across": report.across[name]} for name in BOOT_CONSTRUCTS},
        "joined": dict(sorted(report.joined.items())),
        "refused": dict(sorted(report.refused.items())),
        "moved": dict(sorted(report.moved.items())),
        "divergences": report.differences,
    }


def boot_text(report: BootReport) -> str:
    """The report as text: a line per construct, as `report.construct_table`."""
    lines = [
        f"{report.applications} applications in one monolith, {report.parts} parts, {report.tests} tests, {report.calls} remote calls",
        "",
        f"{'construct':<36} {'applications':>12} {'across a cut':>13}  kept together by rule",
    ]
    for name in BOOT_CONSTRUCTS:
        rules = sorted(f"{key.partition(': ')[2]} in {n}" for key, n in report.joined.items() if key.partition(": ")[0] == name)
        lines.append(f"{name:<36} {report.used[name]:>12} {report.across[name]:>13}  {', '.join(rules)}".rstrip())
    refused = ", ".join(f"{rule} {n}" for rule, n in sorted(report.refused.items())) or "none"
    moved = ", ".join(f"{rule} {n}" for rule, n in sorted(report.moved.items())) or "none"
    said = f"refused at first, by rule: {refused}; classes moved: {moved}"
    return "\n".join([*lines, "", said, f"divergences: {len(report.differences)}", *report.differences])

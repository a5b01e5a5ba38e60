"""What `refactor split` left in OUT, as the verifier needs it: modules, placements, programs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from refactor.isolate.plan import DRIVER, Plan
from refactor.isolate.planfile import load_plan
from refactor.support.diagnostics import Diagnostic, RefactorError, Severity

ORACLE = "monolith"


@dataclass(frozen=True, slots=True)
class Layout:
    """`parts` are the services; `groups` the modules whose tests run in a process of their own (a part, or the driver)."""

    out: Path
    plan: Plan
    parts: tuple[str, ...]
    groups: tuple[str, ...]

    def module(self, name: str) -> Path:
        return self.out / name


def read_layout(out: Path) -> Layout:
    """Read `out/plan.json`; raises RefactorError (exit 2) where `out` is not an output of `refactor split`."""
    path = out / "plan.json"
    if not path.is_file():
        message = f"{out} holds no plan.json, so it is not an output of `refactor split`"
        raise RefactorError([Diagnostic("verify/not-an-output", Severity.ERROR, message, help="run: refactor split PATH -o OUT")], 2)
    plan = load_plan(path.read_text(encoding="utf-8"), str(path))
    parts = tuple(p.name for p in plan.parts if p.name != DRIVER)
    placed = {place for test in plan.tests if test.is_test for place in test.placements}
    groups = tuple(name for name in (DRIVER, *parts) if name in placed)
    return Layout(out, plan, parts, groups)

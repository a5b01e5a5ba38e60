"""The closed list of rules that a legal plan keeps; one rule per file."""

from __future__ import annotations

from refactor.isolate.context import Context, Rule, Violation
from refactor.isolate.rules import same_file, superclass

RULES: tuple[Rule, ...] = (
    same_file.RULE,
    superclass.RULE,
)


def check_all(ctx: Context) -> tuple[Violation, ...]:
    """Every violation of every rule, in an order that depends on the program only."""
    return tuple(sorted({v for rule in RULES for v in rule.check(ctx)}, key=Violation.order))

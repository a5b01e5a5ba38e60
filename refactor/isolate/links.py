"""What has to stay together whatever the partition: the constraints that a partitioner gets before it proposes anything."""

from __future__ import annotations

from dataclasses import dataclass

from refactor.isolate.assemble import main_classes
from refactor.isolate.context import Analyses
from refactor.isolate.repair import evaluate
from refactor.support.source import Span


@dataclass(frozen=True, slots=True)
class Link:
    """These top-level classes (two or more) belong into one part, because of `reason` at `span`."""

    rule: str
    classes: tuple[str, ...]
    span: Span | None
    reason: str


def must_link(analyses: Analyses) -> tuple[Link, ...]:
    """before: the analyses of a program   after: every group that some rule keeps together

    Found by checking all rules on the finest partition, one class a part: what is violated there is violated wherever the
    group is divided. Groups with a class that would be replicated are left out, since another partition may not split them.
    """
    finest = {name: name for name in main_classes(analyses.facts)}
    ctx, _, violations = evaluate(analyses, finest, frozenset())
    return tuple(
        Link(v.rule, v.classes, v.span, v.message)
        for v in violations
        if len(v.classes) > 1 and all(ctx.owner(name) is not None for name in v.classes)
    )

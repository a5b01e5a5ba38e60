"""Makes a diverging program small: removes what can go while the divergence stays, many attempts per compilation."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from refactor.ir.program import Library
from refactor.pipeline.fuzz.cycles import may_cycle
from refactor.pipeline.fuzz.form import INT, Binary, Each, Expr, Hold, If, Lit, Lock, Program, Repeat, Stmt, Switch, Threads, Try, Type
from refactor.pipeline.fuzz.harness import Harness
from refactor.pipeline.fuzz.java_classes import java_sources, keeps_roots
from refactor.pipeline.fuzz.judge import Item, Verdict, judge

_FIXED = frozenset({"args", "exact", "params", "variables", "of"})  # as many as the other side expects
_BLOCKS = (If, Repeat, Each, Lock, Try, Switch, Hold, Threads)


@dataclass(frozen=True, slots=True)
class Shrunk:
    program: Program
    parts: Mapping[str, str]
    verdict: Verdict
    attempts: int


def shrink(
    program: Program,
    parts: Mapping[str, str],
    kind: str,
    harness: Harness,
    library: Library,
    scratch: Path,
    rounds: int = 60,
    width: int = 60,
    seconds: float = 600.0,
) -> Shrunk:
    """before: a program and class -> part (simple names) with a divergence of `kind`   after: no single reduction keeps it, or time is up

    Every round tries up to `width` reductions at once, the largest steps first, and takes the smallest program among those that
    still diverge. Reductions that do not compile are found by javac, all of a round in one run.
    """
    deadline = time.monotonic() + seconds
    best = Shrunk(program, parts, Verdict(kind), 0)
    tried: set[tuple[Program, tuple[tuple[str, str], ...]]] = set()
    for _ in range(rounds):
        if time.monotonic() > deadline:
            return best
        batch: list[tuple[Program, dict[str, str]]] = []
        for candidate in sorted(_reductions(best.program, best.parts), key=_size):
            key = (candidate[0], tuple(sorted(candidate[1].items())))
            if key not in tried and len(batch) < width:
                tried.add(key)
                batch.append(candidate)
        if not batch:
            return best
        items = [_item(f"fuzz.s{i}", p, given) for i, (p, given) in enumerate(batch)]
        verdicts = judge(items, harness, library, scratch, settle=False)
        kept = [(c, v) for c, v in zip(batch, verdicts, strict=True) if v.kind == kind]
        harness.close()
        attempts = best.attempts + len(batch)
        if kept:
            (smaller, given), verdict = min(kept, key=lambda found: _size(found[0]))
            best = Shrunk(smaller, given, verdict, attempts)
        else:
            best = replace(best, attempts=attempts)
    return best


def _item(package: str, program: Program, parts: Mapping[str, str]) -> Item:
    known = set(program.units())
    left = keeps_roots(program) or may_cycle(program, parts)
    return Item(package, java_sources(program, package), {f"{package}.{n}": p for n, p in parts.items() if n in known}, left)


def _size(candidate: tuple[Program, Mapping[str, str]]) -> int:
    program, parts = candidate
    return 10 * sum(1 for _ in _walk(program)) + len(set(parts.values()))


def _walk(node: Any) -> Iterator[Any]:
    stack = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, tuple):
            stack.extend(at)
        elif is_dataclass(at) and not isinstance(at, Type):
            yield at
            stack.extend(getattr(at, f.name) for f in fields(at))


def _reductions(program: Program, parts: Mapping[str, str]) -> Iterator[tuple[Program, dict[str, str]]]:
    """Every program that is smaller by one step, most of which compile; then every partition with fewer or simpler parts."""
    given = dict(parts)
    for smaller in _smaller(program):
        yield smaller, given
    names = sorted(set(given.values()))
    for gone in names:
        for kept in names:
            if gone != kept:
                yield program, {name: kept if part == gone else part for name, part in given.items()}


def _smaller(node: Any) -> Iterator[Any]:
    """The node with one thing less somewhere below it."""
    for f in fields(node):
        value = getattr(node, f.name)
        if isinstance(value, tuple):
            for changed in _shorter(value):
                if len(changed) == len(value) or f.name not in _FIXED:
                    yield replace(node, **{f.name: changed})
        elif is_dataclass(value) and not isinstance(value, Type):
            for changed in _smaller(value):
                yield replace(node, **{f.name: changed})
            if isinstance(value, Expr):
                for inner in _same_type(value):
                    yield replace(node, **{f.name: inner})


def _shorter(items: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """One item, or half of the items, less; or one item smaller; a block in place of the statement around it."""
    if items and all(is_dataclass(i) and not isinstance(i, Type) for i in items):
        half = len(items) // 2
        if half > 1:
            yield items[:half]
            yield items[half:]
        for i, item in enumerate(items):
            if _is_guard(item):
                continue  # without it the program might not end
            yield (*items[:i], *items[i + 1 :])
            for changed in _smaller(item):
                yield (*items[:i], changed, *items[i + 1 :])
            if isinstance(item, _BLOCKS):
                for body in _bodies(item):
                    yield (*items[:i], *body, *items[i + 1 :])
    else:
        for i, item in enumerate(items):
            if isinstance(item, tuple):
                for changed in _shorter(item):
                    yield (*items[:i], changed, *items[i + 1 :])


def _is_guard(item: Any) -> bool:
    return isinstance(item, If) and isinstance(item.condition, Binary) and (item.condition.op, item.condition.right) == ("<=", Lit(INT, 0))


def _bodies(statement: Stmt) -> Sequence[tuple[Stmt, ...]]:
    match statement:
        case If(then=then, orelse=orelse):
            return (then, orelse)
        case Repeat(body=body) | Each(body=body) | Lock(body=body) | Try(body=body) | Hold(body=body):
            return (body,)
        case Threads(bodies=bodies):
            return bodies
        case _:
            return ()


def _same_type(value: Expr) -> Iterator[Expr]:
    """Sub-expressions that could stand for the whole."""
    if isinstance(value, Binary) and (value.op, value.right) == ("-", Lit(INT, 1)):
        return  # the depth of a call: without the decrement the program might not end
    for f in fields(value):
        inner = getattr(value, f.name)
        if isinstance(inner, Expr) and inner.type == value.type:
            yield inner

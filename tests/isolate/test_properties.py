"""Random programs and assignments: the result keeps every rule, moves explain the difference, the order never matters."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.ir.program import Program
from refactor.ir.statements import ArrayStore, Binary, Statement, Synchronized
from refactor.ir.symbols import ClassKind, Flags, Origin
from refactor.ir.types import BOOLEAN, INT, ArrayType, ClassType
from refactor.isolate.legalise import LegaliseOptions, analyse, legalise
from refactor.isolate.links import must_link
from refactor.isolate.plan import DRIVER, Plan, Role
from refactor.isolate.planfile import dump_plan, load_plan
from refactor.isolate.repair import evaluate
from tests.isolate.builders import ONE, call, cls, field, literal, load, local, mark, method, new, program, span, store, this

INTS = ArrayType(INT)
KINDS = ["state", "state", "state", "stateless", "interface", "exception", "record", "enum", "static"]
OPERATIONS = ["call", "call", "new", "volatile", "field", "lock", "literal", "array", "same", "set", "print", "static"]


@st.composite
def programs(draw: st.DrawFn) -> tuple[Program, dict[str, str]]:
    size = draw(st.integers(2, 8))
    kinds = [draw(st.sampled_from(KINDS)) for _ in range(size)]
    made = []
    for at, kind in enumerate(kinds):
        body: list[Statement] = []
        for _ in range(draw(st.integers(0, 2))):
            body.append(_operation(draw(st.sampled_from(OPERATIONS)), draw(st.integers(0, size - 1)), at))
        parent = draw(st.none() | st.integers(0, size - 1))
        made.append(_class(at, kind, f"a.C{parent}" if parent is not None and parent < at and kinds[parent] == kind else None, tuple(body)))
    for at in range(draw(st.integers(0, 2))):
        body = [_operation(draw(st.sampled_from(OPERATIONS)), draw(st.integers(0, size - 1)), -1) for _ in range(draw(st.integers(1, 2)))]
        made.append(cls(f"a.T{at}", method("t", body=tuple(body), annotations=(mark("org.junit.Test"),)), origin=Origin.TEST))
    assignment = {f"a.C{at}": draw(st.sampled_from("pqr")) for at in range(size)}
    return program(*made), assignment


def _class(at: int, kind: str, parent: str | None, body: tuple[Statement, ...]):  # type: ignore[no-untyped-def]
    name = f"a.C{at}"
    go = method("go", body=body)
    given = local("p0", INTS)
    keep = method("keep", (INTS,), body=(store(f"{name}#kept:[I", given, this(name)), ArrayStore(span(), given, ONE, ONE)))
    match kind:
        case "interface":
            return cls(name, replace_abstract(go), kind=ClassKind.INTERFACE, implements=(parent,) if parent else ())
        case "exception":
            return cls(name, field("n"), go, extends=parent or "java.lang.RuntimeException")
        case "record":
            return cls(name, field("n", flags=Flags.PRIVATE | Flags.FINAL), go, kind=ClassKind.RECORD, extends="java.lang.Record")
        case "enum":
            return cls(name, field("n", flags=Flags.FINAL), go, kind=ClassKind.ENUM, extends="java.lang.Enum")
        case "stateless":
            return cls(name, go, extends=parent or "java.lang.Object", flags=Flags.PUBLIC | Flags.ABSTRACT)
        case "static":
            return cls(name, field("s", flags=Flags.STATIC), go, clinit=(store(f"{name}#s:I", ONE), *body))
        case _:
            fields = (field("n", flags=Flags.VOLATILE), field("m"), field("kept", INTS), field("s", flags=Flags.STATIC))
            return cls(name, *fields, go, keep, extends=parent or "java.lang.Object")


def replace_abstract(pair):  # type: ignore[no-untyped-def]
    return replace(pair[0], flags=Flags.PUBLIC | Flags.ABSTRACT), None


def _operation(kind: str, target: int, at: int) -> Statement:
    name = f"a.C{target}"
    one = local("one", name)
    match kind:
        case "call":
            return call(f"{name}#go()V", on=one)
        case "new":
            return new(name)
        case "volatile":
            return load(f"{name}#n:I", one)
        case "field":
            return store(f"{name}#m:I", ONE, one)
        case "static":
            return store(f"{name}#s:I", ONE)
        case "lock":
            return Synchronized(span(), one, ())
        case "literal":
            return call("java.lang.Class#getDeclaredFields()[Ljava/lang/reflect/Field;", on=literal(name))
        case "array":
            return call(f"{name}#keep([I)V", local("mine", INTS), on=one)
        case "same":
            return Binary(span(), local("b", BOOLEAN), "==", one, local("other", ClassType(name)))
        case "set":
            return call("java.lang.System#setProperty(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;")
        case _:
            return call("java.lang.System#getProperty(Ljava/lang/String;)Ljava/lang/String;")


@settings(max_examples=100, deadline=None)
@given(programs(), st.randoms(use_true_random=False), st.sampled_from([Fraction(1), Fraction(1, 3)]), st.data())
def test_legalise(made: tuple[Program, dict[str, str]], rng: random.Random, share: Fraction, data: st.DataObject) -> None:
    app, assignment = made
    pins = frozenset(data.draw(st.lists(st.sampled_from(sorted(assignment)), max_size=2)))
    options = LegaliseOptions(pins=pins, max_moved=share)
    analyses = analyse(app)
    plan = legalise(app, assignment, options, analyses)
    assert load_plan(dump_plan(plan)) == plan
    assert legalise(_shuffled(app, rng), _shuffle(assignment, rng), options) == plan
    assert {c.name for c in plan.classes} == set(assignment)
    if plan.refusals:
        assert all(r.merge and set(r.merge) <= set(assignment) and r.message and r.rule for r in plan.refusals)
        return
    final = dict(assignment)
    for move in plan.moves:
        assert move.name not in pins
        assert (final[move.name], move.source) == (move.source, assignment[move.name])
        assert move.source != move.target
        final[move.name] = move.target
    for found in plan.classes:
        assert found.part == (final[found.name] if found.role is Role.OWNED else None)
    # Nothing is violated in the result, and legalising the result changes nothing.
    kept = frozenset(c.name for c in plan.classes if c.reason.startswith("kept"))
    assert evaluate(analyses, final, kept)[2] == ()
    again = legalise(app, final, replace(options, max_moved=Fraction(0)), analyses)
    assert not again.moves
    assert not again.refusals
    assert again.classes == plan.classes
    _complete(app, plan)


def _complete(app: Program, plan: Plan) -> None:
    """Every class that a part's sources mention is there in one form; every owned class is in exactly one part."""
    roles = {c.name: c for c in plan.classes}
    assert sorted(n for p in plan.parts for n in p.owned) == sorted(c.name for c in plan.classes if c.role is Role.OWNED)
    for part in plan.parts:
        forms = [*part.owned, *part.replicas, *part.proxies]
        assert len(forms) == len(set(forms))
        assert all(roles[n].part == part.name for n in part.owned)
        assert all(roles[n].role is Role.REPLICATED for n in part.replicas)
        assert all(roles[n].role is Role.OWNED and roles[n].part != part.name for n in part.proxies)
    assert plan.parts[-1].name == DRIVER
    assert all(set(t.placements) <= {p.name for p in plan.parts} for t in plan.tests)


@settings(max_examples=60, deadline=None)
@given(programs())
def test_an_assignment_that_respects_all_links_of_a_program_with_state_only_needs_few_moves(made: tuple[Program, dict[str, str]]) -> None:
    app, assignment = made
    analyses = analyse(app)
    for link in must_link(analyses):
        assert len(link.classes) > 1
        one_part = dict.fromkeys(assignment, "p")
        assert legalise(app, one_part, LegaliseOptions(), analyses).moves == ()
        together = {name: "p" if name in link.classes else "q" for name in assignment}
        plan = legalise(app, together, LegaliseOptions(max_moved=Fraction(1)), analyses)
        assert all(m.rule for m in plan.moves)


def _shuffle(items: dict[str, str], rng: random.Random) -> dict[str, str]:
    pairs = list(items.items())
    rng.shuffle(pairs)
    return dict(pairs)


def _shuffled(app: Program, rng: random.Random) -> Program:
    classes, bodies, files = list(app.classes.items()), list(app.bodies.items()), list(app.files.items())
    for pairs in (classes, bodies, files):
        rng.shuffle(pairs)  # type: ignore[arg-type]
    return replace(app, classes=dict(classes), bodies=dict(bodies), files=dict(files))

"""The plan file: exact round trips, lines that diff, errors with a line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.isolate.plan import (
    ClassPlan,
    EndpointKind,
    EndpointPlan,
    Move,
    PartEdit,
    PartPlan,
    Passing,
    Plan,
    ProgramPlan,
    Refusal,
    Role,
    TestPlan,
)
from refactor.isolate.planfile import dump_plan, load_plan
from refactor.support.diagnostics import Diagnostic, Note, RefactorError, Severity
from refactor.support.source import Edit, Span

texts = st.text(max_size=12)
names = st.lists(texts, max_size=3).map(tuple)
numbers = st.integers(0, 10**6)
spans = st.builds(Span, texts, numbers, numbers, numbers, numbers)
maybe = st.none() | spans
pairs = st.dictionaries(texts, texts, max_size=3).map(lambda d: tuple(d.items()))


def some(*strategies: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.one_of(*strategies), max_size=3).map(tuple)


plans = st.builds(
    Plan,
    texts,
    texts,
    some(st.builds(PartPlan, texts, numbers, names, names, names, names)),
    some(
        st.builds(
            ClassPlan,
            texts,
            st.sampled_from(Role),
            st.none() | texts,
            st.dictionaries(texts, st.sampled_from(Passing), max_size=3).map(lambda d: tuple(d.items())),
            texts,
        )
    ),
    some(st.builds(TestPlan, texts, names, st.booleans(), texts)),
    some(st.builds(EndpointPlan, texts, texts, texts, st.sampled_from(EndpointKind), texts, names, texts, st.booleans(), names)),
    some(st.builds(PartEdit, texts, st.builds(Edit, texts, numbers, numbers, texts, texts))),
    some(st.builds(Move, texts, texts, texts, texts, texts)),
    some(st.builds(Refusal, texts, maybe, texts, names, texts)),
    some(st.builds(Diagnostic, texts, st.sampled_from(Severity), texts, maybe, some(st.builds(Note, texts, maybe)), texts)),
    some(st.builds(ProgramPlan, texts, texts, texts, names, texts)),
    pairs,
    pairs,
    st.dictionaries(texts, st.none() | texts, max_size=3).map(lambda d: tuple(d.items())),
)


@settings(max_examples=60, deadline=None)
@given(plans)
def test_a_plan_survives_its_text_unchanged(plan: Plan) -> None:
    text = dump_plan(plan)
    assert load_plan(text) == plan
    assert dump_plan(load_plan(text)) == text
    json.loads(text)


def small() -> Plan:
    return Plan(
        "shop",
        "java",
        (PartPlan("orders", 8081, ("shop.Order",), (), ("shop.Customer",)),),
        (
            ClassPlan("shop.Customer", Role.OWNED, "customers", (("shop.Customer", Passing.REFERENCE),), "it has state"),
            ClassPlan("shop.Order", Role.OWNED, "orders", (("shop.Order", Passing.REFERENCE),), "it has state"),
        ),
    )


def test_one_class_is_one_line() -> None:
    lines = dump_plan(small()).splitlines()
    assert sum("shop.Customer" in line for line in lines) == 2
    (line,) = [line for line in lines if "it has state" in line and "Order" in line]
    assert json.loads(line) == {
        "name": "shop.Order",
        "role": "owned",
        "part": "orders",
        "passing": {"shop.Order": "reference"},
        "reason": "it has state",
    }


@pytest.mark.parametrize(
    ("wrong", "right", "line_holds", "says"),
    [
        ('"role": "owned", "part": "orders"', '"role": "own", "part": "orders"', "shop.Order", "'own' is not one of owned, replicated"),
        ('"port": 8081', '"port": "8081"', '"port"', "not a whole number"),
        ('"shop.Order": "reference"', '"shop.Order": "ref"', "shop.Order", "'ref' is not one of"),
        ('"schema": "plan/1"', '"schema": "plan/2"', "schema", 'not "plan/1"'),
        ('"moves": []', '"moves": [3]', "moves", "not an object"),
        ('"moves": []', '"motions": []', "motions", "unknown field 'motions'"),
        ('"edits": []', '"edits": [', "edits", "Expecting"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(wrong: str, right: str, line_holds: str, says: str) -> None:
    good = dump_plan(small())
    assert wrong in good
    bad = good.replace(wrong, right)
    with pytest.raises(RefactorError) as caught:
        load_plan(bad, "my/plan.json")
    (found,) = caught.value.diagnostics
    assert caught.value.exit_code == 4
    assert says in found.message
    assert found.span is not None
    assert found.span.file == "my/plan.json"
    assert line_holds in bad.splitlines()[found.span.line - 1]

"""Classes of arrays, from Java text."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.flow.arrayfacts import ArrayFacts
from refactor.flow.arrays import array_facts
from refactor.flow.facts import index
from refactor.ir.program import Program
from refactor.isolate.knowledge import knowledge


@pytest.fixture
def arrays(java: Callable[[str], Program]) -> Callable[[str], ArrayFacts]:
    return lambda text: array_facts(index(java(text)), knowledge().arrays)


def test_arrays_flow_through_calls_fields_results_and_casts(arrays: Callable[[str], ArrayFacts]) -> None:
    found = arrays(
        "class A { int[] kept; void keep(int[] x) { Object o = x; kept = (int[]) o; } int[] back() { return kept; } }\n"
        "class B { void go(A a) { int[] mine = new int[3]; a.keep(mine); int[] same = a.back(); same[0] = 1; } int[] other = new int[1]; }"
    )
    one = found.of_field("a.A#kept:[I")
    assert one is not None
    assert one is found.of_parameter("a.A#keep([I)V", 0) is found.of_result("a.A#back()[I")
    assert [t.top for t in one.written] == ["a.B"]
    assert "a.A" in {t.top for t in one.kept}
    assert found.of_field("a.B#other:[I") is not one
    assert {(c.kind, c.user, c.callees) for c in found.crossings} == {("argument", "a.B", ("a.A",)), ("result", "a.B", ("a.A",))}


def test_filling_a_new_array_is_no_write_until_somebody_saw_it(arrays: Callable[[str], ArrayFacts]) -> None:
    found = arrays(
        "class A { int[] early; int[] late; int[] looped;\n"
        " A() { int[] x = new int[2]; x[0] = 1; for (int i = 0; i < 2; i++) x[i] = i; early = x;\n"
        "  int[] y = new int[2]; late = y; y[0] = 1;\n"
        "  int[] z = new int[2]; for (int i = 0; i < 2; i++) { z[i] = i; looped = z; } } }"
    )
    assert not _field(found, "early").written
    assert _field(found, "late").written
    assert _field(found, "looped").written


def _field(found: ArrayFacts, name: str) -> object:
    return found.of_field(f"a.A#{name}:[I")


@pytest.mark.parametrize(
    ("body", "written", "kept"),
    [
        ("Arrays.sort(x);", True, False),
        ("System.arraycopy(new int[1], 0, x, 0, 1);", True, False),
        ("System.arraycopy(x, 0, new int[1], 0, 1);", False, False),
        ("Arrays.copyOf(x, 2)[0] = 1;", False, False),
        ("x.clone()[0] = 1;", False, False),
        ("Objects.requireNonNull(x)[0] = 1;", True, False),
        ("int n = x.length + x[0];", False, False),
        ("new ArrayList<int[]>().add(x);", True, True),  # an unknown library method: it may do both
        ("Runnable r = () -> x[0]++;", True, True),
        ("Consumer<int[]> c = y -> y[0]++; c.accept(x);", True, True),
        ("int[][] all = {x};", False, True),
        ("int[][] all = {x}; all[0][0] = 1;", True, True),
        ("new A() { void over(int[] y) { y[0] = 1; } }.over(x);", True, False),
        ("over(x);", False, False),
    ],
)
def test_who_writes_and_who_keeps(arrays: Callable[[str], ArrayFacts], body: str, written: bool, kept: bool) -> None:
    found = arrays(f"class A {{ void over(int[] y) {{ }} void f(int[] x) {{ {body} }} }}")
    one = found.of_parameter("a.A#f([I)V", 0)
    assert one is not None
    assert (bool(one.written), bool(one.kept)) == (written, kept)


def test_overrides_and_lambdas_of_own_interfaces_share_parameters(arrays: Callable[[str], ArrayFacts]) -> None:
    found = arrays(
        "interface I { void f(int[] x); }\nclass A implements I { public void f(int[] x) { x[0] = 1; } }\n"
        "class B { void go(I i, int[] mine) { i.f(mine); I j = y -> { y[1] = 2; }; } }"
    )
    one = found.of_parameter("a.B#go(La/I;[I)V", 1)
    assert one is not None
    assert {t.top for t in one.written} == {"a.A", "a.B"}


def test_a_private_table_that_its_initialiser_fills_is_a_constant(arrays: Callable[[str], ArrayFacts]) -> None:
    found = arrays(
        "class A { private static final int[] T = new int[9]; static { for (int i = 0; i < 9; i++) T[i] = i; } int f(int i) { return T[i]; }\n"
        " private static final int[] U = {1}; int[] u() { return U; }\n"
        " private static final int[] W = {1}; void w() { W[0] = 2; } }\n"
        "class B { int f(A a) { return a.u()[0]; } }"
    )
    constant = {n: found.is_constant(f"a.A#{n}:[I", "a.A", "a.A#<clinit>()V") for n in "TUW"}
    assert constant == {"T": True, "U": False, "W": False}


def test_an_empty_constant_joins_nothing(arrays: Callable[[str], ArrayFacts]) -> None:
    """Nobody can write into an array without elements, so who uses it shares nothing."""
    found = arrays(
        "class A { static final int[] NONE = {}; static final int[] ALSO = new int[0]; static final int[] ONE = new int[1];"
        " static int[] open = {}; int[] kept = NONE; }"
        " class B { int[] mine = A.NONE; void go() { mine[0] = 1; } }"
    )
    assert {key.partition(":")[0].rpartition("#")[2] for key in found.empty} == {"NONE", "ALSO"}
    assert found.of_field("a.A#NONE:[I") is None
    assert not [c for c in found.crossings if c.kind == "field"]

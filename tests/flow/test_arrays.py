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


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("int[] x = new int[9]; for (int i = 0; i < x.length; i++) x[i] = i; kept = x;", False),
        ("int[] x = new int[9]; int i = 0; while (i < x.length) { x[i] = i; if (i++ > 7) return x; } kept = x;", False),
        ("int[] x = {1, 2}; do { x[0]++; } while (x[0] < 9 && x != null); kept = x; return x;", False),
        ("int[] x = new int[9]; Arrays.fill(x, 1); System.arraycopy(kept, 0, x, 0, 1); x[8] = 7; kept = x;", False),
        ("int[] x = Arrays.copyOf(kept, 3); x[0] = 1; kept = x; return x;", False),
        ("int[] x = kept.clone(); for (int i = 0; i < x.length; i++) x[i]++; kept = x;", False),
        ("int[] x = new int[9]; for (int i = 0; i < x.length; i++) { x[i] = i; kept = x; }", True),
        ("int[] x = new int[9]; for (int i = 0; i < x.length; i++) { x[i] = i; give(x); } kept = x;", True),
        ("int[] x = new int[9]; kept = x; Arrays.fill(x, 1);", True),
        ("int[] x = new int[9]; kept = x; try { x[0] = 1; } finally { x[1] = 2; }", True),
        ("int[] x = new int[9]; Supplier<int[]> s = () -> x; kept = s.get(); x[0] = 1;", True),
        ("int[] x = new int[9]; Runnable r = new Runnable() { public void run() { kept = x; } }; r.run(); x[0] = 1;", True),
        ("int[] x = new int[9]; class L { void run() { kept = x; } } new L().run(); x[0] = 1;", True),
        ("int[] x = new int[9]; Runnable r = () -> { class L { void run() { kept = x; } } new L().run(); }; r.run(); x[0] = 1;", True),
        ("int[] x = Objects.requireNonNull(kept); x[0] = 1;", True),
        ("int[] x = new int[9]; if (kept != null) x = kept; x[0] = 1;", True),
        ("int[] x = new int[1], y = x; kept = y; x[0] = 1;", True),
    ],
)
def test_what_is_written_before_anybody_saw_the_array_is_no_write(arrays: Callable[[str], ArrayFacts], body: str, written: bool) -> None:
    found = arrays(f"class A {{ int[] kept; void give(int[] y) {{ kept = y; }} Object f() {{ {body} {'' if body.endswith('return x;') else 'return 1;'} }} }}")
    one = found.of_field("a.A#kept:[I")
    assert one is not None
    assert bool(one.written) is written


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("int[][] t = new int[3][3]; for (int i = 0; i < t.length; i++) for (int j = 0; j < t[i].length; j++) t[i][j] = i; kept = t;", False),
        ("int[][] t = new int[3][]; for (int i = 0; i < 3; i++) { t[i] = new int[3]; t[i][0] = 1; } kept = t;", False),
        ("int[][] t = new int[3][3]; kept = t; t[0][0] = 1;", True),
        ("int[][] t = {row}; t[0][0] = 1; kept = t;", True),
        ("int[][] t = new int[3][3]; t[0] = row; t[0][0] = 1; kept = t;", True),
        ("int[][] t = new int[3][3]; row = t[0]; t[0][0] = 1; kept = t;", True),
        ("int[][] t = kept.clone(); t[0][0] = 1;", True),
    ],
)
def test_rows_of_a_new_table_are_new_as_well(arrays: Callable[[str], ArrayFacts], body: str, written: bool) -> None:
    found = arrays(f"class A {{ int[][] kept; int[] row; void f() {{ {body} int[] out = kept[0]; row = out; }} }}")
    one = found.of_field("a.A#row:[I")
    assert one is not None
    assert bool(one.written) is written


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
        ("new Bag().take(x);", True, True),  # an unknown library method: it may do both
        ("new Bag().all(1, x);", True, True),
        # Collections keep what they are given, and change nothing inside it: as class, interface, element, through a stream.
        ("new ArrayList<int[]>().add(x);", False, True),
        ("Collection<Object> c = new ArrayDeque<>(); c.add(x);", False, True),
        ("Map<String, Object> m = new TreeMap<>(); m.put(\"x\", x); m.computeIfAbsent(\"y\", k -> x);", False, True),
        ("List<int[]> l = Arrays.asList(x, x); int n = l.get(0)[0];", False, True),
        ("List<int[]> l = Arrays.asList(x, x); l.get(0)[0] = 1;", True, True),
        ("List<int[]> l = List.of(x); l.get(0)[0] = 1;", True, True),
        ("Stream.of(x, x).forEach(y -> y[0] = 1);", True, True),
        ("Collections.addAll(new ArrayList<Object>(), 1, x);", False, True),
        ("for (int[] y : List.of(x)) y[0]++;", True, True),
        ("Optional.of(x).get()[0] = 1;", True, True),
        # Who only looks for it does not even keep it, but a comparator of the program may.
        ("new HashSet<Object>().contains(x);", False, False),
        ("Set<Object> s = new HashSet<>(); Object o = x; s.contains(o); s.remove(o);", False, False),
        ("Map<Object, Object> m = new HashMap<>(); m.get(x); m.containsKey(x); new ArrayList<Object>().indexOf(x);", False, False),
        ("new TreeSet<int[]>((a, b) -> a[0]++).contains(x);", True, False),
        ("class Odd extends HashSet<Object> { public boolean contains(Object o) { ((int[]) o)[0] = 1; return true; } } new Odd().contains(x);",
         True, False),
        ("class Odd extends AbstractList<int[]> { public boolean add(int[] o) { o[0] = 1; return true; } public int size() { return 0; }"
         " public int[] get(int i) { return null; } } Collection<int[]> c = new Odd(); c.add(x);", True, True),
        ("Supplier<int[]> s = () -> x; s.get()[0] = 1;", True, True),
        # References to library methods that write.
        ("Consumer<int[]> c = Arrays::sort; c.accept(x);", True, True),
        ("List.of(x).forEach(Arrays::sort);", True, True),
        ("Sorts s = Arrays::sort; s.sort(x);", True, False),
        ("MoreSorts s = Arrays::sort; s.sort(x);", True, False),
        ("BiFunction<int[], Integer, int[]> f = Arrays::copyOf; int n = f.apply(x, 2).length;", False, True),
        ("java.lang.reflect.Array.setInt(x, 0, 1);", True, False),
        ("int n = java.lang.reflect.Array.getLength(x);", False, True),
        ("Runnable r = () -> x[0]++;", True, True),
        ("Consumer<int[]> c = y -> y[0]++; c.accept(x);", True, True),
        ("int[][] all = {x};", False, True),
        ("int[][] all = {x}; all[0][0] = 1;", True, True),
        ("new A() { void over(int[] y) { y[0] = 1; } }.over(x);", True, False),
        ("over(x);", False, False),
    ],
)
def test_who_writes_and_who_keeps(arrays: Callable[[str], ArrayFacts], body: str, written: bool, kept: bool) -> None:
    found = arrays(
        f"interface Sorts {{ void sort(int[] x); }}\ninterface MoreSorts extends Sorts {{ }}\n"
        f"class A {{ void over(int[] y) {{ }} void f(int[] x) {{ {body} }} }}"
    )
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

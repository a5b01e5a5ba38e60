"""Which bodies a call may run, and that every rule asks the one place that knows."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from refactor.flow.facts import Facts, index
from refactor.ir.program import Program
from refactor.ir.statements import Invoke, Lambda
from refactor.isolate.plan import Plan

Java = Callable[[str], Program]
Legal = Callable[..., Plan]
STAY = "class StayP { int s; void f() { s++; } }\nclass StayQ { int s; void f() { s++; } }\n"


def runs(java: Java, text: str, called: str) -> set[str]:
    """The bodies that the call of a method named `called` in a.Z may run, without their descriptors."""
    facts = index(java(text))
    return {k.partition("(")[0].removeprefix("a.") for c in _calls(facts, called) for k in facts.dispatch.runs(c)}


def _calls(facts: Facts, called: str) -> list[Invoke]:
    sites = (cast(Invoke, s.statement) for s in facts.sites(Invoke) if s.top == "a.Z")
    return [c for c in sites if c.method and f"#{called}(" in c.method]


BASE = "interface H<T> { void take(T t); }\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("class K implements H<int[]> { public void take(int[] t) { } }", {"K#take"}),
        ("abstract class L<X> implements H<List<X>> { }\nclass K extends L<String> { public void take(List<String> t) { } }", {"K#take"}),
        ("interface I<A, B> extends H<B> { }\nclass K implements I<Long, int[]> { public void take(int[] t) { } public void take(Long t) { } }", {"K#take"}),
        ("class M { public void take(int[] t) { } }\nclass K extends M implements H<int[]> { }", {"M#take"}),
        ("class M<X> { public void take(X t) { } }\nclass K extends M<int[]> implements H<int[]> { }", {"M#take"}),
        ("interface D extends H<int[]> { default void take(int[] t) { } }\nclass K implements D { }", {"D#take"}),
        ("class K { H<int[]> made() { return new H<int[]>() { public void take(int[] t) { } }; } }", {"K$1#take"}),
        ("class K { H<int[]> made() { return t -> t[0]++; } }", {"K#lambda$0"}),
        ("class K { int[] held; void store(int[] t) { } H<int[]> made() { return this::store; } }", {"K#reference$0"}),
        ("interface J extends H<int[]> { }\nclass K { J made() { return t -> t[0]++; } }", {"K#lambda$0"}),
        ("enum K implements H<int[]> { ONE { public void take(int[] t) { } } }", {"K$1#take"}),
        ("class K<Q extends Number> implements H<Q> { public void take(Q t) { } }", {"K#take"}),
        ("class K { public void take(int[] t) { } }", set()),
    ],
)  # fmt: skip
def test_a_call_through_a_generic_interface_runs_what_overrides_it(java: Java, text: str, found: set[str]) -> None:
    assert runs(java, f"{BASE}{text}\nclass Z {{ void go(H<int[]> h) {{ h.take(null); }} }}", "take") == found


def test_methods_of_libraries_are_overridden_through_their_subclasses(java: Java) -> None:
    text = "class K extends AbstractList<int[]> { public int[] get(int i) { return null; } public int size() { return 0; } }\n"
    assert runs(java, text + "class Z { void go(List<int[]> l) { l.get(0); } }", "get") == {"K#get"}
    assert runs(java, "class K { Comparator<String> c = (x, y) -> 0; }\nclass Z { int go(Comparator<String> c) { return c.compare(\"\", \"\"); } }", "compare") == {"K#lambda$0"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("interface A { void f(); boolean equals(Object o); }", "A#f"),
        ("interface B { void f(); }\ninterface A extends B { }", "B#f"),
        ("interface B { void f(); }\ninterface A extends B { void f(); }", "A#f"),
        ("interface C { void g(); }\ninterface B extends C { default void g() { } }\ninterface A extends B { default void h() { } void f(); }", "A#f"),
        ("interface C { void g(); }\ninterface B extends C { default void g() { } void f(); }\ninterface A extends B { }", "B#f"),
    ],
)  # fmt: skip
def test_the_function_of_an_interface(java: Java, text: str, name: str) -> None:
    found = index(java(text)).dispatch.functional("a.A")
    assert found is not None
    assert found.key.startswith(f"a.{name}(")


def test_a_method_reference_is_a_lambda_with_one_call(java: Java) -> None:
    facts = index(
        java(
            "class Z { int s; Z(String t) { } static void all(Object... o) { } void own(int[] t) { } class In { }\n"
            " void go(Z z) { Consumer<int[]> a = z::own; Consumer<int[]> b = this::own; BiConsumer<Z, int[]> c = Z::own; Function<String, Z> d = Z::new;\n"
            "  IntFunction<int[]> e = int[]::new; BiConsumer<String, String> f = Z::all; Supplier<In> g = In::new; Function<String, Integer> h = String::length; } }"
        )
    )
    found = [cast(Lambda, s.statement) for s in facts.sites(Lambda)]
    assert [k.body for k in found] == [f"a.Z#reference${n}" for n in range(8)]
    assert [[c.name for c in k.captures] for k in found] == [["z"], ["this"], [], [], [], [], ["this"], []]
    bodies = [facts.program.bodies[k.body].statements for k in found]
    assert [[type(s).__name__ for s in body] for body in bodies] == [
        ["Invoke"], ["Invoke"], ["Invoke"], ["New", "Return"], ["NewArray", "Return"], ["NewArray", "Invoke"], ["New", "Return"], ["Invoke", "Return"],
    ]  # fmt: skip
    assert [c.method for c in _calls(facts, "own")] == ["a.Z#own([I)V"] * 3


SINK = "class A { int[] held; public void store(int[] t) { held = t; } int first() { return held[0]; } }\n"
USER = "class C {{ int s; void go({type} h) {{ s++; int[] x = new int[2]; h.take(x); x[0] = 7; }} }}\n"


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("H<int[]>", "class B { int s; void f(A k, C u) { s++; u.go(a -> k.store(a)); } }"),
        ("H<int[]>", "class B { int s; void f(A k, C u) { s++; u.go(k::store); } }"),
        ("J", "interface J extends H<int[]> { }\nclass B { int s; void f(A k, C u) { s++; u.go(a -> k.store(a)); } }"),
        ("J", "interface J extends H<int[]> { }\nclass B { int s; void f(A k, C u) { s++; u.go(k::store); } }"),
    ],
)  # fmt: skip
def test_an_array_that_is_kept_behind_a_function_stays_in_one_part(legal: Legal, type_: str, text: str) -> None:
    plan = legal(f"{BASE}{SINK}{USER.format(type=type_)}{text}\n{STAY}", p="A StayP", q="B C StayQ")
    assert {m.rule for m in plan.moves} == {"shared-array"}


CIRCLE = (
    "class H { static int n; static int count() { return n; } static int one(int k) { if (k > 0) two(k - 1); n++; return k; }\n"
    " static int two(int k) { if (k > 0) one(k - 1); return k; } }\n"
    "class B { static final int V = H.two(2); static int twice(int x) { return x * 2 + V; } }\n"
    "class P { int m; int f() { m++; return B.twice(m); } }\nclass Q { int m; int f() { m++; return B.twice(m) + H.count(); } }\n"
)


@pytest.mark.parametrize("more", ["", "class A { static final int V = H.one(2); static int thrice(int x) { return x * 3 + V; } }\n"])
def test_whether_code_in_a_circle_is_repeatable_does_not_depend_on_who_is_asked_first(legal: Legal, more: str) -> None:
    plan = legal(CIRCLE + more + STAY, p="P StayP", q="Q StayQ")
    assert "a.H#n" in next(c.reason for c in plan.classes if c.name == "a.B")


@pytest.mark.parametrize(
    "made",
    [
        "run(() -> H.n++)",
        "run(H::up)",
        "run(new Run() { public int go() { return H.n++; } })",
        "java.util.stream.Stream.of(1).map(x -> H.n++).findFirst().get()",
        "java.util.Optional.of(\"\").map(H::len).get()",
        "list(H.ALL)",
    ],
)  # fmt: skip
def test_an_initialiser_that_is_felt_elsewhere_runs_once_however_it_is_spelled(legal: Legal, made: str) -> None:
    text = (
        "interface Run { int go(); }\n"
        "class H { static int n; static final List<String> ALL = new ArrayList<>(); static int up() { return n++; } static int len(String s) { return n++; } }\n"
        f"class B {{ static final int V = {made}; static int run(Run r) {{ return r.go(); }} static int list(List<String> l) {{ H.ALL.add(\"\"); return 1; }}\n"
        " static int twice(int x) { return x * 2 + V; } }\nclass P { int m; int f() { m++; return B.twice(m); } }\nclass Q { int m; int f() { m++; return B.twice(m); } }\n"
    )
    plan = legal(text + STAY, p="P StayP", q="Q StayQ")
    assert "static initialiser cannot run once per process" in next(c.reason for c in plan.classes if c.name == "a.B")


@pytest.mark.parametrize(
    "text",
    [
        "class A { int s; final Object o = new Object(); Object lock() { s++; return o; } }\nclass B { int s; void go(A a) { synchronized (a.lock()) { s++; } } }",
        "interface I { Object lock(); }\nclass A implements I { int s; final Object o = new Object(); public Object lock() { s++; return o; } }\n"
        "class B { int s; void go(I a) { synchronized (a.lock()) { s++; } } }",
        "interface I<T> { T lock(String n); }\nclass A implements I<Object> { int s; final Object o = new Object(); public Object lock(String n) { s++; return o; } }\n"
        "class B { int s; void go(I<Object> a) { Object l = a.lock(\"\"); Runnable r = () -> { synchronized (l) { s++; } }; r.run(); } }",
        "class A { int s; final Object o = new Object(); Object lock() { s++; return o; } }\nclass B { int s; void go(A a) { Supplier<Object> f = a::lock; with(a.lock()); }\n"
        " void with(Object l) { synchronized (l) { s++; } } }",
        "interface I<T> { void take(T t); }\nclass A { int s; final Object o = new Object(); void go(I<Object> i) { s++; i.take(o); } }\n"
        "class B implements I<Object> { int s; public void take(Object l) { synchronized (l) { s++; } } }",
    ],
)  # fmt: skip
def test_a_lock_that_another_class_gives_is_found_through_interfaces_and_captures(legal: Legal, text: str) -> None:
    plan = legal(f"{text}\n{STAY}", p="A StayP", q="B StayQ")
    assert {m.rule for m in plan.moves} == {"remote-monitor"}

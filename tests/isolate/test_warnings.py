"""Warnings, from Java text: what they say and where."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.isolate.plan import Plan

A = "class A { int s; B b; int f() { return s++; } }"
CASES = [
    ("isolate/remote-call-in-loop", "class B { int s; void go(A a) { for (int i = 0; i < 3; i++) { a.f(); a.f(); } } }", "a.B makes 2 remote calls to a.A inside loops"),
    ("isolate/broad-catch", "class B { int s; void go(A a) { try { a.f(); } catch (Exception e) { } } }", "a.B makes 1 remote call to a.A inside a catch"),
    ("isolate/reference-cycle", "class B { int s; List<A> all; }", "objects of a.A, a.B can hold each other across p, q"),
    ("isolate/identity-of-value", "class B { int s; boolean go(String x, String y) { return x == y; } }", "== compares two objects of String by identity"),
    ("isolate/identity-of-value", "class B { int s; boolean go(Integer x, Integer y) { return x != y; } }", "!= compares two objects of Integer by identity"),
    ("isolate/identity-of-value", "class B { int s; boolean go(String x) { return x == \"a\"; } }", "== compares two objects of String by identity"),
    ("isolate/identity-of-any", "class B { int s; boolean go(Object x, Object y) { return x == y; } }", "== compares two objects of any class"),
    ("isolate/identity-hash", "class B { int s; int go(Object x) { return System.identityHashCode(x); } }", "identity hash codes differ"),
    ("isolate/identity-hash", "class B { int s; Object go() { return new IdentityHashMap<String, String>(); } }", "tells copies of one value apart"),
    ("isolate/class-of-proxy", "class B { int s; Class<?> go(List<A> l) { return l.getClass(); } }", "getClass() of a List that another part owns"),
    ("isolate/class-of-proxy", "class B { int s; Class<?> go(Object o) { return o.getClass(); } }", "getClass() of an Object that another part owns"),
    ("isolate/class-of-proxy", "class B { int s; <T> String go(T t) { return t.getClass().getName(); } }", "getClass() of an Object that another part owns"),
    (
        "isolate/exception-class",
        "class B { int s; void go(A a) { throw new Error() { @Override public String getMessage() { return \"\" + s; } }; } }",
        "what it says is what it said when it left its own (getMessage)",
    ),
    ("isolate/shutdown-hook", "class B { int s; void go(A a) { Runtime.getRuntime().addShutdownHook(null); } }", "a hook runs when the process of its part ends"),
    ("isolate/platform-property", "class B { int s; void go(A a) { System.setProperty(\"sun.x\", \"\"); } }", "sets the system property sun.x for its own process"),
    ("isolate/platform-property", "class B { int s; void go(A a, String k) { System.setProperty(k, \"\"); } }", "whose names are not known here"),
    ("isolate/interrupt", "class B { int s; void go(A a) { a.f(); Thread.currentThread().interrupt(); } }", "an interrupt reaches the thread of this process only"),
]


@pytest.mark.parametrize(("id_", "text", "says"), CASES, ids=[c[2][:30] for c in CASES])
def test_each_warning_has_its_place(legal: Callable[..., Plan], id_: str, text: str, says: str) -> None:
    plan = legal(f"{A}\n{text}", p="A", q="B")
    found = [w for w in plan.warnings if w.id == id_]
    assert len(found) == 1, plan.warnings
    assert says in found[0].message
    assert found[0].span is not None
    assert found[0].span.file in ("src/main/a/A.java", "src/main/a/B.java")


QUIET = [
    "class B { int s; boolean go(String x) { return x == null; } }",
    "class B { int s; void go(A a) { a.f(); } }",
    "class B { int s; void go(A a) { try { a.f(); } catch (IllegalStateException e) { } } }",
    "class B { int s; void go() { for (int i = 0; i < 3; i++) { s++; } try { s++; } catch (Exception e) { } } }",
    "class B { int s; public boolean equals(Object o) { return this == o; } }",
    "class B { int s; public boolean equals(Object o) { return o != null && o.getClass() == getClass(); } }",
    "class B { int s; Object go(A a, String t, RuntimeException e, Integer i) { return List.of(a.getClass(), t.getClass(), e.getClass(), getClass()); } }",
    "class B { int s; Class<?> go() { Object o = new Object(); return o.getClass(); } }",
]


@pytest.mark.parametrize("text", QUIET)
def test_no_warning_without_a_reason(legal: Callable[..., Plan], text: str) -> None:
    assert legal(f"{A}\n{text}", p="A", q="B").warnings == ()


def test_one_part_has_nothing_to_warn_of(legal: Callable[..., Plan]) -> None:
    assert legal(f"{A}\nclass B {{ int s; void go(A a) {{ for (;;) a.f(); }} }}").warnings == ()


def test_constants_of_an_enumeration_of_the_library_are_one_object_everywhere(legal: Callable[..., Plan]) -> None:
    plan = legal(f"{A}\nimport java.time.DayOfWeek; class B {{ int s; boolean go(DayOfWeek x) {{ return x != DayOfWeek.SUNDAY; }} }}", p="A", q="B")
    assert not [w for w in plan.warnings if w.id.startswith("isolate/identity")]

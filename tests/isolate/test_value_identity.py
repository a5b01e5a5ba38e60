"""Strings and boxes that are compared by identity come from the same process, or the cut is not made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.isolate.plan import Plan

Legal = Callable[..., Plan]

STAY = "\nclass StayP { int s; int f() { return s++; } }\nclass StayQ { int s; int f() { return s++; } }"
FROM_ELSEWHERE = [
    # A result, an argument, a field, a field of a third class, and through a library call that may give back what it is given.
    "class A { int s; String name = new String(); String name() { return name; } }\n"
    "class B { int s; boolean go(A a) { return a.name() == a.name(); } }",
    "class A { int s; boolean same(String x) { return x == KEPT; } static final String KEPT = new String(); }\n"
    "class B { int s; boolean go(A a) { return a.same(\"x\"); } }",
    "class A { int s; Integer size = 1000; }\nclass B { int s; boolean go(A a, A b) { return a.size != b.size; } }",
    "class A { int s; String name() { return \"a\"; } }\nclass B { int s; boolean go(A a) { return a.name().trim() == \"a\"; } }",
    "class A { int s; Long id() { return 1L; } }\nclass B { int s; Long last; boolean go(A a) { last = a.id(); return is(5L); } "
    "boolean is(Long x) { return last == x; } }",
    # Equal, but not the same.
    "class A { int s; String name() { return \"a\"; } }\n"
    "class B { int s; String mine; boolean go(A a) { mine = a.name(); return is(\"a\"); } "
    "boolean is(String x) { return mine != x && mine.equals(x); } }",
]
FROM_HERE = [
    "class A { int s; String name() { return \"a\"; } }\n"
    "class B { int s; String last = \"b\"; boolean go(A a) { a.name(); return last == \"b\"; } }",
    "class A { int s; static final String NAME = \"a\"; int f() { return s; } }\n"
    "class B { int s; String mine = \"a\"; boolean go(A a) { return a.f() == 0 && mine == A.NAME; } }",
    "class A { int s; Integer size() { return s; } }\nclass B { int s; boolean go(A a) { return a.size() == 1 && a.size() != null; } }",
    "class A { int s; Class<?> kind() { return A.class; } }\nclass B { int s; boolean go(A a) { return a.kind() == String.class; } }",
    "class A { int s; Integer size() { return s; } }\n"
    "class B { int s; static final Integer NONE = null; boolean go(A a) { return a.size() != NONE; } }",
    # The answer is that of equals: identity only saves asking.
    "class A { int s; String name() { return \"a\"; } }\n"
    "class B { int s; String mine; boolean go(A a) { mine = a.name(); return is(\"a\") && isNot(\"a\"); } "
    "boolean is(String x) { return mine == x || mine.equals(x); } "
    "boolean isNot(String x) { return this.mine != x && (this.mine == null || !this.mine.equals(x)); } }",
    "enum Size { S, L }\nclass A { int s; Size size() { return Size.S; } }\n"
    "class B { int s; boolean go(A a) { return a.size() == Size.L; } }",
]


@pytest.mark.parametrize("text", FROM_ELSEWHERE)
def test_what_is_compared_by_identity_does_not_cross(legal: Legal, text: str) -> None:
    assert {m.rule for m in legal(text + STAY, p="A StayP", q="B StayQ").moves} == {"value-identity"}


@pytest.mark.parametrize("text", FROM_HERE)
def test_what_never_crossed_or_is_one_everywhere_may_be_compared(legal: Legal, text: str) -> None:
    plan = legal(text + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())

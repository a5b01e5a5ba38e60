"""Strings and boxes that are compared by identity come from the same process, or the cut is not made."""

# ruff: noqa: E501  (Java programs, one a line)

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

ATLAS = (
    "class A { int s; A next; Comparator<String> order; String other = \"c\"; boolean go(B b) { return b.is(\"a\", new String(\"a\")); } int num() { return s++; }"
    " Double real() { return 0.0 / s; } String plain() { return s + \"x\"; } }\n"
)
ONLY_SAVES_WORK = [
    "boolean is(String x, String y) { if (x == y) return true; x = x == null ? \"\" : x.trim(); y = y == null ? \"\" : y.trim(); return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) { return true; } if (x == null || y == null) { return false; } return x.length() == y.length() && x.equals(y); }",
    "boolean is(String x, String y) { return x == y || x != null && x.equals(y); }",
    "boolean is(String x, String y) { return x == null ? y == null : x == y || x.equals(y); }",
    "boolean is(String x, String y) { if (x == null || y == null) return x == y; return x.equals(y); }",
    "boolean is(String x, String y) { return (x == y) || (x != null && y != null && x.equalsIgnoreCase(y)); }",
    "boolean is(String x, String y) { if (x != y && !x.equals(y)) { s++; return false; } return true; }",
    "boolean is(String x, String y) { if (x != y) { if (!x.equals(y)) { s++; return false; } } return true; }",
    "boolean is(String x, String y) { boolean r = x == y; if (!r) r = x.equals(y); s += r ? 1 : 0; return r; }",
    "boolean is(String x, String y) { boolean r; if (x == y) r = true; else r = Objects.equals(x, y); return r; }",
    "boolean is(String x, String y) { if (x == y) return true; return norm(x).equals(norm(y)); } static String norm(String t) { return t == null ? \"\" : t.trim(); }",
    "boolean is(String x, String y) { return cmp(x, y) == 0; } int cmp(String x, String y) { return x == y ? 0 : x.compareTo(y); }",
    "boolean is(String x, String y) { return cmp(x, y) == 0; } int cmp(String x, String y) { if (x == y) return 0; if (x == null) return -1; if (y == null) return 1; return x.compareTo(y); }",
    "boolean is(String x, String y) { for (int i = 0; i < 2; i++) { if (x == y || x.equals(y)) { s++; continue; } s += 2; } return true; }",
    "boolean is(String x, String y) { for (String t : List.of(x)) { if (t != y && !t.equals(y)) return false; } return true; }",
    "boolean is(String x, String y) { mine = x; return like(y); } String mine; boolean like(String y) { if (mine == y) return true; return mine != null && mine.equals(y); }",
    "boolean is(String x, String y) { mine = x; if (mine != y) { mine = y; } return true; } String mine;",
    "boolean is(String x, String y) { return (x == y ? x : y).isEmpty(); }",
    "boolean is(Object x, Object y) { return num((Integer) 1000, (Integer) s); } boolean num(Integer x, Integer y) { return x == y || x.intValue() == y.intValue(); }",
    "boolean is(String x, String y) { synchronized (this) { if (x == y) { return true; } return x.equals(y); } }",
    "boolean is(String x, String y) { Predicate<String> p = t -> t == y || t.equals(y); return p.test(x); }",
    "boolean is(String x, String y) { return new Object() { boolean in() { return x == y || x.equals(y); } }.in(); }",
]
TELLS = [
    "boolean is(String x, String y) { if (x == y) return true; return x.length() > y.length(); }",
    "boolean is(String x, String y) { if (x == y) return true; s++; return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) return true; System.out.println(); return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) { s++; return true; } return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) return true; return !x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) return false; return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) return true; return x.equals(\"y\"); }",
    "boolean is(String x, String y) { if (x == y) return true; return x.trim().equals(y); }",
    "boolean is(String x, String y) { if (x == y) return true; y = y + s; return x.equals(y); }",
    "boolean is(String x, String y) { if (x == y) return true; return Integer.parseInt(x) == Integer.parseInt(y); }",
    "boolean is(String x, String y) { if (x == y) return true; return x.charAt(0) == y.charAt(0); }",
    "boolean is(String x, String y) { if (x == y) return true; return norm(x).equals(norm(y)); } String norm(String t) { s++; return t; }",
    "boolean is(String x, String y) { if (x == y) return true; return norm(x).equals(norm(y)); } String norm(String t) { return t + s++; }",
    "boolean is(String x, String y) { if (x == y) return true; return order.compare(x, y) == 0; } Comparator<String> order;",
    "boolean is(String x, String y) { if (x == y) return true; return next.s == 1 || x.equals(y); } A next;",
    "boolean is(String x, String y) { if (x != y) { s++; } return true; }",
    "boolean is(String x, String y) { boolean r = x == y; return new Object() { boolean in() { return r; } }.in(); }",
    "boolean is(String x, String y) { boolean r = x == y; Supplier<Boolean> f = () -> r; return f.get(); }",
    "boolean is(String x, String y) { mine = x; if (mine != y) { mine = y; s++; } return true; } String mine;",
    "boolean is(String x, String y) { for (int i = 0; x != y; i++) { if (x.equals(y)) return true; } return true; }",
    "boolean is(String x, String y) { return num(next.real(), (double) s); } A next; boolean num(Double x, Double y) { return x == y || x.doubleValue() == y.doubleValue(); }",
    "boolean is(String x, String y) { return x == NONE || x.isEmpty(); } static final String NONE = new String(\"none\");",
    "boolean is(String x, String y) { while (x == y) { if (s++ > 3) return false; } return x.equals(y); }",
    "boolean is(String x, String y) { boolean r = x == y; s = 1; boolean q = x.equals(y); return r; }",
]


@pytest.mark.parametrize("methods", ONLY_SAVES_WORK)
def test_a_comparison_by_identity_that_only_saves_an_equals_keeps_nobody_together(legal: Legal, methods: str) -> None:
    plan = legal(ATLAS + f"class B {{ int s; {methods} }}" + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


@pytest.mark.parametrize("methods", TELLS)
def test_a_comparison_by_identity_that_can_be_told_from_equals_does(legal: Legal, methods: str) -> None:
    plan = legal(ATLAS + f"class B {{ int s; {methods} }}" + STAY, p="A StayP", q="B StayQ")
    assert "value-identity" in {m.rule for m in plan.moves}


@pytest.mark.parametrize("text", FROM_ELSEWHERE)
def test_what_is_compared_by_identity_does_not_cross(legal: Legal, text: str) -> None:
    assert {m.rule for m in legal(text + STAY, p="A StayP", q="B StayQ").moves} == {"value-identity"}


@pytest.mark.parametrize("text", FROM_HERE)
def test_what_never_crossed_or_is_one_everywhere_may_be_compared(legal: Legal, text: str) -> None:
    plan = legal(text + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())

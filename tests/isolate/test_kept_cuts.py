"""Cuts that are kept because a closer look shows that nothing can be told from the other side; each with twins where the refusal stays."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable

import pytest

from refactor.isolate.plan import Plan

Legal = Callable[..., Plan]

STAY = "\nclass StayP { int s; int f() { return s++; } }\nclass StayQ { int s; int f() { return s++; } }"
SHELF = "class A { int s; private Object item; void put(Object i) { item = i; } Object item() { return item; } Object[] all() { return new Object[] {item}; } }\n"
PUT = "\nclass PutTest { @Test void t() { A a = new A(); a.put(new String[] {\"x\"}); new B().go(a); } }"
ONLY_LOOKED_AT = [
    # A set, through its interface, a helper, generic, in a lambda, by method reference, through a map's key, a text, an assertion.
    "class B { final Set<Object> seen = new HashSet<>(); boolean go(A a) { Object i = a.item(); return !seen.contains(i); } }",
    "class B { final Collection<Object> seen = new ArrayDeque<>(); boolean go(A a) { return is(seen, a.item()); } static boolean is(Collection<?> c, Object o) { return c.contains(o); } }",
    "class B { boolean go(A a) { return is(new ArrayList<>(), a.item()); } static <T> boolean is(List<T> c, T o) { return c.indexOf(o) >= 0; } }",
    "class B { final Set<Object> seen = new HashSet<>(); boolean go(A a) { Predicate<Object> p = o -> seen.contains(o); return p.test(a.item()); } }",
    "class B { final Set<Object> seen = new HashSet<>(); boolean go(A a) { Predicate<Object> p = seen::contains; return p.test(a.item()); } }",
    "class B { final Map<Object, String> seen = new TreeMap<>(); Object go(A a) { return seen.get(a.item()); } }",
    "class B { int n; Object go(A a) { n++; return Objects.hash(a.item(), n) + String.valueOf(a.item()) + String.format(\"%s\", a.item()); } }",
    "class B { int n; Object go(A a) { n++; return a.item() instanceof String[] x ? x.length : 0; } }",
    "class B { final Set<Object> seen = new HashSet<>(); boolean go(A a) { return seen.containsAll(Arrays.asList(a.item(), 1)); } }",
    "class B { final List<Object> seen = new ArrayList<>(); void go(A a) { seen.add(a.item()); } }",
]
WRITTEN_BEHIND = [
    "class B { final List<Object> seen = new ArrayList<>(); void go(A a) { seen.add(a.item()); ((String[]) seen.get(0))[0] = \"y\"; } }",
    "class B { final List<Object> seen = new Odd(); void go(A a) { seen.contains(a.item()); } static class Odd extends ArrayList<Object> { public boolean contains(Object o) { ((String[]) o)[0] = \"y\"; return true; } } }",
    "class B { final Set<String[]> seen = new TreeSet<>((x, y) -> { x[0] = \"y\"; return 0; }); void go(A a) { seen.contains(a.item()); } }",
    "class B { int n; void go(A a) { Consumer<String[]> c = Arrays::sort; c.accept((String[]) a.item()); } }",
    "class B { int n; void go(A a) { List.of(a.item()).forEach(o -> ((String[]) o)[0] = \"y\"); } }",
    "class B { int n; void go(A a) { Arrays.asList(a.item(), 1).forEach(o -> Arrays.fill((Object[]) o, \"y\")); } }",
    "class B { int n; void go(A a) { new Bag().take(a.item()); } }",
    "class B { int n; void go(A a) { new Bag().all(1, a.item()); } }",
    "class B { int n; void go(A a) { java.lang.reflect.Array.set(a.item(), 0, \"y\"); } }",
    "class B { int n; void go(A a) { System.arraycopy(new String[1], 0, a.item(), 0, 1); } }",
]


@pytest.mark.parametrize("text", ONLY_LOOKED_AT)
def test_a_collection_that_looks_for_an_array_writes_nothing(legal: Legal, text: str) -> None:
    plan = legal(SHELF + text + PUT + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


@pytest.mark.parametrize("text", WRITTEN_BEHIND)
def test_an_array_that_is_written_behind_a_library_call_stays(legal: Legal, text: str) -> None:
    assert {m.rule for m in legal(SHELF + text + PUT + STAY, p="A StayP", q="B StayQ").moves} == {"shared-array"}


DAYS = (
    "class A { int s; java.sql.Timestamp at; java.sql.Timestamp at() { return at; } void put(java.sql.Timestamp t) { at = t; } void day(java.sql.Date d) { s += d.getTime(); }"
    " java.sql.Date last() { return new java.sql.Date(s); } java.sql.Time time() { return new java.sql.Time(s); } void late(java.util.Date d) { d.setTime(s); }"
    " String why(SQLException e) { return e.getSQLState() + s; } void both(List<java.sql.Timestamp> all) { s += all.size(); } java.util.Date any() { return at; } }\n"
)
SQL_VALUES = [
    "class B { int n; long go(A a) { n++; a.put(new java.sql.Timestamp(a.at().getTime() + n)); return a.at().getNanos(); } }",
    "class B { int n; long go(A a) { n++; a.day(new java.sql.Date(n)); a.day(java.sql.Date.valueOf(\"2020-02-02\")); return a.last().getTime() + a.time().getTime(); } }",
    "class B { int n; String go(A a) { n++; return a.why(new SQLException(\"gone\", \"08001\")) + a.why(new BatchUpdateException()); } }",
    # Written, but by the callee only, and not kept there: what it wrote is copied back.
    "class B { int n; long go(A a) { n++; java.sql.Timestamp t = new java.sql.Timestamp(1); a.late(t); return t.getTime(); } }",
    "class B { int n; void go(A a) { n++; a.both(List.of(new java.sql.Timestamp(n))); } }",
    "class B { int n; int go(A a) { n++; Comparable<java.util.Date> c = a.at(); return c.compareTo(a.any()); } }",
]
SQL_SHARED = [
    ("shared-object", "class B { int n; void go(A a) { a.at().setTime(n++); } }"),
    ("shared-object", "class B { int n; void go(A a) { a.at().setNanos(n++); } }"),
    ("shared-object", "class B { int n; void go(A a) { java.util.Date d = a.at(); d.setTime(n++); } }"),
    ("shared-object", "class B { int n; void go(A a) { a.any().setTime(n++); } }"),
    ("shared-object", "class B { int n; void go(A a) { Object o = a.at(); ((java.util.Date) o).setTime(n++); } }"),
    ("shared-object", "class B { int n; List<java.util.Date> l = new ArrayList<>(); void go(A a) { l.add(a.at()); l.get(0).setTime(n++); } }"),
    ("pinned-type", "class B { int n; Connection c; Connection c() { return c; } void go(A a) { } }\nclass C { int s; void f(B b) throws Exception { s++; b.c().close(); } }"),
    ("pinned-type", "class B { int n; Blob c; Blob c() { return c; } void go(A a) { } }\nclass C { int s; void f(B b) throws Exception { s++; b.c().free(); } }"),
    ("pinned-type", "class B { int n; ResultSet c() { return null; } void go(A a) { } }\nclass C { int s; void f(B b) throws Exception { s++; b.c().next(); } }"),
    ("pinned-type", "class B { int n; java.sql.Array c() { return null; } void go(A a) { } }\nclass C { int s; void f(B b) throws Exception { s++; b.c().free(); } }"),
]


@pytest.mark.parametrize("text", SQL_VALUES)
def test_dates_of_a_database_travel_as_dates_and_its_exceptions_as_exceptions(legal: Legal, text: str) -> None:
    plan = legal(DAYS + text + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


@pytest.mark.parametrize(("rule", "text"), SQL_SHARED)
def test_dates_that_are_changed_where_another_part_sees_it_and_connections_stay(legal: Legal, rule: str, text: str) -> None:
    assert {m.rule for m in legal(DAYS + text + STAY, p="A C StayP", q="B StayQ").moves} == {rule}


LINE = "class A { int s; void add() { s++; } }\n"
ONLY_COMPARED = [
    "class B { static final Set<Class<?>> KNOWN = new HashSet<>(Arrays.asList(A.class, String.class)); int n; boolean go(Class<?> c) { n++; return KNOWN.contains(c); } }",
    "class B { final List<Class<?>> l = Collections.singletonList(A.class); int n; boolean go(Object o) { n++; for (Class<?> c : l) if (c.isInstance(o)) return true; return false; } }",
    "class B { int n; boolean go(A a) { n++; return Arrays.asList(A.class).contains(a.getClass()); } }",
    "class B { final Map<Class<?>, String> names = new LinkedHashMap<>(); int n; void go() { names.put(A.class, \"a\"); } String of(Object o) { return names.get(o.getClass()); } }",
    "class B { final LinkedHashMap<Class<?>, String> names = new LinkedHashMap<>(); int n; void go() { names.put(A.class, \"a\"); } }",
]
LOOKED_INTO = [
    "class B { final List<Class<?>> l = Arrays.asList(A.class); int n; void go() throws Exception { for (Class<?> c : l) c.getDeclaredConstructors(); } }",
    "class B { final List<Class<?>> l = Arrays.asList(A.class); int n; Object go() throws Exception { n++; return l.get(0).getDeclaredFields(); } }",
    "class B { final Deque<Class<?>> l = new ArrayDeque<>(Collections.singleton(A.class)); int n; Object go() throws Exception { n++; return look(l.pop()); } Object look(Class<?> c) { return c.getDeclaredMethods(); } }",
    "class B { int n; Object go() { n++; Arrays.asList(A.class).forEach(c -> c.getDeclaredFields()); return n; } }",
    "class B { int n; Object go() { n++; Arrays.asList(A.class).forEach(Class::getDeclaredFields); return n; } }",
    "class B { int n; Object go() { n++; new Bag().take(Arrays.asList(A.class)); return n; } }",
    "class B { final List<Class<?>> l = Collections.nCopies(2, A.class); int n; Object go() throws Exception { n++; return l.get(0).getDeclaredConstructor().newInstance(); } }",
]


@pytest.mark.parametrize("text", ONLY_COMPARED)
def test_a_class_in_a_collection_is_only_compared(legal: Legal, text: str) -> None:
    plan = legal(LINE + text + STAY, p="A StayP", q="B StayQ")
    assert (plan.moves, plan.refusals) == ((), ())


@pytest.mark.parametrize("text", LOOKED_INTO)
def test_a_class_that_may_be_taken_out_and_looked_into_stays(legal: Legal, text: str) -> None:
    assert {m.rule for m in legal(LINE + text + STAY, p="A StayP", q="B StayQ").moves} == {"reflection"}

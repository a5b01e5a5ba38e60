"""Each rule, from Java text: what it catches, and the nearest thing that it leaves alone."""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.isolate.plan import Plan, Role
from refactor.isolate.rules import RULES

STATE = "int state; void touch() { state++; }"
# Both parts have a class with state that no rule moves, so that a repair does not empty them.
STAY = f"""
class StayP {{ {STATE} }}
class StayQ {{ {STATE} }}
"""
Legal = Callable[..., Plan]

CAUGHT = [
    ("same-file", "class A { int s; }\n// + class B { int s; }"),
    ("stateful-superclass", "class A { int s; }\nclass B extends A { A other = new A(); }"),
    ("stateful-superclass", "class A { int s; final void go() {} }\nclass B { int s; A make() { return new A() { }; } }"),
    ("no-proxy", "class A extends Thread { int s; }\nclass B { int s; void go(A a) { a.start(); } }"),
    ("no-proxy", "class A extends Sealed { int s; }\nclass B { int s; int go(A a) { return a.id(); } }"),
    ("no-proxy", "class A extends RuntimeException { static int made; A() { made++; } }\nclass B { int s; void go() { throw new A(); } }"),
    (
        "no-proxy",
        "interface A { List<String> SEEN = new ArrayList<>(); default void see() { SEEN.add(\"\"); } }\nclass B implements A { int s; }",
    ),
    ("shared-array", "class A { int[] kept; void keep(int[] x) { kept = x; kept[0] = 1; } }\nclass B { int s; void go(A a) { a.keep(new int[1]); } }"),
    ("shared-array", "class A { int[] kept = new int[3]; int[] all() { return kept; } }\nclass B { int s; void go(A a) { a.all()[0] = 2; } }"),
    ("shared-array", "class A { int[] kept = new int[3]; int s; }\nclass B { int s; void go(A a) { a.kept[0]++; } }"),
    (
        "shared-array",
        "class A { int s; List<int[]> all = new ArrayList<>(); List<int[]> all() { return all; } void add() { all.add(new int[2]); } }\n"
        "class B { int s; void go(A a) { for (int[] one : a.all()) one[0]++; } }",
    ),
    ("shared-object", "class A { final StringBuilder text = new StringBuilder(); }\nclass B { int s; void go(A a) { a.text.append(s); } }"),
    (
        "shared-object",
        "class A { int s; final StringBuilder text = new StringBuilder(); StringBuilder text() { return text; } }\n"
        "class B { int s; void go(A a) { a.text().append(s); } }",
    ),
    (
        "shared-object",
        "class A { int s; Appendable out; void f(Object o) throws IOException { out = (Appendable) o; out.append(\"x\"); } }\n"
        "class B { int s; String go(A a) throws IOException { StringBuilder b = new StringBuilder(); a.f(b); return b.toString(); } }",
    ),
    (
        "shared-object",
        "class A { int s; private CharSequence c; CharSequence c() { return c; } void f(StringBuffer b) { c = b; b.setLength(s); } }\n"
        "class B { int s; int go(A a) { return a.c().length(); } }",
    ),
    (
        "shared-object",
        "class A { int s; final java.util.Date at = new java.util.Date(); java.util.Date at() { return at; } }\n"
        "class B { int s; void go(A a) { a.at().setTime(s); } }",
    ),
    (
        "shared-object",
        "class A { int s; List<java.util.Date> all = new ArrayList<>(); List<java.util.Date> all() { return all; }\n"
        " void add() { all.add(new java.util.Date()); } }\n"
        "class B { int s; void go(A a) { for (java.util.Date one : a.all()) one.setTime(s); } }",
    ),
    (
        "shared-array",
        "class A<T> { int s; List<T> all = new ArrayList<>(); void add(T one) { all.add(one); } }\n"
        "class B { int s; void go(A<int[]> a) { int[] x = new int[1]; a.add(x); x[0] = 1; } }",
    ),
    ("pinned-type", "class A { int s; void save(Connection c) { } }\nclass B { int s; void go(A a, Connection c) { a.save(c); } }"),
    ("pinned-type", "class A { int s; Object lock() { return null; } AtomicInteger n() { return null; } }\nclass B { int s; void go(A a) { a.n(); } }"),
    ("library-type", "class A { int s; int use(Gadget g) { return g.turn(); } }\nclass B { int s; void go(A a) { a.use(new Gadget()); } }"),
    ("remote-monitor", "class A { int s; void f() { s++; } }\nclass B { int s; void go(A a) { synchronized (a) { a.f(); } } }"),
    ("remote-monitor", "class A { int s; }\nclass B { int s; void go(A a) throws Exception { a.wait(); } }"),
    (
        "remote-monitor",
        "class A { int s; List<String> all = new ArrayList<>(); List<String> all() { return all; } }\n"
        "class B { int s; void go(A a) { synchronized (a.all()) { s++; } } }",
    ),
    (
        "remote-monitor",
        "class A { int s; void f() { synchronized (A.class) { s++; } } }\nclass B { int s; void f() { synchronized (A.class) { s++; } } }",
    ),
    ("remote-volatile", "class A { volatile int s; }\nclass B { int s; void go(A a) { a.s = 1; } }"),
    ("remote-volatile", "class A { AtomicInteger s = new AtomicInteger(); }\nclass B { int s; void go(A a) { a.s.incrementAndGet(); } }"),
    ("reflection", "class A { int s; }\nclass B { int s; Object go() throws Exception { return A.class.getDeclaredField(\"s\"); } }"),
    ("reflection", "class A { int s; }\nclass B { int s; Object go() throws Exception { Class<?> c = A.class; return c.getMethods(); } }"),
    ("reflection", "class A { int s; }\nclass B { int s; Object go(Object o) throws Exception { return Class.forName(\"a.A\"); } }"),
    (
        "reflection",
        "class A { int s; }\nclass B { int s; String name() { return \"a.A\"; } Object go() throws Exception { return Class.forName(name()); } }",
    ),
    ("reflection", "class A { int s; }\nclass B { int s; String go(A a) { return new ObjectMapper().writeValueAsString(a); } }"),
    (
        "reflection",
        "class A { int s; }\nclass B { int s; String go(C c) { return new ObjectMapper().writeValueAsString(c); } }\nclass C { List<A> all; int s; }",
    ),
    ("handler-binding", "class A { public int s; }\n@Service class B { int s; @PostMapping String go(A a) { return null; } }"),
    (
        "static-init-cycle",
        "class A { static int s = B.f(); static int f() { return s; } }\nclass B { static int s = A.f(); static int f() { return s++; } }",
    ),
    ("native-method", "class A { int s; }\nclass B { int s; native void go(A a); }"),
    (
        "process-state",
        "class A { int s; String f() { return System.getProperty(\"x\"); } }\nclass B { int s; void go() { System.setProperty(\"x\", \"y\"); } }",
    ),
    ("process-state", "class A { int s; Object f() throws Exception { return File.createTempFile(\"a\", \"b\"); } }\n"
     "class B { int s; void go() { System.setProperty(\"java.io.tmpdir\", \"y\"); } }"),
    ("process-state", "class A { int s; Object f() throws Exception { return java.security.MessageDigest.getInstance(\"x\"); } }\n"
     "class B { int s; void go() { java.security.Security.addProvider(null); } }"),
    ("process-state", "class A { int s; void f(Runnable r) { new Thread(r).start(); } }\n"
     "class B { int s; void go() { Thread.setDefaultUncaughtExceptionHandler(null); } }"),
    ("process-state", "class A { int s; String f() { return String.format(\"%n\"); } }\n"
     "class B { int s; void go() { BiConsumer<String, String> set = System::setProperty; System.clearProperty(\"line.separator\"); } }"),
    (
        "console",
        "class A { int s; void say() { System.out.println(s); } }\nclass B { int s; public static void main(String[] x) { new A().say(); } }",
    ),
    (
        "console",
        "class A { int s; void say() { System.err.println(s); } }\nclass B { int s; public static void main(String[] x) { new A().say(); } }",
    ),
    (
        "console",
        "class A { int s; void say() { new Exception().printStackTrace(); } }\n"
        "class B { int s; public static void main(String[] x) { new A().say(); } }",
    ),
    (
        "transaction",
        "class A { int s; void save(PreparedStatement p) throws Exception { p.execute(); } void f() throws Exception { save(null); } }\n"
        "class B { int s; @Transactional public void go() throws Exception { mid(new A()); } void mid(A a) throws Exception { a.f(); } }",
    ),
    (
        "transaction",
        "class A { int s; void save(PreparedStatement p) { try { p.execute(); } catch (SQLException e) { } } void f() { save(null); } }\n"
        "class B { int s; TransactionTemplate t; void go(A a) { t.execute(status -> { a.f(); return null; }); } }",
    ),
    ("persistence-context", "@Entity class A { int s; }\n@Entity class B { int s; A a; }"),
    ("persistence-context", "@Entity class A { int s; }\ninterface B extends Repository<A, Integer> { A find(int id); }"),
    (
        "persistence-context",
        "@Entity class A { int s; @OneToMany List<String> all; List<String> all() { return all; } }\nclass B { int s; void go(A a) { a.all(); } }",
    ),
    ("mapped-object", "class A { int s; int f() { return s; } }\n"
     "interface M { @Select(\"\") A find(int id); }\nclass B { int s; M m; void go() { m.find(s); } }"),
    ("mapped-object", "class A { int s; void setS(int n) { s = n; } A(int n) { s = n; } }\n"
     "interface M { @Select(\"\") List<A> all(); }\nclass B { int s; M m; void go() { m.all(); } }"),
    ("mapped-object", "class A { int s; void setS(int n) { s = n; } }\n"
     "@CacheNamespace interface M { @Select(\"\") A find(int id); }\nclass B { int s; M m; void go() { m.find(s); } }"),
    ("web-session", "class A { int s; void f(HttpSession h) { h.setAttribute(\"user\", s++); } }\n"
     "class B { int s; Object g(HttpSession h) { s++; return h.getAttribute(\"user\"); } }"),
    ("web-session", "class A { int s; void f(HttpSession h) { s++; h.invalidate(); } }\n"
     "class B { int s; Object g(HttpSession h) { s++; return h.getAttribute(\"user\"); } }"),
    ("web-session", "@SessionAttributes(\"user\") class A { int s; int f() { return s++; } }\n"
     "class B { int s; Object g(@SessionAttribute Object user) { s++; return user; } }"),
    (
        "test-needs-one-part",
        "class A { int s; void f() {} }\nclass B { int s; void f() {} }\n"
        "class XTest { @Test void t() { new A() { void f() {} }; new B() { }; } }",
    ),
]


@pytest.mark.parametrize(("rule", "text"), CAUGHT, ids=[f"{i}-{rule}" for i, (rule, _) in enumerate(CAUGHT)])
def test_a_violation_moves_the_classes_together(legal: Legal, rule: str, text: str) -> None:
    plan = legal(text + STAY, p="A StayP C", q="B StayQ")
    assert not plan.refusals, plan.refusals
    assert [m.rule for m in plan.moves if m.name in ("a.A", "a.B")] == [rule]
    assert plan.part_of("a.A") == plan.part_of("a.B")
    move = next(m for m in plan.moves)
    assert move.reason
    assert "src/" in move.reason


FINE = [
    # Filled by its setters, and everybody keeps to attributes of his own, or only reads.
    "class A { int s; public int getS() { return s; } public void setS(int n) { s = n; } }\n"
    "interface M { @Select(\"\") A find(int id); }\nclass B { int s; M m; void go() { m.find(s); } }",
    "class A { int s; void f(HttpSession h) { h.setAttribute(\"a\", s++); h.getAttribute(\"c\"); } }\n"
    "class B { int s; void g(HttpSession h) { h.setAttribute(\"b\", s++); h.getAttribute(\"c\"); } }",
    # A base class without instances of its own: each part has its code, each object lives in one part as a whole.
    "abstract class A { int s; int s() { return s; } }\nclass B extends A { int t; }\nclass C extends A { int t; }",
    "class A { }\nclass B extends A { int s; }",
    "class A { int s; }\nclass B { int s; void go(A a) { a.s++; } }",
    # Class is a value, although it implements java.lang.reflect.AnnotatedElement.
    "class A { int s; void set(Class<?> type) { s++; } }\nclass B { int s; void go(A a) { a.set(String.class); } }",
    # A proxy of A gives the library's constructor a reader that does nothing.
    "class A extends BufferedReader { int s; A(Reader r) { super(r); } }\nclass B { int s; int go(A a) throws IOException { return a.read(); } }",
    # Arrays travel inside collections between B and C only; A's and D's are others.
    "class A { int s; void go() { List<Object> l = new ArrayList<>(); int[] x = new int[2]; l.add(x); x[0]++; } }\n"
    "class B { int s; Object go(List<Object> l) { int[] x = (int[]) l.get(0); return x[1]; } }\n"
    "class C { int s; List<int[]> all() { return null; } }\nclass D { int s; void go(C c) { c.all(); } }",
    # An array without elements cannot be written, and Class<int[]> holds no array.
    "class A { static final int[] NONE = {}; int s; }\nclass B { int[] mine = A.NONE; int s; void go() { mine = new int[2]; mine[1]++; } }",
    "class A { int s; Class<int[]> type() { s++; return int[].class; } }\n"
    "class B { int s; List<Object> l = new ArrayList<>(); void go(A a) { int[] x = new int[2]; l.add(x); x[0]++; a.type(); } }\n"
    "class C { int s; Object one(B b) { int[] x = (int[]) b.l.get(0); return x; } }",
    "interface A { int f(); }\nclass B implements A { int s; public int f() { return s; } }",
    "class A extends ArrayList<String> { int s; }\nclass B { int s; void go(A a) { a.add(\"x\"); } }",
    "class A extends Exception { final int code; A(int c) { code = c; } }\nclass B { int s; void go() throws A { throw new A(1); } }",
    # The callee does not keep the array: copied there and back.
    "class A { int s; void fill(int[] x) { x[0] = s; } }\nclass B { int[] mine = new int[1]; void go(A a) { a.fill(mine); } }",
    # Nobody writes into it once it is made.
    "class A { int s; int[] kept; A() { int[] x = new int[2]; x[0] = 1; kept = x; } int[] all() { return kept; } }\n"
    "class B { int s; int go(A a) { return a.all()[0]; } }",
    # Appended to there and copied back; nobody keeps it.
    "class A { int s; void to(Appendable o) throws IOException { o.append(\"x\"); } void put(StringBuilder b) { b.append(s).append(1); } }\n"
    "class B { int s; void go(A a) throws IOException { StringBuilder b = new StringBuilder(); a.to(b); a.put(b); b.append(1); } }",
    # Shared with the callee, which may keep it.
    "class A { int s; Appendable out; void to(Appendable o) { out = o; } void f() throws IOException { out.append(\"x\"); } }\n"
    "class B { int s; String go(A a) throws IOException { StringBuilder b = new StringBuilder(); a.to(b); a.f(); return b.toString(); } }",
    # Copies go out.
    "class A { int s; final StringBuilder t = new StringBuilder(); StringBuilder t() { t.append(s); return new StringBuilder(t); } }\n"
    "class B { int s; void go(A a) { a.t().append(s); } }",
    "class A { int s; java.util.Date at = new java.util.Date(); java.util.Date at() { return (java.util.Date) at.clone(); }\n"
    " void at(java.util.Date d) { at = (java.util.Date) d.clone(); } }\n"
    "class B { int s; void go(A a) { java.util.Date d = a.at(); d.setTime(1); a.at(d); } }",
    # Kept on both sides, and nobody sets it.
    "class A { int s; java.util.Date at; java.util.Date at() { return at; } void at(java.util.Date d) { at = d; } }\n"
    "class B { int s; java.util.Date mine = new java.util.Date(); boolean go(A a) { a.at(mine); return a.at().before(mine); } }",
    # Into a buffer, not to the process's standard error.
    "class A { int s; void say(PrintWriter w) { new Exception().printStackTrace(w); } }\n"
    "class B { int s; public static void main(String[] x) { new A().say(null); } }",
    # A fresh copy goes out.
    "class A { int[] kept = new int[3]; int[] all() { kept[0]++; return kept.clone(); } }\nclass B { int s; void go(A a) { a.all()[0] = 2; } }",
    "class A { int s; List<String> f(Map<String, Integer> m, Locale l, Iterator<Long> i) { return null; } }\n"
    "class B { int s; void go(A a) { a.f(null, null, null); } }",
    # Held and handed back, used in one part only.
    "class A { int s; Gadget held; void keep(Gadget g) { held = g; } Gadget back() { return held; } }\n"
    "class B { int s; void go(A a) { a.keep(new Gadget()); a.back().turn(); } }",
    "class A { int s; synchronized void f() { s++; } }\nclass B { int s; final Object lock = new Object(); void go(A a) { synchronized (lock) { a.f(); } } }",
    "class A { int s; void f() { } }\nclass B { int s; String go(A a) { a.f(); return A.class.getName(); } }",
    "class A { int s; String f() { return System.getProperty(\"x\"); } }\nclass B { int s; void go() { System.setProperty(\"y\", \"\"); } }",
    "class A { static int s = 1; static int f() { return s++; } }\nclass B { static int s = A.f(); }",
    "record A(int n) { }\nclass B { int s; String go(A a) { return new ObjectMapper().writeValueAsString(a); } }",
    "class A { int s; int f() { return s; } }\n@Service class B { int s; @PostMapping String go(String x) { return x + new A().f(); } }",
]


def test_the_readme_says_what_each_rule_is_for() -> None:
    table = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [rule.id for rule in RULES if f"`{rule.id}`" not in table] == []


@pytest.mark.parametrize("text", FINE)
def test_what_is_no_violation_stays_where_it_is(legal: Legal, text: str) -> None:
    plan = legal(text + STAY, p="A StayP", q="B StayQ")
    assert not plan.refusals, plan.refusals
    assert not plan.moves, plan.moves


BASES = [
    ("abstract class A { private int s; int s() { return s; } void s(int n) { s = n; } }", True),
    ("class A { protected int s; A(int n) { s = n; } A() { } protected int s() { return s; } }", True),
    ("abstract class A { int s; A(int n) { s = n; } }", True),
    ("abstract class A { int s; A(String n) { s = n.length(); } }", False),  # a proxy would call it with null
    ("abstract class A { int s; final int s() { return s; } }", False),  # a proxy cannot forward it
    ("abstract class A { int s; boolean less(A o) { return s < o.s; } }", False),  # would read the proxy's own field
    ("abstract class A { int s; private int f() { return s; } int sum(A o) { return o.f(); } }", False),
    ("abstract class A { int s; static int made; A() { made++; } }", False),
    ("abstract class A { int s; A() { System.out.println(s); } }", False),
    ("class A { int s; static A make() { return new A(); } }", False),
    ("abstract class A extends Thread { int s; }", False),
]


@pytest.mark.parametrize(("text", "copied"), BASES, ids=[f"{i}-{c}" for i, (_, c) in enumerate(BASES)])
def test_a_base_class_is_in_several_parts_where_its_proxies_can_forward_everything(legal: Legal, text: str, copied: bool) -> None:
    arguments = "int t; B() { super(0); }" if "A(int n)" in text else "int t; B() { super(null); }" if "A(String" in text else "int t;"
    both = f"class B extends A {{ {arguments} }}\nclass C extends A {{ {arguments.replace('B()', 'C()')} }}"
    plan = legal(f"{text}\n{both}\nclass User {{ int s; A a; }}{STAY}", p="A B StayP", q="C StayQ", r="User")
    (found,) = [c for c in plan.classes if c.name == "a.A"]
    assert found.role is (Role.REPLICATED if copied else Role.OWNED), found.reason
    assert (plan.part_of("a.B") != plan.part_of("a.C")) is copied
    if copied:  # whoever has the copy may be given an object of any subclass
        users = next(p for p in plan.parts if p.name == "r")
        assert set(users.proxies) >= {"a.B", "a.C"}


def test_a_base_class_with_subclasses_in_its_own_part_only_is_owned(legal: Legal) -> None:
    plan = legal(f"abstract class A {{ int s; }}\nclass B extends A {{ int t; }}\nclass C {{ int s; A a; }}{STAY}", p="A B StayP", q="C StayQ")
    (found,) = [c for c in plan.classes if c.name == "a.A"]
    assert (found.role, found.part) == (Role.OWNED, "p")


ROLES = [
    ("interface A { int MAX = 3; List<String> NAMES = List.of(\"a\"); }", Role.REPLICATED),
    ("interface A { int[] TABLE = {1}; }", Role.OWNED),
    ("@interface A { }", Role.REPLICATED),
    ("class A extends RuntimeException { int code; }", Role.REPLICATED),
    ("class A extends RuntimeException { static int n; A() { n++; } }", Role.OWNED),
    ("enum A { X, Y; int f() { return 1; } }", Role.REPLICATED),
    ("enum A { X(1) { int f() { return 2; } }; final int n; A(int n) { this.n = n; } int f() { return 1; } }", Role.REPLICATED),
    ("enum A { X; int n; void f() { n++; } }", Role.OWNED),
    ("enum A { X; final List<String> seen = new ArrayList<>(); }", Role.OWNED),
    ("record A(int n, String t) { }", Role.REPLICATED),
    ("record A(int n) { static int made; A { made++; } }", Role.OWNED),
    ("final class A { final int n; A(int n) { this.n = n; } public boolean equals(Object o) { return this == o; } }", Role.REPLICATED),
    ("final class A { final int n; A(int n) { this.n = n; } }", Role.OWNED),  # equal to itself only
    ("final class A { int n; public boolean equals(Object o) { return true; } void f() { n++; } }", Role.OWNED),
    ("final class A { final List<String> n = null; public boolean equals(Object o) { return true; } }", Role.OWNED),
    ("final class A { final Optional<String> n = null; public boolean equals(Object o) { return true; } }", Role.REPLICATED),
    ("final class A { final int n; A(List<A> l) { n = 1; l.add(this); } public boolean equals(Object o) { return true; } }", Role.OWNED),
    ("class A { static int f() { return 1; } }", Role.REPLICATED),
    ("class A { static final Map<String, Integer> T = Map.of(\"x\", 1); static int f() { return T.get(\"x\"); } }", Role.REPLICATED),
    ("class A { private static final Map<String, Integer> T = new HashMap<>(); static { T.put(\"x\", 1); } int f() { return T.get(\"\"); } }", Role.REPLICATED),
    ("class A { static final Map<String, Integer> T = new HashMap<>(); static { T.put(\"x\", 1); } }", Role.OWNED),
    ("class A { static final UUID ID = UUID.randomUUID(); }", Role.OWNED),
    ("class A { static { System.out.println(1); } static int f() { return 1; } }", Role.OWNED),
    ("class A { static synchronized int f() { return 1; } }", Role.OWNED),
    ("class A { private static final int[] T = {1, 2}; static int f(int i) { return T[i]; } }", Role.REPLICATED),
    ("class A { static int n; static int f() { return n++; } }", Role.OWNED),
    ("@Service class A { int f() { return 1; } }", Role.OWNED),
    ("class A { static class Builder { int n; } static int f() { return new Builder().n; } }", Role.REPLICATED),
]


@pytest.mark.parametrize(("text", "role"), ROLES, ids=[f"{i}-{r.value}" for i, (_, r) in enumerate(ROLES)])
def test_a_class_named_from_two_parts_is_replicated_only_where_copies_cannot_be_told_apart(legal: Legal, text: str, role: Role) -> None:
    users = "class UseP { int s; A a; Class<?> c = A.class; }\nclass UseQ { int s; A a; }"
    if "@interface" in text:
        users = "@A class UseP { int s; }\n@A class UseQ { int s; }"
    plan = legal(text + "\n" + users + STAY, p="A UseP StayP", q="UseQ StayQ")
    (found,) = [c for c in plan.classes if c.name == "a.A"]
    assert found.role is role, found.reason


IDENTITY = ["boolean f(A x, A y) { return x == y; }", "void f(A x) { synchronized (x) { } }", "int f(A x) { return System.identityHashCode(x); }"]


@pytest.mark.parametrize("use", IDENTITY)
def test_a_value_with_an_identity_is_owned(legal: Legal, use: str) -> None:
    plan = legal(f"record A(int n) {{ }}\nclass UseP {{ int s; A a; }}\nclass UseQ {{ int s; {use} }}{STAY}", p="A UseP StayP", q="UseQ StayQ")
    (found,) = [c for c in plan.classes if c.name == "a.A"]
    assert found.role is Role.OWNED
    assert "identity" in found.reason

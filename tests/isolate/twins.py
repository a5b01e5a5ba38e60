"""Twins: the fault of each rule in every spelling that the language has for it. `python -m tests.isolate.twins` prints the table.

A cell is Java text, in which the rule has to bring the classes together, or says why the spelling makes no sense for the rule.
A is in the part p; B, C and Q are in q. What stands in a test has to be placed beside A.
"""

# ruff: noqa: E501  (Java programs, one a line)

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from refactor.isolate.rules import RULES
from tests.isolate.conftest import compiled_stubs, plan_of, program_of

SPELLINGS = ("plain", "interface", "generic", "inherited", "lambda", "reference", "anonymous", "object", "element", "test")
STAY = "\nclass StayP { int state; void touch() { state++; } }\nclass StayQ { int state; void touch() { state++; } }\n"
F = "\ninterface F<X> { void f(X x) throws Exception; }"


class Why(str):
    """Why a rule has no such spelling."""

    __slots__ = ()


Family = dict[str, str]


def delivered(type_: str, body: str, arg: str, *, result: str = "void", before: str = "", after: str = "", state: str = "", field: str = "", mark: str = "", main: bool = False, test: str = "") -> Family:
    """B calls A's `op`, through what C gives it; the fault is in what `op` does with its argument, or gives back."""
    boxed = {"int": "Integer"}.get(type_, type_)
    given = "" if result == "void" else f"{result} r = "
    sign = f"{result} op({type_} t) throws Exception"
    own = f"{{ int s; {state} public {sign} {{ s++; {body} }} }}"
    interface = f"interface I {{ {sign}; }}"
    back = "" if result == "void" else "return "

    def rest(expression: str, shown: str, call: str = "a.op") -> str:
        started = f"A a = new A(); B b = new B(); b.go({expression});"
        entry = f"public static void main(String[] x) throws Exception {{ {started} }}" if main else f"void start() throws Exception {{ s++; {started} }}"
        return (
            f"\nclass B {{ int s; {field} {mark} public void go({shown} a) throws Exception {{ s++; {before} {given}{call}({arg}); {after} }} }}"
            f"\nclass C {{ int s; {entry} }}"
        )

    return {
        "plain": f"class A {own}" + rest("a", "A"),
        "interface": f"{interface}\nclass A implements I {own}" + rest("a", "I"),
        "generic": f"interface I<X> {{ {result} op(X t) throws Exception; }}\nclass A implements I<{boxed}> {own.replace(f'op({type_} t)', f'op({boxed} t)')}" + rest("a", f"I<{boxed}>"),
        "inherited": f"interface J {{ {sign}; }}\ninterface I extends J {{ }}\nclass A implements I {own}" + rest("a", "I"),
        "lambda": f"{interface}\nclass A {own}" + rest("t -> a.op(t)", "I"),
        "reference": f"interface J {{ {sign}; }}\ninterface I extends J {{ }}\nclass A {own}" + rest("a::op", "I"),
        "anonymous": f"{interface}\nclass A {own}" + rest(f"new I() {{ public {sign} {{ {back}a.op(t); }} }}", "I"),
        "object": f"class A {own}" + rest("a", "Object", "((A) a).op"),
        "element": f"class A {own}" + rest("List.of(a)", "List<A>", "a.get(0).op"),
        "test": Why(test) if test else f"class A {own}\nclass XTest {{ {field} int s; @Test void t() throws Exception {{ A a = new A(); {before} {given}a.op({arg}); {after} }} }}",
    }


def done_to(state: str, op: str, reference: str = "", *, interface: str = "", object_: str = "", generic: str = "", test: str = "") -> Family:
    """B does something to an object x of A; `op` has its name as `$`. `interface`, `object_`: the same where only that much is known of it."""
    a = f"class A {{ int s; {state} }}"
    of = lambda text, name: text.replace("$", name)  # noqa: E731
    return {
        "plain": f"{a}\nclass B {{ int s; void go(A a) throws Exception {{ s++; {of(op, 'a')} }} }}",
        "interface": Why(interface[1:]) if interface.startswith("-") else f"interface I {{ }}\nclass A implements I {{ int s; {state} }}\nclass B {{ int s; void go(I a) throws Exception {{ s++; {of(interface or op, 'a')} }} }}",
        "generic": f"{a}\nclass B {{ int s; <T extends A> void go(T a) throws Exception {{ s++; {of(generic or op, 'a')} }} }}",
        "inherited": f"{a}\nclass Q {{ int s; void look(A a) throws Exception {{ s++; {of(op, 'a')} }} }}\nclass B extends Q {{ void go(A a) throws Exception {{ look(a); }} }}",
        "lambda": f"{a}{F}\nclass B {{ int s; void go(A a) throws Exception {{ s++; F<A> f = x -> {{ {of(op, 'x')} }}; f.f(a); }} }}",
        "reference": Why(reference[1:]) if reference.startswith("-") else f"{a}{F}\nclass B {{ int s; void go(A a) throws Exception {{ s++; F<A> f = {reference}; f.f(a); }} }}",
        "anonymous": f"{a}{F}\nclass B {{ int s; void go(A a) throws Exception {{ s++; new F<A>() {{ public void f(A x) throws Exception {{ {of(op, 'x')} }} }}.f(a); }} }}",
        "object": Why(object_[1:]) if object_.startswith("-") else f"{a}\nclass B {{ int s; void go(A a) throws Exception {{ s++; Object o = a; {of(object_ or op, 'o')} }} }}",
        "element": f"{a}\nclass B {{ int s; void go(List<A> all) throws Exception {{ s++; for (A x : all) {{ {of(op, 'x')} }} }} }}",
        "test": Why(test) if test else f"{a}\nclass XTest {{ @Test void t() throws Exception {{ A a = new A(); {of(op, 'a')} }} }}",
    }


def said(reader: str, write: str, reference: str, object_: str, element: str, *, call: str = "", test: str = "") -> Family:
    """B writes what A reads, and neither knows of the other."""
    a = f"class A {{ int s; {reader} }}"
    b = "class B {{ int s; {} }}"
    return {
        "plain": f"{a}\n{b.format(f'void go() throws Exception {{ s++; {write} }}')}",
        "interface": f"{a}\ninterface I {{ void go() throws Exception; }}\nclass B implements I {{ int s; public void go() throws Exception {{ s++; {write} }} }}",
        "generic": f"{a}{F}\nclass B implements F<String> {{ int s; public void f(String x) throws Exception {{ s++; {write} }} }}",
        "inherited": f"{a}\nclass Q {{ int s; void w() throws Exception {{ s++; {write} }} }}\nclass B extends Q {{ void go() throws Exception {{ w(); }} }}",
        "lambda": f"{a}{F}\n{b.format(f'void go() throws Exception {{ s++; F<String> f = x -> {{ {write} }}; f.f(null); }}')}",
        "reference": f"{a}\n{b.format(f'void go() throws Exception {{ s++; {reference} }}')}",
        "anonymous": f"{a}{F}\n{b.format(f'void go() throws Exception {{ s++; new F<String>() {{ public void f(String x) throws Exception {{ {write} }} }}.f(null); }}')}",
        "object": f"{a}\n{b.format(f'void go(Object o) throws Exception {{ s++; {object_} }}')}",
        "element": f"{a}\n{b.format(f'void go() throws Exception {{ s++; {element} }}')}",
        "test": Why(test) if test else f"{a}\nclass XTest {{ @Test void t() throws Exception {{ A a = new A(); {write} {call} }} }}",
    }


def declared(why: str, **cells: str) -> Family:
    """A rule on declarations: the spellings that it has, and why not the others."""
    return {name: cells.get(f"{name}_", Why(why)) for name in SPELLINGS}


INIT = "static int s = 1; static int f() { return s + B.n; }"
CYCLE = "class A {{ static int s = B.n; static int f() {{ return s; }} public int go(Object o) {{ return s; }} }}\n{}"
MAPPED = "class A { int s; int f() { return s; } }\ninterface M { @Select(\"\") A find(int id); }\n"
MAPPER_TEST = "class XTest { M m; @Test void t() { m.find(1); } }"

TWINS: dict[str, Family] = {
    "same-file": declared("two classes of one file: no use of either is looked at", plain_="class A { int s; }\n// + class B { int s; }"),
    "stateful-superclass": declared(
        "no class extends another here",
        plain_="class A { int s; final void go() { s++; } }\nclass B extends A { A other = new A(); }",
        generic_="class A<T> { T s; final void go(T t) { s = t; } }\nclass B extends A<String> { A<String> other = new A<>(); }",
        inherited_="class A { int s; final void go() { s++; } }\nclass Q extends A { A other = new A(); }\nclass B extends Q { int t; }",
        anonymous_="class A { int s; final void go() { s++; } }\nclass B { int s; A make() { s++; return new A() { }; } }",
        test_="class A { int s; final void go() { s++; } }\nclass XTest { @Test void t() { new A() { }; } }",
    ),
    "no-proxy": declared(
        "",
        plain_="class A extends Thread { int s; }\nclass B { int s; void go(A a) { s++; a.start(); } }",
        interface_="class A extends Thread { int s; }\nclass B { int s; Runnable go() { s++; return new A(); } }",
        generic_="class A extends Thread { int s; }\nclass B { int s; <T extends A> void go(T a) { s++; a.start(); } }",
        inherited_="class A extends Thread { int s; }\nclass Q { int s; void w(A a) { s++; a.start(); } }\nclass B extends Q { void go(A a) { w(a); } }",
        lambda_="class A extends Thread { int s; }\nclass B { int s; Supplier<Runnable> f = () -> new A(); void go() { s++; } }",
        reference_="class A extends Thread { int s; }\nclass B { int s; Supplier<Runnable> f = A::new; void go() { s++; } }",
        anonymous_="class A extends Thread { int s; }\nclass B { int s; Supplier<Runnable> f = new Supplier<>() { public Runnable get() { return new A(); } }; void go() { s++; } }",
        object_="class A extends Thread { int s; }\nclass B { int s; void go(Object a) { s++; ((A) a).start(); } }",
        element_="class A extends Thread { int s; }\nclass B { int s; void go(List<A> a) { s++; a.get(0).start(); } }",
        test_="class A extends Thread { int s; }\nclass XTest { @Test void t() { new A().start(); } }",
    ),
    "shared-array": delivered("int[]", "held = t;", "x", state="int[] held; int first() { return held[0]; }", before="int[] x = new int[2];", after="x[0] = 7;"),
    "shared-object": delivered("StringBuilder", "held = t;", "x", state="StringBuilder held; int first() { return held.length(); }", before="StringBuilder x = new StringBuilder();", after="x.append(7);"),
    "pinned-type": delivered("Connection", "t.commit();", "null"),
    "pinned-callback": declared(
        "what a function is given it hands on by a call, which pinned-type sees",
        plain_="class A implements Consumer<Connection> { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(A a) { s++; } }",
        interface_="interface I extends Consumer<Connection> { }\nclass A implements I { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(A a) { s++; } }",
        generic_="interface I<T> extends Consumer<T> { }\nclass A implements I<Connection> { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(A a) { s++; } }",
        inherited_="abstract class Q<T> implements Consumer<T> { }\nclass A extends Q<Connection> { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(A a) { s++; } }",
        anonymous_="class A { int s; Consumer<Connection> made() { return new Consumer<>() { public void accept(Connection c) { s++; } }; } }\nclass B { int s; void go(A a) { s++; a.made(); } }",
        object_="class A implements Consumer<Connection> { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(Object a) { s++; ((A) a).hashCode(); } }",
        element_="class A implements Consumer<Connection> { int s; public void accept(Connection c) { s++; } }\nclass B { int s; void go(List<A> a) { s++; } }",
    ),
    "library-type": delivered("Gadget", "t.turn();", "new Gadget()"),
    "remote-monitor": done_to("void f() { s++; }", "synchronized ($) { $.hashCode(); }", "x -> { synchronized (x) { x.f(); } }", object_="synchronized (((A) $)) { $.hashCode(); }"),
    "remote-volatile": done_to("volatile int n;", "$.n = 1;", "-a field has no reference", interface="-a field is not reached through an interface", object_="((A) $).n = 1;"),
    "value-identity": delivered("String", "held = t; return held;", "mine", result="String", state="String held;", after="if (r == mine) { s++; }", field="String mine = new String();"),
    "reflection": done_to("int n;", "new ObjectMapper().writeValueAsString($);", "new ObjectMapper()::writeValueAsString"),
    "handler-binding": declared(
        "a handler is a method of a controller: it has no other form",
        plain_="class A { public int s; }\n@Service class B { int s; @PostMapping String go(A a) { return null; } }",
        interface_="class A { public int s; }\ninterface I { @PostMapping String go(A a); }\n@Service class B implements I { int s; public String go(A a) { return null; } }",
        generic_="class A { public int s; }\nclass Q<T> { @PostMapping public String go(T a) { return null; } }\n@Service class B extends Q<A> { int s; }",
        inherited_="class A { public int s; }\nclass Q { @PostMapping public String go(A a) { return null; } }\n@Service class B extends Q { int s; }",
        element_="class A { public int s; }\n@Service class B { int s; @PostMapping String go(List<A> a) { return null; } }",
    ),
    "static-init-cycle": {
        "plain": CYCLE.format("class B { static int n = A.f(); static int k() { return n++; } }"),
        "interface": CYCLE.format("interface I { int f(); }\nclass B { static int n = run(new Q()); static int run(I i) { return i.f(); } static int k() { return n++; } }\nclass Q implements I { public int f() { return A.f(); } }"),
        "generic": CYCLE.format("interface I<T> { int f(T t); }\nclass B { static int n = run(new Q()); static int run(I<String> i) { return i.f(null); } static int k() { return n++; } }\nclass Q implements I<String> { public int f(String t) { return A.f(); } }"),
        "inherited": CYCLE.format("interface I { int f(); }\nclass Q { public int f() { return A.f(); } }\nclass B extends Q implements I { static int n = run(new B()); static int run(I i) { return i.f(); } static int k() { return n++; } }"),
        "lambda": CYCLE.format("class B { static int n = run(() -> A.f()); static int run(Supplier<Integer> i) { return i.get(); } static int k() { return n++; } }"),
        "reference": CYCLE.format("class B { static int n = run(A::f); static int run(Supplier<Integer> i) { return i.get(); } static int k() { return n++; } }"),
        "anonymous": CYCLE.format("class B { static int n = new Supplier<Integer>() { public Integer get() { return A.f(); } }.get(); static int k() { return n++; } }"),
        "object": CYCLE.format("class B { static int n = run(new A()); static int run(Object o) { return ((A) o).go(o) + A.f(); } static int k() { return n++; } }"),
        "element": CYCLE.format("class B { static int n = Stream.of(1).map(x -> A.f()).findFirst().get(); static int k() { return n++; } }"),
        "test": Why("initialisers of tests run in the process of the test, which has proxies of both"),
    },
    "native-method": declared(
        "a native method has a declaration only",
        plain_="class A { int s; }\nclass B { int s; native void go(A a); }",
        interface_="interface I { }\nclass A implements I { int s; }\nclass B { int s; native void go(I a); void f(A a) { s++; go(a); } }",
        generic_="class A { int s; }\nclass B { int s; native <T extends A> void go(T a); }",
        inherited_="class A { int s; }\nclass Q { int s; native void go(A a); }\nclass B extends Q { }",
        reference_="class A { int s; }\nclass B { int s; native void go(Object a); Consumer<A> f = this::go; }",
        lambda_="class A { int s; }\nclass B { int s; native void go(Object a); Consumer<A> f = a -> go(a); }",
        anonymous_="class A { int s; }\nclass B { int s; native void go(Object a); Consumer<A> f = new Consumer<>() { public void accept(A a) { go(a); } }; }",
        object_="class A { int s; }\nclass B { int s; native void go(Object a); void f(A a) { s++; go(a); } }",
        element_="class A { int s; }\nclass B { int s; native void go(A[] a); }",
    ),
    "process-state": said(
        "String f() { return System.getProperty(\"x\"); }", "System.setProperty(\"x\", \"y\");", "BiFunction<String, String, String> f = System::setProperty; f.apply(\"x\", \"y\");",
        "System.setProperty((String) o, \"y\");", "for (String k : List.of(\"x\")) { System.setProperty(k, \"y\"); }", call="a.f();",
    ),
    "thread-bound": said(
        "String f() { return Thread.currentThread().getName(); }", "Thread.currentThread().setName(\"x\");", "Consumer<String> f = Thread.currentThread()::setName; f.accept(\"x\");",
        "((Thread) o).setName(\"x\");", "for (Thread t : List.of(Thread.currentThread())) { t.setName(\"x\"); }", test="a test's own thread is that of its process",
    ),
    "console": delivered("String", "System.out.println(t);", "\"x\"", main=True, test="a test runs no main; what it prints nobody compares"),
    "transaction": delivered("String", "DriverManager.getConnection(t).commit();", "\"x\"", mark="@Transactional", test="a test that begins a transaction is placed by what its context needs"),
    "persistence-context": declared(
        "an entity refers to another one by a field",
        plain_="@Entity class A { int s; }\n@Entity class B { int s; A a; }",
        generic_="@Entity class A { int s; }\n@Entity class B<T extends A> { int s; T a; }",
        inherited_="@Entity class A { int s; }\n@Entity class Q { int s; A a; }\nclass B extends Q { int t; }",
        element_="@Entity class A { int s; }\n@Entity class B { int s; List<A> a; }",
    ),
    "mapped-object": declared(
        "",
        plain_=MAPPED + "class B { int s; M m; void go() { s++; m.find(s); } }",
        interface_=MAPPED + "interface I extends M { }\nclass B { int s; I m; void go() { s++; m.find(s); } }",
        generic_="class A { int s; int f() { return s; } }\ninterface G<T> { T find(int id); }\ninterface M extends G<A> { @Select(\"\") A find(int id); }\nclass B { int s; M m; void go() { s++; m.find(s); } }",
        inherited_=MAPPED + "class Q { int s; M m; void w() { s++; m.find(s); } }\nclass B extends Q { void go() { w(); } }",
        lambda_=MAPPED + "class B { int s; M m; void go() { s++; IntFunction<Object> f = i -> m.find(i); f.apply(1); } }",
        reference_=MAPPED + "class B { int s; M m; void go() { s++; IntFunction<Object> f = m::find; f.apply(1); } }",
        anonymous_=MAPPED + "class B { int s; M m; void go() { s++; new IntFunction<Object>() { public Object apply(int i) { return m.find(i); } }.apply(1); } }",
        object_=MAPPED + "class B { int s; void go(Object m) { s++; ((M) m).find(s); } }",
        element_=MAPPED + "class B { int s; void go(List<M> m) { s++; m.get(0).find(s); } }",
        test_=MAPPED + MAPPER_TEST,
    ),
    "web-session": said(
        "Object g(HttpSession h) { s++; return h.getAttribute(\"user\"); }", "HttpSession h = null; h.setAttribute(\"user\", s);", "HttpSession h = null; BiConsumer<String, Object> f = h::setAttribute; f.accept(\"user\", \"\");",
        "((HttpSession) o).setAttribute(\"user\", s);", "for (String k : List.of(\"user\")) { HttpSession h = null; h.setAttribute(k, s); }", test="a test has a session of its own",
    ),
}  # fmt: skip
BEANS = "it looks at the beans of a container: its families are in tests/frameworks (events, caches, embedded databases, sessions by every form of call)"
for _name in ("open-session", "container", "embedded-database"):
    TWINS[_name] = declared(BEANS)


def caught(rule: str, spelling: str, folder: Path, library: object) -> str:
    """What the rule does with a cell: "together", "beside A" for a test, or what else became of it."""
    program = program_of(folder, TWINS[rule][spelling] + STAY, library)  # type: ignore[arg-type]
    plan = plan_of(program, p="A StayP", q="B C Q StayQ")
    rules = {m.rule for m in plan.moves} | {r.rule for r in plan.refusals}
    if spelling == "test":
        placed = {p for t in plan.tests if t.name == "a.XTest" for p in t.placements}
        return "beside A" if placed == {"p"} else f"NOT: placed in {sorted(placed)}"
    return "together" if rule in rules else f"NOT: {sorted(rules)}"


def main() -> int:
    """The table, rule by rule; 1 where a cell is not as its twins are."""
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        library = compiled_stubs(Path(scratch) / "stubs")
        for rule in (r.id for r in RULES):
            print(rule)
            for spelling in SPELLINGS:
                cell = TWINS[rule][spelling]
                found = f"- {cell}" if isinstance(cell, Why) else caught(rule, spelling, Path(scratch) / rule / spelling, library)
                failed += found.startswith("NOT")
                print(f"  {spelling:10} {found}")
    print(f"{failed} cells differ from their twins")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())

"""One small program per construct: pieces move, javac compiles what comes out, and the trace is the one from before."""

from __future__ import annotations

import pytest

from tests.motion.conftest import Extracted

RUN = "class Main {\n    public static void main(String[] args) throws Exception {\n        %s\n    }\n}\n"


def main(code: str) -> str:
    return RUN % code


def test_static_groups_with_constants_loggers_and_shared_helpers(moved: Extracted) -> None:
    done = moved(
        """
import java.util.logging.Logger;
class A {
    private static final Logger LOG = Logger.getLogger(A.class.getName());
    private static final int LIMIT = 3, TWICE = 2 * LIMIT;
    static final String SHOWN = "shown" + LIMIT;
    private static int hits; // of one

    /** Counts. */
    static int one(int n) {
        LOG.fine("one");
        A.hits += clamp(n);
        return hits++ + LIMIT;
    }

    static String two() { return SHOWN + clamp(9) + TWICE; }

    private static int clamp(int n) { return Math.min(n, LIMIT); }
}
"""
        + main('System.out.println(A.one(5) + " " + A.one(1) + A.two() + A.SHOWN);'),
        p="A~one",
    )
    assert not done.motion.refusals
    new = done.files["src/shop/AOne.java"]
    assert "    private static int hits; // of one\n" in new
    assert "    /** Counts. */\n    static int one(int n) {\n" in new
    assert "AOne.hits += clamp(n);" in new
    assert "return AOne.one(n);" in done.files["src/shop/A.java"]
    assert "hits" not in done.files["src/shop/A.java"]


def test_untouched_text_stays_byte_for_byte(moved: Extracted) -> None:
    done = moved("class A {\r\n    int  odd( ) { return   1; }\r\n\r\n    // kept\r\n    int two() { return 2; }\r\n}\n", p="A~two")
    assert "    int  odd( ) { return   1; }\r\n" in done.files["src/shop/A.java"]
    assert "    // kept\r\n    int two() { return 2; }\r\n" in done.files["src/shop/ATwo.java"]


def test_initialisers_run_where_they_ran(moved: Extracted) -> None:
    done = moved(
        """
import java.util.*;
class A {
    static int clock;
    static int tick(String what) { System.out.println(what + ++clock); return clock; }

    private static int early = tick("early");
    private static final List<Integer> SEEN = new ArrayList<>();
    static { SEEN.add(early); System.out.println(seen()); }
    private int first = tick("first");
    private int[] none = {}, more;
    private int ticks[] = {tick("array"), 1};
    private final int last;
    private int sum = first + 1;

    A(int last) { more = new int[] {last}; this.last = last + sum; System.out.println(value()); }
    A() { this(7); sum++; }

    static int seen() { return SEEN.size() + early; }
    int value() { sum += last; return first + last + sum + none.length + more[0] + ticks[0]; }
    int other() { return clock; }
}
"""
        + main('System.out.println(new A().value() + new A(3).value() + " " + A.seen() + new A().other());'),
        p="A~value",
        q="A~seen",
    )
    assert not done.motion.refusals
    a = done.files["src/shop/A.java"]
    assert 'static { ASeen.early = tick("early"); }' in a
    assert 'aValue.first = tick("first");' in a


def test_locks_are_those_of_the_old_object(moved: Extracted) -> None:
    done = moved(
        """
class A {
    private int n;
    synchronized void up() { n++; System.out.println(Thread.holdsLock(this)); }
    void twice() { up(); synchronized (this) { up(); System.out.println(Thread.holdsLock(A.this)); } }
    static synchronized boolean held() { return Thread.holdsLock(A.class); }
    int size() { return 4; }
}
"""
        + main('A a = new A(); a.twice(); synchronized (a) { a.up(); } System.out.println(A.held() + " " + a.size());'),
        p="A~up",
        q="A~size",
    )
    assert not done.motion.refusals
    new = done.files["src/shop/AUp.java"]
    assert "void up() { n++; System.out.println(Thread.holdsLock(a)); }" in new
    assert "a.up(); synchronized (a) { a.up();" in new
    assert "synchronized void up() {" in done.files["src/shop/A.java"]


def test_this_as_a_value_is_the_old_object(moved: Extracted) -> None:
    moved(
        """
import java.util.*;
import java.util.function.*;
class A implements Comparable<A> {
    private final String name;
    private final List<Object> kept = new ArrayList<>();
    A(String name) { this.name = name; }
    A keep() { kept.add(this); kept.add((Supplier<A>) () -> this); return this; }
    int kept() { Runnable r = this::keep; r.run(); Supplier<A> s = A.this::keep; s.get(); return kept.size(); }
    boolean same(A other) { return other == this && other.kept == kept && kept.get(0) == this && other.name.equals(name); }
    @Override public int compareTo(A other) { return other.kept.size() - this.kept.size(); }
    String shown() { return "" + this + getClass().getSimpleName() + hashCode() + equals(this); }
    @Override public int hashCode() { return name.length(); }
    @Override public String toString() { return name + kept.size(); }
}
"""
        + main(
            'A a = new A("x"), b = new A("y"); System.out.println(a.keep() == a); System.out.println(a.kept() + " " + a.same(a) + a.same(b)'
            " + a.compareTo(b) + a.shown());"
        ),
        p="A~keep",
        q="A~shown",
    )


def test_overriding_methods_still_win(moved: Extracted) -> None:
    done = moved(
        """
abstract class Shape<T> {
    private int calls;
    String describe(T t) { calls++; return name(t) + own() + size(); }
    String name(T t) { calls++; return "shape"; }
    final String own() { return "own" + calls; }
    int size() { return 1; }
    abstract int area();
    int doubled() { return 2 * area(); }
}
class Square extends Shape<String> {
    @Override String name(String t) { return "square " + t; }
    @Override int size() { return 5; }
    @Override int area() { return size() * size(); }
}
"""
        + main(
            'Shape<String> s = new Square(); System.out.println(s.describe("a") + s.doubled());'
            " s = new Shape<String>() { int area() { return 1; } String name(String t) { return super.name(t) + t; } };"
            ' System.out.println(s.describe("b") + s.doubled());'
        ),
        p="Shape~describe",
        q="Shape~doubled",
    )
    new = done.files["src/shop/ShapeDescribe.java"]
    assert "return owner.name(t) + own() + owner.size();" in new
    assert "class ShapeDescribe<T> {" in new


def test_generic_methods_varargs_and_checked_exceptions(moved: Extracted) -> None:
    moved(
        """
import java.io.IOException;
import java.util.*;
import java.util.function.*;
class A<K extends Comparable<K>, V> {
    private final Map<K, List<V>> map = new TreeMap<>();
    @SafeVarargs final void put(K key, V... values) { map.computeIfAbsent(key, k -> new ArrayList<>()).addAll(Arrays.asList(values)); }
    <R, E extends Exception> R first(K key, Function<? super V, ? extends R> f, E none) throws E, IOException {
        if (!map.containsKey(key)) throw none;
        if (map.get(key).isEmpty()) throw new IOException("empty");
        return f.apply(map.get(key).get(0));
    }
    static int sum(int... ns) { int s = 0; for (int n : ns) s += n; return s; }
    static int sum(int a, int b) { return -a - b; }
    static <T> T pick(boolean first, T a, T b) { return first ? a : b; }
    static long sum(Object o) { return 7; }
}
"""
        + main(
            'A<String, Integer> a = new A<>(); a.put("k", 1, 2); a.put("e"); Object o = a.first("k", n -> n + 1, new RuntimeException());'
            " System.out.println(o);"
            ' try { a.first("e", n -> n, new RuntimeException()); } catch (java.io.IOException e) { System.out.println(e); }'
            ' try { a.first("z", n -> n, new Exception("z")); } catch (Exception e) { System.out.println(e.getMessage()); }'
            ' System.out.println(A.sum() + A.sum(1, 2) + A.sum(1, 2, 3) + A.sum("x") + A.pick(false, 1, 2L).longValue());'
        ),
        p="A~put",
        q="A~sum([I) A~pick",
        r="A~sum(II)",
    )


def test_nested_anonymous_and_local_classes_move_with_their_text(moved: Extracted) -> None:
    done = moved(
        """
import java.util.*;
class A {
    private int n = 1;
    static class Open { int v = 2; }
    private static class Node { Node next; int v; Node(int v, Node next) { this.v = v; this.next = next; } }
    private class Step { int by() { return n + A.this.n; } }
    private Node head;
    Open open = new Open();

    void push(int v) { head = new Node(v, head); Node h = this.head; h.v += new Step().by(); n = h.v; }
    List<Integer> all() {
        List<Integer> found = new ArrayList<>();
        for (Node at = head; at != null; at = at.next) found.add(at.v);
        class Local { int twice() { return n * 2; } }
        Iterator<Integer> it = new Iterator<>() {
            Node at = head;
            public boolean hasNext() { return at != null; }
            public Integer next() { int v = at.v; at = at.next; return v + n + A.this.n; }
        };
        while (it.hasNext()) found.add(it.next());
        found.add(new Local().twice());
        return found;
    }
    Open other(Open o) { Open p = new A.Open(); p.v = o.v + open.v; Map.Entry<Open, A.Open> e = Map.entry(o, p); return e.getValue(); }
}
"""
        + main("A a = new A(); a.push(1); a.push(2); System.out.println(a.all()); System.out.println(a.other(a.open).v);"),
        p="A~push",
        q="A~other",
    )
    assert not done.motion.refusals
    assert "private static class Node" in done.files["src/shop/APush.java"]
    assert "A.Open other(A.Open o) { A.Open p = new A.Open();" in done.files["src/shop/AOther.java"]


def test_references_are_set_in_both_by_one_assignment(moved: Extracted) -> None:
    done = moved(
        """
class Dao { final String n; Dao(String n) { this.n = n; } String load() { return n; } }
class A {
    private final Dao dao;
    private final Dao spare = new Dao("spare");
    private final int port;
    protected Dao shown = new Dao("shown");
    A(String n) { this.dao = new Dao(n); port = n.length(); System.out.println(one() + two()); }
    String one() { return dao.load() + spare.load() + port + shown.load(); }
    String two() { return dao.load() + this.spare.n + A.this.port + shown.load(); }
    boolean like(A other) { return other.dao == dao && other.port == port; }
}
"""
        + main('A a = new A("n"); System.out.println(a.one() + a.two() + a.like(a) + a.like(new A("n")));'),
        p="A~one",
        q="A~like",
    )
    a = done.files["src/shop/A.java"]
    assert "this.dao = aLike.dao = aOne.dao = new Dao(n);" in a
    assert "a.shown.load()" in done.files["src/shop/AOne.java"]


def test_inherited_members_are_the_old_objects(moved: Extracted) -> None:
    moved(
        """
import java.util.*;
import static java.lang.Math.max;
interface Rates { int RATE = 3; default int rate() { return RATE; } static int none() { return 0; } enum Kind { X, Y } }
class A implements Rates {
    private int uses;
    int one() { uses++; return rate() + RATE + this.rate() + Rates.none() + max(uses, Kind.values().length) + Kind.Y.ordinal(); }
    int two() { return 2; }
    public int rate() { return 10 + two(); }
}
"""
        + main("System.out.println(new A().one() + new A().two());"),
        p="A~one",
        q="A~rate",
    )


def test_private_methods_that_the_class_itself_calls(moved: Extracted) -> None:
    done = moved(
        """
class A {
    private int n;
    private int m;
    private Runnable r;
    A() { reset(3); r = this::bump; r.run(); }
    A(A other) { n = other.n + other.secret(); }
    private void reset(int to) { this.n = to; }
    private void bump() { n *= 2; }
    private int secret() { return n; }
    int n() { return n + 1; }
    int m() { return ++m; }
    int total(A other) { return other.m + m; }
}
"""
        + main("System.out.println(new A(new A()).n() + new A().m() + new A().total(new A()));"),
        p="A~n",
        q="A~m",
    )
    a = done.files["src/shop/A.java"]
    assert "aN.reset(3); r = this.aN::bump;" in a
    assert "aN.n = other.aN.n + other.aN.secret();" in a


def test_a_private_method_that_an_annotation_names_stays_as_a_delegation(moved: Extracted) -> None:
    done = moved(
        """
@interface Hook { String value() default ""; }
class A {
    private int n;
    @Hook("start") private int start(@SuppressWarnings("x") int by) { return n += by; }
    @Deprecated @SuppressWarnings("unused") public @Hook int up() { return start(2); }
    int two() { return 2; }
}
"""
        + main("A a = new A(); System.out.println(a.up() + a.two());"),
        p="A~up",
    )
    assert '@Hook("start") private int start(@SuppressWarnings("x") int by) {\n' in done.files["src/shop/A.java"]
    assert '@Deprecated @SuppressWarnings("unused") public int up() { return start(2); }' in done.files["src/shop/AUp.java"]


def test_a_superclass_that_only_sets_its_fields(moved: Extracted) -> None:
    moved(
        """
abstract class Base {
    protected final String name;
    private int n = 3;
    Base(String name) { this.name = name; n++; }
    int n() { return n; }
    abstract int area();
}
class A extends Base {
    private int side;
    private A(int side) { super("a"); this.side = side; }
    static A of(int side) { return new A(side); }
    int area() { return side * side + n() + this.name.length(); }
    @Override int n() { return super.n() + 1; }
}
"""
        + main("Base a = A.of(3); System.out.println(a.area() + a.name);"),
        p="A~of",
        q="A~area",
    )


def test_names_that_are_taken_are_not_taken_again(moved: Extracted) -> None:
    done = moved(
        """
class AOne { static int v = 1; }
class A {
    private int a, aOne2;
    int one() { a++; aOne2++; return AOne.v + a + aOne2 + other(); }
    int other() { return 2; }
}
"""
        + main("System.out.println(new A().one());"),
        p="A~one",
    )
    assert "src/shop/AOne2.java" in done.files


@pytest.mark.parametrize(
    ("text", "label", "rule"),
    [
        ("class A { int n; int one() { return n++; } int two() { return 2; } }", "A~one", "extract/visible-field"),
        ("class A { private int n = 1, m; int one() { n++; return n; } int two() { return m++; } }", "A~one", "extract/declarators"),
        ("class B { B() { go(); } void go() {} }\nclass A extends B { int b() { return 1; } void go() { } }", "A~go", "extract/superclass"),
        ("class A extends Thread { int one() { return 1; } int two() { return 2; } }", "A~one", "extract/superclass"),
        ("class A implements java.io.Serializable { static void one() { } int two() { return 2; } }", "A~one", "extract/serial-form"),
        ("class A { Object one() { return Thread.currentThread().getStackTrace(); } int two() { return 2; } }", "A~one", "extract/frames"),
        ("class A { native int one(); int two() { return 2; } int three() { return one(); } }", "A~two", ""),
        ("class A { int one() { return super.hashCode(); } int two() { return 2; } }", "A~one", "extract/super-call"),
        ("class A { class In {} Object one() { return new In(); } int two() { return 2; } }", "A~one", "extract/inner-class"),
        ("class A { private A() {} A(int n) {} static A one() { return new A(); } void two() { } }", "A~one", "extract/private-access"),
        ("class A { private static int n; static int one(A a) { return a.n++; } void b() { } }", "A~one", "extract/static-through-object"),
        (
            "class A { private int n; int one() { return n++; } int two() { return 2; } }\n"
            'class B { Object f() throws Exception { return A.class.getDeclaredField("n"); } }',
            "A~one",
            "extract/reflection",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_place(moved: Extracted, text: str, label: str, rule: str) -> None:
    done = moved(text, p=label)
    assert done.rules == ({rule} if rule else set())
    assert all(r.span is not None and r.merge == ("shop.A",) for r in done.motion.refusals)

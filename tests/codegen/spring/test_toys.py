"""Toy monoliths, split in two: the parts compile, and print what the monolith prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.spring.toy import compile_parts, run_monolith, run_split, toy

ORDERS = {
    "shop/Order.java": """package shop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

public abstract class Order<T extends Comparable<T>> extends Base implements Named {
    static int made;
    protected final Money price;
    private final List<String> notes = new ArrayList<>();

    protected Order(Money price, String... names) {
        super(names.length);
        this.price = price;
        made++;
    }

    public synchronized Money total(final int tax) { return new Money(price.cents() + tax); }
    public Money total() { return price; }
    public abstract T key();
    public final <A extends Number & Comparable<A>> A largest(A[] all) {
        A best = all[0];
        for (A a : all) if (a.compareTo(best) > 0) best = a;
        return best;
    }
    public void note(String text) throws IOException {
        if (text.isEmpty()) throw new IOException("empty note");
        notes.add(text);
    }
    public String notes() { return String.join(",", notes); }
    public void fill(int[] numbers) { for (int i = 0; i < numbers.length; i++) numbers[i] = i * i; }
    public String first(String[] words) { return words.length + words[0]; }
    public static int count() { return made; }

    public class Line {
        int amount;
        public Line(int amount) { this.amount = amount; }
        public int amount() { return amount + notes.size(); }
        public Order<T> order() { return Order.this; }
    }

    public static class Counter {
        long hits;
        public Counter hit() { hits++; return this; }
        @Override public String toString() { return "hits " + hits; }
    }

    public enum State { OPEN, DONE { @Override public int code() { return 2; } }; public int code() { return 1; } }

    public static class Refused extends RuntimeException {
        public Refused(String message) { super(message); }
    }

    public void refuse() { throw new Refused("not " + key()); }
    public State state() { return State.DONE; }
}
""",
    "shop/Base.java": """package shop;

class Base {
    private final int names;
    Base(int names) { this.names = names; }
    public int names() { return names; }
}
""",
    "shop/Named.java": "package shop;\n\npublic interface Named { String name(); default String greet() { return \"I am \" + name(); } }\n",
    "shop/Money.java": "package shop;\n\npublic record Money(long cents) { }\n",
    "shop/Book.java": """package shop;

public class Book extends Order<String> {
    private final String title;
    public Book(String title) { super(new Money(700), title, "book"); this.title = title; }
    @Override public String key() { return title; }
    @Override public String name() { return "book " + title; }
}
""",
    "desk/Desk.java": """package desk;

import java.io.IOException;
import shop.Book;
import shop.Money;
import shop.Named;
import shop.Order;

public class Desk {
    public static void main(String[] args) throws IOException {
        Book book = new Book("Java");
        Order<String> order = book;
        System.out.println(order.total() + " " + order.total(5).cents() + " " + order.key() + " " + book.names());
        Named named = book;
        System.out.println(named.greet());
        order.note("a");
        order.note("b");
        System.out.println(order.notes());
        try {
            order.note("");
        } catch (IOException e) {
            System.out.println("caught " + e.getMessage());
        }
        try {
            order.refuse();
        } catch (Order.Refused e) {
            System.out.println("refused " + e.getMessage());
        }
        int[] numbers = new int[4];
        order.fill(numbers);
        System.out.println(numbers[3] + order.first(new String[] {"x", "y"}));
        System.out.println(order.largest(new Integer[] {3, 9, 4}));
        Order<String>.Line line = order.new Line(40);
        System.out.println(line.amount() + " " + (line.order() == order));
        System.out.println(new Order.Counter().hit().hit() + " " + order.state().code() + " " + Order.State.OPEN.code());
        System.out.println(Order.count() + " " + book.equals(order));
    }
}
""",
}


@pytest.mark.parametrize("release", [17])
def test_two_parts_behave_like_one(tmp_path: Path, runtime: str, release: int) -> None:
    split = toy(tmp_path, ORDERS, {"desk": ["desk.Desk"], "shop": ["shop.Order", "shop.Base", "shop.Book"]})
    compile_parts(split, runtime, release)
    assert run_split(split, runtime, "desk.Desk", "desk") == run_monolith(split, "desk.Desk")


FIELDS = {
    "a/Cell.java": """package a;

public class Cell {
    public int count;
    public byte small;
    public char letter = 'a';
    public Integer boxed = 5;
    public String text = "t";
    public double ratio = 2;
    public Cell next;
    public static long total;
    public static final int LIMIT = 42;
    public static final Cell FIRST = new Cell();
    public final int fixed = 3;
    public final String built = "b".repeat(2);
}
""",
    "b/User.java": """package b;

import static a.Cell.LIMIT;
import static a.Cell.total;

import a.Cell;

public class User {
    static Cell made() { System.out.println("made"); return Cell.FIRST; }
    static int loud(int n) { System.out.println("loud " + n); return n; }

    public static void main(String[] args) {
        Cell c = new Cell();
        c.count = 3;
        c.count += 2.7;
        System.out.println(c.count++ + " " + ++c.count + " " + (c.count = 9) + " " + c.count);
        c.small = 5;
        c.small += 130;
        c.letter++;
        c.letter += 1;
        c.boxed += 4;
        c.boxed++;
        c.text += c.letter;
        c.text += 1 + 2;
        c.text += null;
        c.ratio /= 3;
        c.next = c;
        c.next.next.count = c.count - 1;
        made().count = loud(7);
        made().count += loud(1);
        --(c.count);
        total = 5;
        total <<= 2;
        Cell.total++;
        c.count |= 32;
        c.count >>>= 1;
        System.out.println(c.count + " " + c.small + " " + c.letter + " " + c.boxed + " " + c.text + " " + c.ratio);
        System.out.println((c.next == c) + " " + Cell.FIRST.count + " " + total + " " + LIMIT + " " + c.fixed + c.built);
        int sum = 0;
        for (c.count = 0; c.count < 3; c.count++) sum += c.count;
        System.out.println(sum);
    }
}
""",
}


def test_fields_across_parts(tmp_path: Path, runtime: str) -> None:
    split = toy(tmp_path, FIELDS, {"a": ["a.Cell"], "b": ["b.User"]})
    user = split.source("b", "b.User")
    assert "c.set$count(3);" in user
    assert "c.cell$count().add(2.7);" in user
    assert "c.get$next().get$next().set$count(c.get$count() - 1);" in user
    assert "made().cell$count().add(loud(1));" in user
    assert "import static a.Cell.total" not in user
    assert "import static a.Cell.LIMIT;" in user
    compile_parts(split, runtime)
    assert run_split(split, runtime, "b.User", "b") == run_monolith(split, "b.User")


READERS = {
    "a/Press.java": """package a;

import java.util.concurrent.Flow;

public class Press {
    private final java.util.List<Flow.Subscriber<String>> readers = new java.util.ArrayList<>();
    public void add(Flow.Subscriber<String> reader) { readers.add(reader); }
    public void print(String text) { for (Flow.Subscriber<String> each : readers) each.onNext(text); }
}
""",
    "b/Reader.java": """package b;

import a.Press;
import java.util.concurrent.Flow;

public class Reader implements Flow.Subscriber<String> {
    private int seen;
    public void onSubscribe(Flow.Subscription s) { }
    public void onNext(String text) { System.out.println(++seen + " " + text); }
    public void onError(Throwable e) { }
    public void onComplete() { }

    public static void main(String[] args) {
        Press press = new Press();
        press.add(new Reader());
        press.add(new Flow.Subscriber<>() {
            public void onSubscribe(Flow.Subscription s) { }
            public void onNext(String text) { System.out.println("loud " + text); }
            public void onError(Throwable e) { }
            public void onComplete() { }
        });
        press.print("one");
        press.print("two");
    }
}
""",
}


def test_an_interface_of_a_library_that_the_runtime_has_no_line_for_is_opened(tmp_path: Path, runtime: str) -> None:
    split = toy(tmp_path, READERS, {"a": ["a.Press"], "b": ["b.Reader"]})
    compile_parts(split, runtime)
    assert run_split(split, runtime, "b.Reader", "b") == run_monolith(split, "b.Reader")


ZONES = {
    "a/Keeper.java": """package a;

import java.util.TimeZone;

public class Keeper {
    private int seen;
    public int offset(TimeZone zone) { seen++; return zone.getRawOffset(); }
}
""",
    "b/Main.java": """package b;

import a.Keeper;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

public class Main {
    static int made;
    public static void main(String[] args) {
        Keeper keeper = new Keeper();
        System.out.println(keeper.offset(TimeZone.getTimeZone("Europe/Paris")) + keeper.offset(new SimpleTimeZone(7200000, "two")));
        try {
            keeper.offset(new SimpleTimeZone(0, "summer", 2, -1, 1, 3600000, 9, -1, 1, 3600000));
        } catch (RuntimeException e) {
            System.out.println(e.getMessage().contains("daylight saving"));
        }
    }
}
""",
}


def test_a_time_zone_that_a_copy_would_not_be_equal_to_is_refused_loudly(tmp_path: Path, runtime: str) -> None:
    split = toy(tmp_path, ZONES, {"a": ["a.Keeper"], "b": ["b.Main"]})
    compile_parts(split, runtime)
    assert run_split(split, runtime, "b.Main", "b").split() == ["10800000", "true"]

package p;

import java.util.*;
import java.util.function.*;
import java.util.concurrent.Callable;

/** Overload resolution in three phases, with boxing, varargs, null, generics, lambdas and method references. */
class Overloads {
    void a(int x) {}
    void a(long x) {}
    void a(double x) {}
    void a(Integer x) {}
    void a(Object x) {}
    void a(int... x) {}
    void b(Object o) {}
    void b(String s) {}
    void b(Integer... is) {}
    void c(long a, int b) {}
    void c(int a, long b) {}
    void c(long a, long b) {}
    void d(Runnable r) {}
    <T> T d(Callable<T> c) { return null; }
    void e(Function<String, Integer> f) {}
    void e(ToIntFunction<String> f) {}
    void f(Supplier<String> s) {}
    void f(Runnable r) {}
    void g(List<String> l) {}
    void g(Collection<String> l) {}
    void h(char c) {}
    void h(int i) {}
    void i(Object... os) {}
    void i(String s, Object... os) {}
    <T extends Comparable<T>> void j(T t) {}
    void j(Object o) {}
    static void k(float f) {}
    static void k(Float f) {}
    static void k(Object f) {}
    void l(byte b) {}
    void l(short s) {}
    void l(Character c) {}
    void m(Iterable<?> it) {}
    void m(Object[] it) {}
    void n(Consumer<String> c) {}
    void n(BiConsumer<String, String> c) {}
    void o(IntFunction<String> f) {}
    void o(Function<String, String> f) {}
    void q(StringBuilder b) {}
    void q(CharSequence b) {}
    static String s(Object o) { return ""; }
    static String s(char[] o) { return ""; }
    static int thrower() throws Exception { throw new Exception(); }

    void calls(byte by, short sh, char ch, int in, long lo, float fl, double dou, Integer boxed, Long boxedLong, Character boxedChar, Number num) {
        a(by); a(sh); a(ch); a(in); a(lo); a(fl); a(dou); a(boxed); a(boxedLong); a(boxedChar); a(num); a(); a(1, 2); a("s"); a('c'); a(1L);
        b((String) null); b("x"); b(1); b(1, 2); b(); b(new Object()); b((Object) "x");
        c(1L, 2); c(1, 2L); c(1L, 2L); c('a', 2L);
        d(() -> { }); d(() -> 1); d(() -> { throw new RuntimeException(); }); d(() -> { return "x"; }); d(Overloads::thrower);
        d(() -> { while (true) { } });
        e((String x) -> 1);
        f(() -> "x"); f(() -> System.out.println()); f(() -> { });
        g(new ArrayList<>()); g(List.of()); g(Collections.emptyList()); g(new HashSet<>()); g(null);
        h('c'); h(1); h((char) 1); h(ch); h(by);
        i("a"); i("a", "b"); i(1); i(); i((Object) "a"); i(null, "b"); i(new Object[0]);
        j("x"); j(1); j(new Object()); j(Thread.State.NEW); j(null == null);
        k(1); k(1f); k(1d); k('c'); k(1L);
        l((byte) 1); l(sh); l('c'); l(by);
        m(List.of()); m(new String[0]);
        n(x -> { }); n((x, y) -> { }); n(x -> x.length()); n((x, y) -> x.compareTo(y));
        o((int x) -> "a"); o((String x) -> x.trim());
        q(new StringBuilder()); q("x"); q(null);
        s(null); s(new char[0]); s("x");
        a(in > 1 ? 1 : 2L); a(in > 1 ? boxed : 1); a(in > 1 ? boxed : boxed); a(in > 1 ? "a" : 1); a(in > 1 ? null : 1); a(in > 1 ? 'a' : 1); a(in > 1 ? by : sh);
        a(in++); a(-by); a(~ch); a(by + sh); a(ch + 1L); a(by += 1); a(lo << 2); a(in << lo); a(boxed + 1); a(boxedLong + 1); a(!true ? 1 : 2);
        a("x" + 1); a(1 + 'c'); a((by)); a((int) dou); a((long) 1); a(new int[] {1}); a(new int[][] {{1}}[0]); a(in == 1 ? by : 1);
        String.valueOf(ch); String.valueOf(in); String.valueOf(new char[0]); String.valueOf((Object) null); String.valueOf(boxedChar); String.valueOf(by);
        Math.max(1, 2L); Math.abs(-1f); Math.round(1.5); Math.round(1.5f); Math.max(by, sh); Math.max(boxed, 1); Math.min(boxedLong, boxed);
        new StringBuilder().append('c').append(1).append("s").append(1L).append((Object) null).append(boxed).append(new char[0]).append(by).append(true);
        System.out.println(ch); System.out.println(by); System.out.println(boxed); System.out.println(new char[0]); System.out.printf("%s", 1);
        List<Integer> list = new ArrayList<>();
        list.remove(1); list.remove(boxed); list.remove(by); list.remove((Object) 1); list.add(1, 2); list.add(1); list.toArray(new Integer[0]); list.toArray();
        Arrays.asList(1, 2); Arrays.asList(); Arrays.asList(new String[0]); Arrays.asList(new int[0]); Arrays.fill(new int[1], 1); Arrays.fill(new Object[1], null);
        Arrays.sort(new int[0]); Arrays.sort(new String[0], (x, y) -> y.compareTo(x)); Arrays.sort(new String[0], Comparator.comparing(String::length));
        Objects.requireNonNull("x", "message"); Objects.requireNonNull("x", () -> "message"); Objects.hash(1, 2, 3); Objects.hash(); Objects.equals(1, 2L);
        Integer.valueOf(1).compareTo(2); Long.valueOf(1L).equals(1); Integer.toString(1, 2); Integer.valueOf("1"); Character.isDigit('1'); Character.isDigit((int) '1');
        EnumSet.of(Thread.State.NEW); EnumSet.of(Thread.State.NEW, Thread.State.BLOCKED); EnumSet.of(Thread.State.NEW, Thread.State.NEW, Thread.State.NEW, Thread.State.NEW, Thread.State.NEW, Thread.State.NEW);
        Optional.of("x").map(String::length).filter(z -> z > 1).orElseGet(() -> 3); Optional.ofNullable((String) null).orElseThrow(IllegalStateException::new);
    }
}

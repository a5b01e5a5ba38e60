package p;

import java.util.*;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.*;

/** What is known of unfinished arguments; wildcards of declared types; methods made abstract again. */
class Known {
    static String text(Supplier<Object> s, Supplier<String> t) { return ""; }
    static <T> String text(T s, Supplier<String> t) { return ""; }
    static final Supplier<?> ANY = null;
    static final Supplier<Object> OBJECT = null;
    static <T> Supplier<T> nul() { return null; }
    static <T, R> R apply(Function<T, R> f, T t) { return f.apply(t); }
    static void no(boolean b) {} static void no(BooleanSupplier b) {} static void no(String s) {} static void no(Boolean b, String s) {} static void no(BooleanSupplier b, String s) {}
    static class Joiner<T> { StringBuilder join(StringBuilder b, Iterable<T> i) { return b; } @SafeVarargs final StringBuilder join(StringBuilder b, T... ts) { return b; } }
    static abstract class Again<E> extends AbstractCollection<E> { public abstract boolean contains(Object o); }
    static abstract class AgainSet<E> extends Again<E> implements Set<E> { }
    static class Holder<T extends Comparable<T>> { List<? extends T> list; Map<?, ? extends List<? super T>> map; Class<?>[] classes; Enum<?> constant; Comparable<?> c; }

    void add(Known k) {} void add(Iterable<? extends Number> i) {} void add(Number... n) {} void acc(double d) {}

    void m(AgainSet<String> set, Holder<?> h, Holder<String> s, AtomicBoolean bool) {
        text(ANY, nul()); text(ANY, () -> "x"); text(OBJECT, () -> "x"); text(nul(), (Supplier<String>) null); text(nul(), nul()); text("a", nul());
        no(apply(bool::getAndSet, true)); no(apply((Boolean x) -> "s", true)); no(apply(String::trim, "a"));
        new Joiner<String>().join(new StringBuilder(), Arrays.asList("B", "C")); new Joiner<Object>().join(new StringBuilder(), Arrays.asList("B", 1)); new Joiner<>().join(new StringBuilder(), "a", "b"); new Joiner<Integer>().join(null, List.of());
        add(java.util.stream.DoubleStream.of(1).collect(Known::new, Known::acc, Known::add)); add(List.of());
        set.contains("a"); set.isEmpty(); set.iterator().next().trim(); set.size(); set.spliterator(); set.remove("x"); set.stream().map(String::trim).count();
        h.list.get(0).compareTo(null); h.map.values().iterator().next().size(); h.map.keySet().iterator().next().hashCode(); h.classes[0].getName(); h.constant.name(); h.constant.getDeclaringClass().getName(); s.list.get(0).trim(); s.map.get("x").get(0).hashCode();
    }
}

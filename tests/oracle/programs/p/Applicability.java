package p;

import java.util.*; import java.util.function.*;
/** Applicability that depends on type arguments, bounds of the receiver's variables and nested unfinished calls. */
class Applicability {
  static class B<V> {
    <K extends Comparable<? super K>, V2 extends V> Map<K, V2> of(K k, V2 v) { return null; }
    <K, V2 extends V> Map<K, V2> of(Comparator<? super K> c, V2 v) { return null; }
    <K extends Comparable<? super K>, V2 extends V> Map<K, V2> of(Object a, K k, V2 v) { return null; }
    static <V> B<V> with() { return null; }
  }
  static abstract class It<T> implements java.util.Iterator<T>, Iterable<T> {
     static <T> It<T> of(T t) { return null; }
     static <T> It<T> of(T... t) { return null; }
     static <T> It<T> concat(Iterable<? extends T>... is) { return null; }
     static <T> It<T> concat(Iterable<? extends Iterable<? extends T>> is) { return null; }
     It<T> concat(java.util.Iterator<? extends T> that) { return null; }
     public T next() { return null; }
  }
  static abstract class Opt<T> implements Iterable<T> { <U> U fold(Supplier<? extends U> a, Function<? super T, ? extends U> f) { return null; } static <T> Opt<T> some(T t) { return null; } static <T> Opt<T> none() { return null; } }
  void as(Integer i) {} <T> void as(Iterable<T> i) {} <T> void as(T i) {} void as(Long l) {} void as(String s) {}
  void m() {
    B.with().of(1, "1"); B.<String>with().of("a", "b"); Applicability.<Integer>x().of(2, 3);
    It.of(1).concat(It.of(2)); It.concat(It.concat(List.of(1, 2)), List.of(1), List.of(3)); It.concat(It.concat(), It.of("x")); It.concat(List.of(List.of(1))); It.of(1).concat(It.of(2).concat(It.of(3)));
    It.of("1", "2").concat(It.of("3")).next().trim();
    as(Opt.some("1").fold(() -> -1, Integer::valueOf)); as(Opt.<String>none().fold(() -> -1, Integer::valueOf)); as(Opt.some("1").fold(() -> "a", x -> x)); as(Opt.some(1)); as(1); as(1L); as(new Object());
  }
  static <T> B<T> x() { return null; }
}

package p;

/** The same method from several superinterfaces: which of them a call means. */
class Ties {
    interface Pa { void f(); int size(); Object get(); }
    interface Qa { void f(); String get(); }
    interface High extends Qa { void g(); }
    interface Low { void g(); void f(); }
    interface R extends Pa, Qa {}
    interface R2 extends Qa, Pa {}
    interface R3 extends Low, High, Pa {}
    interface S extends java.util.List<String>, Pa { String get(); boolean equals(Object o); }
    interface S2 extends Pa, java.util.Collection<String> {}
    interface G<T> { T take(); }
    interface H<T> { T take(); }
    interface GH<T> extends G<T>, H<T> {}
    interface Text { String toString(); int hashCode(); }
    interface Sub extends Text, CharSequence { default boolean isEmpty() { return false; } }
    interface W extends java.sql.ResultSet, java.sql.Statement { }
    static abstract class Impl implements Text, Pa, Qa { public abstract String get(); }
    static class Plain { public void f() {} }
    static abstract class Both extends Plain implements Qa, Low {}

    void m(R r, R2 r2, R3 r3, S s, S2 s2, GH<String> gh, Text t, Sub sub, W w, Impl i, Both b) throws Exception {
        r.f(); r.get(); r2.f(); r2.get(); r3.f(); r3.g(); r3.get(); s.size(); s.equals(s); s.hashCode(); s.get(); s2.size(); s2.toString(); s2.equals(s);
        gh.take().trim(); t.toString(); t.hashCode(); t.equals(t); t.getClass(); sub.toString(); sub.isEmpty(); sub.length(); w.close(); w.getFetchSize();
        w.unwrap(String.class).trim(); i.toString(); i.f(); i.get().trim(); i.hashCode(); b.f(); b.g(); b.get();
    }
}

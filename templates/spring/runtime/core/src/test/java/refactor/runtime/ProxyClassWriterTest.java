package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The classes of dynamic proxies, method by method, with a handler that remembers. */
class ProxyClassWriterTest {
    private static int made;

    private final List<String> calls = new ArrayList<>();
    private Object[] last;

    /** Remembers the call and answers the first argument, or `answer` if there is none. */
    private InvocationHandler handler(Object answer) {
        return (self, method, args) -> {
            calls.add(method.getDeclaringClass().getSimpleName() + "." + method.getName() + (method.isBridge() ? " bridge" : ""));
            last = args;
            return args == null || answer != null ? answer : args[0];
        };
    }

    private static Class<?> define(ProxyClassWriter writer) throws IllegalAccessException {
        return MethodHandles.lookup().defineClass(writer.code());
    }

    private static Object library(InvocationHandler handler, Class<?> base, Class<?>... interfaces) throws IllegalAccessException {
        ProxyClassWriter writer = new ProxyClassWriter("refactor.runtime.Made" + made++, base, List.of(interfaces), false);
        Class<?> type = define(writer);
        assertEquals(0, type.getDeclaredConstructors().length, "no constructor of a library may run");
        Object proxy = Fields.blank(type);
        writer.link(type).set(proxy, handler);
        return proxy;
    }

    private static Object generated(InvocationHandler handler, Class<?> base, Class<?>[] types, Object[] arguments, Class<?>... interfaces) throws Exception {
        ProxyClassWriter writer = new ProxyClassWriter("refactor.runtime.Made" + made++, base, List.of(interfaces), true);
        Class<?> type = define(writer);
        Object proxy = type.getDeclaredConstructor(types).newInstance(arguments);
        writer.link(type).set(proxy, handler);
        return proxy;
    }

    abstract static class Primitives {
        Primitives(String noOther) {
            throw new AssertionError("must not run");
        }

        public abstract boolean of(boolean v);
        public abstract byte of(byte v);
        public abstract char of(char v);
        public abstract short of(short v);
        public abstract int of(int v);
        public abstract long of(long v);
        public abstract float of(float v);
        public abstract double of(double v);
        public abstract void nothing();
        public abstract double slots(double a, long b, byte c, double d, Object e, long f);
        public abstract int number();
    }

    @Test
    void everyPrimitiveComesAndGoes() throws Exception {
        Primitives all = (Primitives) library(handler(null), Primitives.class);
        assertEquals(true, all.of(true));
        assertEquals(false, all.of(false));
        assertEquals(Byte.MIN_VALUE, all.of(Byte.MIN_VALUE));
        assertEquals('\uffff', all.of('\uffff'));
        assertEquals(Short.MIN_VALUE, all.of(Short.MIN_VALUE));
        assertEquals(Integer.MIN_VALUE, all.of(Integer.MIN_VALUE));
        assertEquals(Long.MIN_VALUE, all.of(Long.MIN_VALUE));
        assertEquals(Float.MIN_VALUE, all.of(Float.MIN_VALUE));
        assertEquals(Double.MIN_VALUE, all.of(Double.MIN_VALUE));
        all.nothing();
        assertNull(last);
        assertEquals(1.5, all.slots(1.5, Long.MAX_VALUE, (byte) 3, -0.0, "e", 6L));
        assertArrayEquals(new Object[] {1.5, Long.MAX_VALUE, (byte) 3, -0.0, "e", 6L}, last);
    }

    @Test
    void anAnswerOfAnotherTypeIsAnError() throws Exception {
        assertThrows(ClassCastException.class, ((Primitives) library(handler(5L), Primitives.class))::number);
        assertThrows(NullPointerException.class, ((Primitives) library((self, method, args) -> null, Primitives.class))::number);
        Arrays all = (Arrays) library(handler("text"), Arrays.class);
        assertThrows(ClassCastException.class, () -> all.of(new long[0]));
    }

    public abstract static class Arrays {
        public abstract long[] of(long[] v);
        public abstract String[][] of(String[][] v);
        public abstract Object[] all(Object... v);
        public abstract Object numbers(int first, int... v);
    }

    @Test
    void arraysAndVariableArguments() throws Exception {
        Arrays all = (Arrays) library(handler(null), Arrays.class);
        long[] longs = {1, 2};
        String[][] texts = {{"a"}, null};
        Object[] mixed = {1, "b"};
        assertSame(longs, all.of(longs));
        assertSame(texts, all.of(texts));
        assertSame(mixed, all.all(mixed));
        assertEquals(7, all.numbers(7, 8, 9));
        assertArrayEquals(new int[] {8, 9}, (int[]) last[1]);
        assertEquals(true, all.getClass().getMethod("numbers", int.class, int[].class).isVarArgs());
    }

    public abstract static class Named<T> implements Comparable<Named<T>>, Supplier<T> {
        public abstract void put(T value);
    }

    public abstract static class Texts extends Named<String> {
        @Override public abstract void put(String value);
        @Override public String get() { throw new AssertionError("the library's own code"); }
        @Override public int compareTo(Named<String> other) { throw new AssertionError("the library's own code"); }
    }

    @Test
    void genericCallersReachTheHandlerToo() throws Exception {
        Texts texts = (Texts) library(handler("answer"), Texts.class);
        assertEquals("answer", texts.get());
        Supplier<?> supplier = texts;
        assertEquals("answer", supplier.get());
        Named<String> named = texts;
        named.put("v");
        assertArrayEquals(new Object[] {"v"}, last);
        assertEquals(3, ((Comparable<Named<String>>) (Named<String>) library(handler(3), Texts.class)).compareTo(texts));
        assertEquals(List.of("Texts.get", "Texts.get bridge", "Texts.put bridge", "Texts.compareTo bridge"), calls);
    }

    /** The compiler gives Seen a bridge that calls Hidden's own code. */
    abstract static class Hidden {
        public String hidden() { return "the library's own code"; }
    }

    public abstract static class Seen extends Hidden { }

    @Test
    void aBridgeThatOnlyWidensAccessIsForwarded() throws Exception {
        assertEquals(true, Seen.class.getDeclaredMethod("hidden").isBridge());
        assertEquals("remote", ((Seen) library(handler("remote"), Seen.class)).hidden());
    }

    public abstract static class Visible {
        protected int kept;
        protected abstract int guarded(int v);
        protected int body(int v) { return -v; }
        int inPackage(int v) { return -v; }
        private int own(int v) { return -v; }
        public final int last(int v) { return -v; }
        public static int shared(int v) { return -v; }
        @Override protected Object clone() { return "own"; }
        @Override @SuppressWarnings("removal") protected void finalize() { throw new AssertionError(); }
    }

    @Test
    void whatIsForwardedOfALibraryClass() throws Exception {
        Visible visible = (Visible) library(handler(null), Visible.class, Runnable.class);
        assertEquals(4, visible.guarded(4));
        assertEquals(5, visible.body(5));
        assertEquals(-6, visible.inPackage(6));
        assertEquals(-7, visible.own(7));
        assertEquals(-8, visible.last(8));
        List<String> names = new ArrayList<>();
        for (Method each : visible.getClass().getDeclaredMethods()) names.add(each.toString().replaceAll("refactor[\\w.]*\\.", ""));
        assertEquals(List.of("protected int body(int)", "protected int guarded(int)", "protected java.lang.Object clone()", "public boolean equals(java.lang.Object)",
            "public int hashCode()", "public java.lang.String toString()", "public void run()"), names.stream().sorted().toList());
    }

    public interface Risky {
        void risk() throws IOException;
        default String described() { return "default of the interface"; }
    }

    @Test
    void exceptionsPassAsTheyAre() throws Exception {
        IOException checked = new IOException();
        Exception undeclared = new Exception();
        StackOverflowError error = new StackOverflowError();
        for (Throwable each : List.of(checked, undeclared, error, new IllegalStateException())) {
            Risky risky = (Risky) library((self, method, args) -> { throw each; }, Object.class, Risky.class);
            assertSame(each, assertThrows(Throwable.class, risky::risk));
            assertSame(each, assertThrows(Throwable.class, risky::described));
            assertEquals(List.of(IOException.class), List.of(risky.getClass().getMethod("risk").getExceptionTypes()));
        }
    }

    /** As the generator writes them: no constructor without arguments. */
    public abstract static class OfProgram implements Risky {
        final String built;
        OfProgram(Object outer, long two, byte mark) throws IOException { built = outer + "/" + two + "/" + mark; }
        private OfProgram() { throw new AssertionError(); }
        public String remote() { return "calls by itself"; }
        abstract String open(long v);
        protected String run() { return "calls by itself"; }
    }

    @Test
    void whatIsForwardedOfAGeneratedProxy() throws Exception {
        OfProgram proxy = (OfProgram) generated(handler("forwarded"), OfProgram.class, new Class<?>[] {Object.class, long.class, byte.class},
            new Object[] {"outer", 2L, (byte) 1}, Supplier.class, AutoCloseable.class);
        assertEquals("outer/2/1", proxy.built);
        assertEquals(1, proxy.getClass().getDeclaredConstructors().length);
        assertEquals("calls by itself", proxy.remote());
        assertEquals("calls by itself", proxy.run());
        assertEquals("forwarded", proxy.open(1L));
        assertEquals("forwarded", proxy.described());
        assertEquals("forwarded", ((Supplier<?>) proxy).get());
        ((AutoCloseable) proxy).close();
        assertEquals(false, proxy.toString().equals("forwarded"));
        assertEquals(List.of("OfProgram.open", "Risky.described", "Supplier.get", "AutoCloseable.close"), calls);
    }

    public abstract static class Guarded {
        protected void run() { throw new AssertionError("not what Runnable calls"); }
    }

    public interface Wide { Object value(); default String name() { return "wide"; } }
    public interface Narrow extends Wide { @Override String value(); @Override default String name() { return "narrow"; } }

    @Test
    void interfacesBesideTheClass() throws Exception {
        ((Runnable) library(handler("run"), Guarded.class, Runnable.class)).run();
        Wide wide = (Wide) library(handler("x"), Object.class, Wide.class, Narrow.class);
        assertEquals("x", wide.value());
        assertEquals("x", ((Narrow) wide).value());
        assertEquals("x", wide.name());
        assertEquals(List.of("Runnable.run", "Narrow.value bridge", "Narrow.value", "Narrow.name"), calls);
    }
}

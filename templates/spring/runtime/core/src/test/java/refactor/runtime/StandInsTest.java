package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Class objects and exceptions whose class the other part does not have, and buffers given through an interface of the program. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StandInsTest {
    static final String MAIN = """
        public class Main {
            static class Book implements Comparable<Book> { public int compareTo(Book o) { return 0; } }
            static class Novel extends Book { }
            enum Size { SMALL { int n() { return 1; } }, LARGE; int n() { return 2; } }
            interface Seen { }
            @interface Mark { }
            record Pair(int a) { }
            private static final Names NAMES = new Names();
            public static String keys() {
                Object local = new Object() { };
                StringBuilder out = new StringBuilder();
                Class<?>[] all = {Book.class, Novel.class, Size.class, Seen.class, Mark.class, Pair.class, local.getClass(), Book[].class, Size[][].class,
                    int.class, String.class, int[].class, Size.SMALL.getClass(), Main.class};
                for (Class<?> each : all) NAMES.put(each, each.getName());
                for (Class<?> each : all) out.append(each.getName().equals(NAMES.get(each))).append(NAMES.same(each, each)).append(NAMES.same(each, Object.class));
                return out.append(NAMES.count()).append(NAMES.countAll(Book.class, Size.class, Thread.class)).toString();
            }
            public static String kinds() {
                Object local = new Object() { };
                class Inside { }
                StringBuilder out = new StringBuilder();
                for (Class<?> each : List.of(Book.class, Novel.class, Size.class, Seen.class, Mark.class, local.getClass(), Inside.class, Book[].class)) out.append(NAMES.kind(each));
                return out.toString();
            }
            public static String enums() { return NAMES.constants(Size.class) + NAMES.keep(Size.LARGE) + (NAMES.kept() == Size.LARGE) + (NAMES.keep(Size.SMALL) + (NAMES.kept() == Size.SMALL)); }
            public static String back() { NAMES.put(Book.class, "x"); return "" + (NAMES.first(Book.class) == Book.class) + NAMES.list(List.of(Novel.class, Seen.class)).contains(Novel.class); }
            public static String instances() { return "" + NAMES.is(Book.class, new Book()) + NAMES.is(Novel.class, new Book()) + NAMES.is(Book.class, new Novel()) + NAMES.is(Seen.class, new Book()); }
            public static String named() {
                class Oops extends RuntimeException { final int n; Oops(int n) { super("o" + n); this.n = n; } public String toString() { return "Oops!" + n; } }
                StringBuilder out = new StringBuilder();
                List<Runnable> all = List.of(
                    () -> { throw new Error("x", null) { @Override public String getMessage() { return "anon " + 1; } }; },
                    () -> { throw new RuntimeException("plain") { }; },
                    () -> { throw new Oops(3); },
                    () -> { throw new Hidden("h"); },
                    () -> { throw new Quiet(); },
                    () -> { throw new RuntimeException("none kept", null, false, true) { }; });
                for (Runnable each : all) out.append(NAMES.caught(each));
                return out.toString();
            }
            private static class Hidden extends IllegalArgumentException {
                private final List<String> more = new ArrayList<>(List.of("a"));
                Hidden(String s) { super(s); }
                @Override public String getLocalizedMessage() { return getMessage() + more; }
            }
            static class Quiet extends RuntimeException { Quiet() { super("quiet", null, false, false); } @Override public String toString() { return "shh"; } }
            public static String home() {
                RuntimeException mine = new RuntimeException("mine") { int n = 5; @Override public String getMessage() { return "n" + n; } };
                try {
                    NAMES.run(() -> { throw mine; });
                } catch (RuntimeException e) {
                    return (e == mine) + e.getMessage() + e.getSuppressed().length;
                }
                return "no";
            }
            public static String stackless() {
                StringBuilder out = new StringBuilder();
                for (int i = 0; i < 3; i++) {
                    try {
                        NAMES.fail(i);
                    } catch (RuntimeException e) {
                        e.addSuppressed(new RuntimeException("here"));
                        e.setStackTrace(new StackTraceElement[] {new StackTraceElement("a", "b", "c", 1)});
                        out.append(e.getMessage()).append(e.getStackTrace().length).append(e.getSuppressed().length).append(e.getCause());
                    }
                }
                return out.toString();
            }
            public static String buffers() throws IOException {
                StringBuilder text = new StringBuilder(">");
                Sink sink = NAMES.sink();
                sink.to(text);
                sink.more("a");
                text.append("-");
                sink.more("b");
                Sink other = NAMES.lambda();
                StringBuffer old = new StringBuffer();
                other.to(old);
                other.to(null);
                return text.toString() + sink.seen(text) + old;
            }
        }
        """;
    static final String NAMES = """
        public class Names {
            private final Map<Class<?>, String> names = new HashMap<>();
            private Object kept;
            public void put(Class<?> type, String name) { names.put(type, name); }
            public String get(Class<?> type) { return names.get(type); }
            public boolean same(Class<?> a, Object b) { return a == b; }
            public int count() { return names.size(); }
            public int countAll(Class<?>... all) { return all.length; }
            public String kind(Class<?> c) { return c.getName() + c.getSimpleName() + c.isEnum() + c.isInterface() + c.isAnnotation() + c.isArray() + c.isAnonymousClass(); }
            public String constants(Class<?> c) { return Arrays.toString(c.getEnumConstants()); }
            public String keep(Object o) { kept = o; return o.toString() + ((Enum<?>) o).ordinal(); }
            public Object kept() { return kept; }
            public Class<?> first(Class<?> c) { return names.keySet().stream().filter(each -> each == c).findFirst().get(); }
            public List<Class<?>> list(List<Class<?>> all) { return new ArrayList<>(all); }
            public boolean is(Class<?> c, Object o) { return c.isInstance(o); }
            public String caught(Runnable r) {
                try { r.run(); return "no"; } catch (Throwable t) {
                    return t.getClass().getName() + t.getClass().isAnonymousClass() + t.getMessage() + "|" + t.getLocalizedMessage() + "|" + t + (t instanceof IllegalArgumentException) + (t.getStackTrace().length == 0);
                }
            }
            public void run(Runnable r) { try { r.run(); } catch (RuntimeException e) { e.addSuppressed(new RuntimeException("seen")); throw e; } }
            public void fail(int i) {
                if (i == 0) throw new RuntimeException("neither", null, false, false) { };
                if (i == 1) throw new RuntimeException("frames", new Error("c"), false, true) { };
                throw new RuntimeException("both", null, true, true) { };
            }
            public Sink sink() {
                return new Sink() {
                    private Appendable out;
                    public void to(Appendable o) { out = o; }
                    public void more(CharSequence s) throws IOException { out.append(s); }
                    public boolean seen(CharSequence s) { return s == out; }
                };
            }
            public Sink lambda() { return new Sink() {
                private Appendable first;
                public void to(Appendable o) throws IOException { if (o != null) first = o; else first.append("late"); }
                public void more(CharSequence s) { }
                public boolean seen(CharSequence s) { return false; }
            }; }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN).place("b", NAMES)
            .place(null, "public interface Sink { void to(Appendable o) throws IOException; void more(CharSequence s) throws IOException; boolean seen(CharSequence s); }").start();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"instances", "keys", "kinds", "enums", "back", "named", "home", "stackless", "buffers"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Call-backs of one logical thread run on the thread that waits: every program prints what the monolith prints. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ConversationTest {
    static final String MAIN = """
        public class Main {
            private final ThreadLocal<String> local = new ThreadLocal<>();
            private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();
            private final long thread = Thread.currentThread().getId();
            private int depth;
            public synchronized String guarded(int n, Middle middle) {
                if (n == 0) return "end" + Thread.holdsLock(this);
                return n + middle.back(n - 1, this);
            }
            public String sameThread() { return (Thread.currentThread().getId() == thread) + " " + local.get() + " " + lock.getHoldCount(); }
            public int recurse(int n, Middle middle) { return n == 0 ? 0 : 1 + middle.recurse(n - 1, this); }
            public void fail(String why) throws java.io.IOException { throw new java.io.IOException(why); }
            public String viaMiddleAndFar(Middle middle, Far far) { return "m[" + middle.viaFar(far, this) + "]"; }
            public static String monitor() { return new Main().guarded(5, new Middle()); }
            public static String locals() {
                Main main = new Main();
                main.local.set("mine");
                main.lock.lock();
                return new Middle().callBack(main);
            }
            public static String triangle() {
                Main main = new Main();
                main.local.set("tri");
                return main.viaMiddleAndFar(new Middle(), new Far());
            }
            public boolean mark() { return Thread.currentThread().isInterrupted(); }
            public static String interrupted() { return new Middle().interrupts(new Main()); }
            public static String deep() { return "" + new Main().recurse(200, new Middle()); }
            public static String overflows() throws Exception {
                StringBuilder out = new StringBuilder();
                Thread small = new Thread(null, () -> {
                    for (int i = 0; i < 3; i++) {
                        try {
                            out.append(new Main().recurse(1_000_000, new Middle()));
                        } catch (StackOverflowError e) {
                            out.append("overflow ");
                        }
                        out.append(new Main().recurse(20, new Middle())).append(' ');
                    }
                }, "small", 512 << 10);
                small.start();
                small.join();
                return out.toString();
            }
            public static String exceptions() {
                try {
                    return new Middle().fails(new Main());
                } catch (java.io.IOException e) {
                    return "caught " + e.getMessage() + e.getSuppressed().length;
                }
            }
            public static String shared() {
                // Far is reached first directly and then, while it is suspended, over Middle.
                return new Far().bounce(6, new Middle(), new Main());
            }
            public String bounce(int n, Far far, Middle middle) { return n == 0 ? "0" : "M" + n + far.bounce(n - 1, middle, this); }
            public static String twoThreads() throws Exception {
                Middle middle = new Middle();
                List<String> out = Collections.synchronizedList(new ArrayList<>());
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    int n = i;
                    Thread thread = new Thread(() -> out.add(n + new Main().guarded(10 + n, middle)));
                    threads.add(thread);
                    thread.start();
                }
                for (Thread thread : threads) thread.join();
                Collections.sort(out);
                return out.toString();
            }
            public static String otherThread() throws Exception {
                Main main = new Main();
                return new Middle().fromAnotherThread(main);
            }
            public static String secondChild() {
                Main main = new Main();
                Middle middle = new Middle();
                Far far = new Far();
                return middle.thenFar(main, far);
            }
            /** Called back from Middle, calls Far, which was not part of the conversation, and which calls Middle. */
            public String openFar(Middle middle, Far far) { return "o" + far.toMiddle(middle, this); }
        }
        """;
    static final String MIDDLE = """
        public class Middle {
            private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
            private final Object monitor = new Object();
            public synchronized String back(int n, Main main) {
                depth.set(depth.get() + 1);
                try { return "b" + depth.get() + main.guarded(n, this); } finally { depth.set(depth.get() - 1); }
            }
            public String callBack(Main main) { return main.sameThread(); }
            public int recurse(int n, Main main) { return n == 0 ? 0 : 1 + main.recurse(n - 1, this); }
            public String fails(Main main) throws java.io.IOException {
                try {
                    main.fail("deep");
                    return "no";
                } catch (java.io.IOException e) {
                    e.addSuppressed(new RuntimeException("here"));
                    throw e;
                }
            }
            public String viaFar(Far far, Main main) { return "f[" + far.toMain(main) + "]"; }
            public String bounce(int n, Far far, Main main) { return n == 0 ? "0" : "m" + n + far.bounce(n - 1, this, main); }
            public String fromAnotherThread(Main main) throws Exception {
                String[] out = new String[1];
                Thread thread = new Thread(() -> out[0] = main.sameThread());
                thread.start();
                thread.join();
                return out[0];
            }
            public String thenFar(Main main, Far far) { return "t" + main.openFar(this, far); }
            public String mark() { return "k"; }
            public String interrupts(Main main) {
                Thread.currentThread().interrupt();
                main.sameThread();
                main.sameThread();
                return "" + Thread.interrupted();
            }
        }
        """;
    static final String FAR = """
        public class Far {
            public String toMain(Main main) { return main.sameThread(); }
            public String bounce(int n, Middle middle, Main main) {
                if (n == 0) return "0";
                return "F" + n + (n % 2 == 0 ? middle.bounce(n - 1, this, main) : main.bounce(n - 1, this, middle));
            }
            public String toMiddle(Middle middle, Main main) { return "x" + middle.mark() + main.sameThread() + middle.mark(); }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN).place("b", MIDDLE).place("c", FAR).start();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitor", "locals", "triangle", "deep", "exceptions", "shared", "twoThreads", "otherThread", "secondChild", "interrupted", "overflows"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
        for (String part : new String[] {"a", "b", "c"}) program.processes().request(part, "POST", "/refactor/collect", "");
        for (String part : new String[] {"a", "b", "c"}) {
            String stats = program.processes().request(part, "POST", "/refactor/collect", "");
            assertTrue(stats.contains("\"ids\":0"), part + ": " + stats);
        }
    }
}

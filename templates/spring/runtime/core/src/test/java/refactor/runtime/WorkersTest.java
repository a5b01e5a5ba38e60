package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All calls of one thread of the program run on one thread of an owner: what is bound to a thread is as in the monolith. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkersTest {
    static final String MAIN = """
        public class Main {
            private static final java.util.concurrent.CyclicBarrier BOTH = new java.util.concurrent.CyclicBarrier(2);
            interface Turn { String take() throws Exception; }
            private static String inThread(Turn turn) throws Exception {
                String[] out = new String[1];
                Thread thread = new Thread(() -> {
                    try { out[0] = turn.take(); } catch (Exception e) { out[0] = e.toString(); }
                }, "named");
                thread.start();
                thread.join();
                return out[0];
            }
            private static String inTwo(Function<String, String> each) throws Exception {
                var pool = java.util.concurrent.Executors.newFixedThreadPool(2);
                try {
                    var one = pool.submit(() -> each.apply("ann"));
                    var two = pool.submit(() -> each.apply("bob"));
                    return one.get() + " " + two.get();
                } finally {
                    pool.shutdownNow();
                }
            }
            public static void both() {
                try { BOTH.await(20, java.util.concurrent.TimeUnit.SECONDS); } catch (Exception e) { throw new IllegalStateException(e); }
            }
            public static String local() {
                StringBuilder out = new StringBuilder();
                for (int i = 0; i < 20; i++) { Bound.enter("n" + i); out.append(Bound.name()); Bound.leave(); out.append(Bound.name()); }
                return out.toString();
            }
            public static String twoLocals() throws Exception {
                return inTwo(name -> { Bound.enter(name); both(); String found = Bound.name(); both(); Bound.leave(); return found + Bound.name(); });
            }
            public static String lock() {
                Bound door = new Bound();
                int sum = 0;
                for (int i = 0; i < 20; i++) { door.open(); door.open(); sum += door.held(); door.shut(); door.shut(); sum += door.held(); }
                return "" + sum;
            }
            public static String readWrite() { Bound door = new Bound(); door.write(); String s = "" + door.writing(); door.unwrite(); return s + door.writing(); }
            public static String twoLocks() throws Exception {
                Bound door = new Bound();
                int[] inside = new int[2];
                inTwo(name -> {
                    for (int i = 0; i < 30; i++) { door.open(); inside[1] = Math.max(inside[1], ++inside[0]); inside[0]--; door.shut(); }
                    return name;
                });
                return "" + inside[1] + door.held();
            }
            public static String wrongThread() throws Exception {
                Bound door = new Bound();
                door.open();
                String said = inThread(() -> { door.shut(); return "given back"; });
                door.shut();
                return said + door.held();
            }
            public static String afterExceptions() {
                Bound.enter("kept");
                try { Bound.fail(); } catch (IllegalStateException e) { return e.getMessage() + Bound.name(); } finally { Bound.leave(); }
                return "no";
            }
            public static String inCallBacks() {
                Bound.enter("outer");
                String said = Bound.within(() -> { String found = Bound.name(); Bound.enter("inner"); return found; });
                said += Bound.name();
                Bound.leave();
                return said;
            }
            public static String overAnother() { Bound.enter("mine"); String s = new Middle().name() + new Middle().lock(); Bound.leave(); return s + Bound.name(); }
            public static String names() throws Exception { return inThread(() -> { String s = Bound.thread(); Thread.currentThread().setName("other"); return s + Bound.thread(); }); }
            public static String sameThread() throws Exception { return "" + Bound.sameThread() + Bound.sameThread() + inThread(() -> "" + Bound.sameThread()) + Bound.sameThread(); }
            public static String fresh() throws Exception { Bound.enter("old"); String s = inThread(Bound::name); Bound.leave(); return s; }
            public static String marked() {
                Bound.mark();
                String s = "" + Thread.currentThread().isInterrupted();
                s += Bound.marked();
                s += Thread.interrupted();
                Thread.currentThread().interrupt();
                return s + Bound.takeMark() + Thread.interrupted() + Bound.takeMark();
            }
            public static String sleepsMarked() { Thread.currentThread().interrupt(); return Bound.sleep() + Thread.interrupted(); }
            public static String manyThreads() throws Exception {
                int right = 0;
                for (int i = 0; i < 60; i++) {
                    String name = "t" + i;
                    if (name.equals(inThread(() -> { Bound.enter(name); return Bound.name(); }))) right++;
                }
                return "" + right;
            }
        }
        """;
    static final String MIDDLE = """
        public class Middle {
            public String name() { return Bound.name(); }
            public int lock() { Bound door = new Bound(); door.open(); int n = door.held(); door.shut(); return n + door.held(); }
        }
        """;
    static final String BOUND = """
        public class Bound {
            private static final ThreadLocal<String> NAME = new ThreadLocal<>();
            private static Thread last;
            private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();
            private final java.util.concurrent.locks.ReentrantReadWriteLock both = new java.util.concurrent.locks.ReentrantReadWriteLock();
            public static void enter(String name) { NAME.set(name); }
            public static String name() { return NAME.get(); }
            public static void leave() { NAME.remove(); }
            public static void fail() { throw new IllegalStateException(NAME.get()); }
            public static String within(Supplier<String> inside) { return NAME.get() + inside.get() + NAME.get(); }
            public void open() { lock.lock(); }
            public void shut() { lock.unlock(); }
            public int held() { return lock.getHoldCount(); }
            public void write() { both.writeLock().lock(); }
            public void unwrite() { both.writeLock().unlock(); }
            public boolean writing() { return both.isWriteLockedByCurrentThread(); }
            public static String thread() { return Thread.currentThread().getName(); }
            public static boolean sameThread() { boolean same = last == Thread.currentThread(); last = Thread.currentThread(); return same; }
            public static void mark() { Thread.currentThread().interrupt(); }
            public static boolean marked() { return Thread.currentThread().isInterrupted(); }
            public static boolean takeMark() { return Thread.interrupted(); }
            public static String sleep() { try { Thread.sleep(10); return "slept"; } catch (InterruptedException e) { return "woken"; } }
        }
        """;
    /** Suspends many calls at once: every thread of `Main` waits in a call-back of its own. */
    static final String CROWD = """
        public class Crowd {
            public static String run() throws Exception {
                int many = 230;
                var all = new java.util.concurrent.CyclicBarrier(many);
                var count = new java.util.concurrent.atomic.AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < many; i++) {
                    Thread thread = new Thread(() -> Bound.within(() -> {
                        try { all.await(50, java.util.concurrent.TimeUnit.SECONDS); } catch (Exception e) { return ""; }
                        count.incrementAndGet();
                        return "x";
                    }));
                    threads.add(thread);
                    thread.start();
                }
                for (Thread thread : threads) thread.join();
                return "" + count;
            }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN, CROWD).place("b", MIDDLE).place("c", BOUND).start();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "twoLocals", "lock", "readWrite", "twoLocks", "wrongThread", "afterExceptions", "inCallBacks", "overAnother", "names",
        "sameThread", "fresh", "marked", "sleepsMarked", "manyThreads"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
    }

    @Test
    void whatStandsForThreadsEndsWithThem() throws Throwable {
        program.split("manyThreads");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (standing() > 20 && System.nanoTime() < end) Thread.sleep(50);
        assertTrue(standing() <= 20, "threads that stand for others: " + standing());
    }

    @Test
    void manySuspendedCallsHoldNoThreadOfTheServer() throws Throwable {
        assertEquals("230", program.processes().run("a", "app.Crowd", "run"));
    }

    private static int standing() throws Exception {
        String stats = program.processes().request("c", "GET", "/refactor/stats", "");
        java.util.regex.Matcher threads = java.util.regex.Pattern.compile("\"threads\":(\\d+)").matcher(stats);
        return threads.find() ? Integer.parseInt(threads.group(1)) : -1;
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who keeps an object alive, with three processes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LeasesTest {
    static final String MAIN = """
        public class Main {
            static List<Item> items = new ArrayList<>();
            public static String fill() {
                for (int i = 0; i < 100; i++) items.add(new Item(i));
                return "" + items.get(7).number();
            }
            public static String handOn() {
                Shelf.put(items.get(7));
                Shelf.put(items.get(8));
                return "" + Shelf.sum();
            }
            public static String drop() { items.clear(); return "dropped"; }
            public static String sum() { return "" + Shelf.sum(); }
            public static String clear() { Shelf.clear(); return "clear"; }
            public static String race() throws Exception {
                List<Thread> threads = new ArrayList<>();
                Item shared = new Item(1000);
                int[] wrong = new int[1];
                for (int t = 0; t < 4; t++) {
                    Thread thread = new Thread(() -> {
                        for (int i = 0; i < 200; i++) {
                            Shelf.put(shared);
                            if (Shelf.last() != shared || new Item(i).number() != i) wrong[0]++;
                            if (i % 50 == 0) System.gc();
                        }
                    });
                    threads.add(thread);
                    thread.start();
                }
                for (Thread thread : threads) thread.join();
                Shelf.clear();
                return "" + wrong[0] + shared.number();
            }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("refactor.lease.ms", "2500");
        try {
            program = new Program().place("a", MAIN)
                .place("b", "public class Item { private final int n; public Item(int n) { this.n = n; } public int number() { return n; } }")
                .place("c", "public class Shelf { private static final List<Item> ITEMS = Collections.synchronizedList(new ArrayList<>()); private static Item last;"
                    + " public static void put(Item i) { ITEMS.add(i); last = i; } public static Item last() { return last; }"
                    + " public static void clear() { ITEMS.clear(); last = null; }"
                    + " public static int sum() { int s = 0; for (Item i : ITEMS) s += i.number(); return s; } }")
                .start();
        } finally {
            System.clearProperty("refactor.lease.ms");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private static String collect() throws Exception {
        program.processes().request("a", "POST", "/refactor/collect", "");
        program.processes().request("c", "POST", "/refactor/collect", "");
        return program.processes().request("b", "GET", "/refactor/stats", "");
    }

    @Test
    void anObjectLivesAsLongAsAnybodyHoldsIt() throws Throwable {
        assertEquals("7", program.split("fill"));
        String stats = collect();
        assertTrue(stats.contains("\"app.Item\":100"), stats);
        assertEquals("15", program.split("handOn"));
        program.split("drop");
        stats = collect();
        assertTrue(stats.contains("\"app.Item\":2"), "the third process holds two: " + stats);
        Thread.sleep(5500);
        assertEquals("15", program.split("sum"), "heartbeats renewed the leases of the third process");
        program.split("clear");
        stats = collect();
        assertTrue(stats.contains("\"ids\":0"), stats);
    }

    @Test
    void identityHoldsUnderConcurrentHandOffsAndCollections() throws Throwable {
        // `last` is shared by the threads, and every thread puts the same object: it must come back as the same proxy.
        assertEquals("01000", program.split("race"));
        String stats = collect();
        for (int i = 0; i < 5 && !stats.contains("\"ids\":0"); i++) stats = collect();
        assertTrue(stats.contains("\"ids\":0"), stats);
    }
}

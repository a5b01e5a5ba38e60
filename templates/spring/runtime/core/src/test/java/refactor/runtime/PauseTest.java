package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that stop for longer than a lease and go on: a pause is no death. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PauseTest {
    private static final int LEASE = 1500;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program()
            .place("a", """
                public class Main {
                    static Item item; static Part part;
                    public static String make() { item = new Item(); part = new Part(); return "made"; }
                    public static String use() { return "" + item.next() + part.next(); }
                    public static String drop() { item = null; part = null; return "dropped"; }
                }
                """)
            .place("b", "public class Item { private int n; public int next() { return ++n; } }")
            .place("c", "public class Part { private int n; public int next() { return ++n; } }")
            .startApart("-Drefactor.lease.ms=" + LEASE, "-Drefactor.cycles.ms=0");
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private static void pause(String part, int millis) throws Exception {
        long process = program.processes().pid(part);
        signal("-STOP", process);
        Thread.sleep(millis);
        signal("-CONT", process);
    }

    private static void signal(String signal, long process) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(process)).start().waitFor());
    }

    @Test
    void anOwnerThatWasPausedStillKnowsItsObjects() throws Throwable {
        program.split("make");
        assertEquals("11", program.split("use"));
        pause("b", 3 * LEASE);
        Thread.sleep(LEASE / 2);
        assertEquals("22", program.split("use"), "its own pause is nobody's silence, and the pause of one owner costs no lease at another");
    }

    @Test
    void theObjectsOfAHolderThatWasPausedAreStillThere() throws Throwable {
        program.split("make");
        assertEquals("11", program.split("use"));
        pause("a", 3 * LEASE);
        assertEquals("22", program.split("use"));
    }

    @Test
    void theObjectsOfAHolderThatDiedAreFree() throws Throwable {
        try (Program other = new Program().place("a", "public class Main { static Item item; public static String make() { item = new Item(); return \"made\"; } }")
                .place("b", "public class Item { }").startApart("-Drefactor.lease.ms=" + LEASE, "-Drefactor.cycles.ms=0")) {
            other.split("make");
            other.processes().kill("a");
            String stats = "";
            for (int i = 0; i < 60 && !stats.contains("\"ids\":0"); i++) {
                Thread.sleep(200);
                stats = other.processes().request("b", "GET", "/refactor/stats", "");
            }
            assertTrue(stats.contains("\"ids\":0"), "nobody listens at its address any more: " + stats);
        }
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** Garbage that is cyclic across processes, with three real ones: only a dump of a whole process shows what it reaches. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CyclesTest {
    private static final String MAIN = """
        public class Main {
            static Left kept;
            static java.lang.ref.WeakReference<Left> weak;
            static volatile boolean busy;
            static Left two() {
                Left left = new Left("left");
                Right right = new Right();
                left.set(right);
                right.set(left);
                return left;
            }
            static Left three() {
                Left left = new Left("left");
                Right right = new Right();
                Third third = new Third();
                left.set(right);
                right.set(third);
                third.set(left);
                return left;
            }
            public static String makeTwo() { for (int i = 0; i < 10; i++) two(); return "made"; }
            public static String makeThree() { for (int i = 0; i < 10; i++) three(); return "made"; }
            public static String keepThree() { kept = three(); return "kept"; }
            public static String walk() { return ((Left) ((Third) ((Right) kept.get()).get()).get()).name(); }
            public static String release() { kept = null; weak = null; return "released"; }
            public static String lend() { Third.keep(two()); return "lent"; }
            public static String weaken() { weak = new java.lang.ref.WeakReference<>(two()); return "weak"; }
            public static String walkWeak() { return weak.get() == null ? "gone" : ((Left) ((Right) weak.get().get()).get()).name(); }
            public static String local() { new Left("local"); two().set(new Left("chain")); return "local"; }
            public static String chat() {
                busy = true;
                Right right = new Right();
                Thread thread = new Thread(() -> { while (busy) right.get(); });
                thread.setDaemon(true);
                thread.start();
                return "chatting";
            }
            public static String quiet() { busy = false; return "quiet"; }
        }
        """;
    private static final String CELL = " { private Object next; public void set(Object next) { this.next = next; } public Object get() { return next; } ";
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN, "public class Left" + CELL + "private final String name; public Left(String name) { this.name = name; } public String name() { return name; } }")
            .place("b", "public class Right" + CELL + "}")
            .place("c", "public class Third" + CELL + "static Object held; public static void keep(Object object) { held = object; }"
                + " public static String drop() { held = null; return \"dropped\"; }"
                + " public static String name() { return ((Left) ((Right) ((Left) held).get()).get()).name(); } }")
            .startApart("-Drefactor.lease.ms=3000", "-Drefactor.cycles.ms=0");
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    private static String collect(String part) throws Exception {
        return program.processes().request(part, "POST", "/refactor/collect", "{\"cycles\":true}");
    }

    private static int number(String name, String text) {
        Matcher found = Pattern.compile("\"" + name + "\":(-?\\d+)").matcher(text);
        assertTrue(found.find(), name + " in " + text);
        return Integer.parseInt(found.group(1));
    }

    private static int ids(String part) throws Exception {
        return number("ids", program.processes().request(part, "GET", "/refactor/stats", ""));
    }

    /** Counting alone: what it cannot free is cyclic or held. */
    private static String count() throws Exception {
        for (int i = 0; i < 3; i++) for (String part : new String[] {"a", "b", "c"}) program.processes().request(part, "POST", "/refactor/collect", "");
        return ids("a") + " " + ids("b") + " " + ids("c");
    }

    private static void nothingIsLeft() throws Exception {
        String said = collect("a");
        assertTrue(said.contains("\"complete\":true"), said);
        assertEquals("0 0 0", count(), said);
    }

    @Test
    @Order(1)
    void cyclesOfTwoAndThreeProcessesAreFreed() throws Throwable {
        program.split("makeTwo");
        assertEquals("10 10 0", count());
        String said = collect("b");
        assertEquals(20, number("dropped", said), said);
        assertEquals("0 0 0", count());
        program.split("makeThree");
        assertEquals("10 10 10", count());
        nothingIsLeft();
    }

    @Test
    @Order(2)
    void aStaticFieldKeepsACycle() throws Throwable {
        program.split("keepThree");
        program.split("makeTwo");
        String said = collect("c");
        assertEquals(20, number("dropped", said), said);
        assertEquals(1, number("rooted", said), said);
        assertEquals(0, number("garbage", said), said);
        assertEquals("left", program.split("walk"));
        program.split("release");
        nothingIsLeft();
    }

    @Test
    @Order(3)
    void aThirdProcessKeepsACycle() throws Throwable {
        program.split("lend");
        assertEquals(0, number("dropped", collect("a")));
        assertEquals("1 1 0", count());
        assertEquals("left", program.call("app.Third", "name"));
        program.call("app.Third", "drop");
        nothingIsLeft();
    }

    @Test
    @Order(4)
    void aWeakReferenceMayGiveItsObjectOutAgain() throws Throwable {
        program.split("weaken");
        assertEquals(0, number("dropped", collect("a")));
        assertEquals("left", program.split("walkWeak"));
        program.split("release");
        nothingIsLeft();
    }

    @Test
    @Order(5)
    void nothingIsDroppedWhileMessagesMove() throws Throwable {
        program.split("makeTwo");
        program.split("chat");
        String said = collect("a");
        assertTrue(said.contains("\"complete\":false,\"why\":\"busy\""), said);
        assertEquals("10 11 0", count());
        program.split("quiet");
        nothingIsLeft();
    }

    @Test
    @Order(6)
    void aDeadProcessHoldsUntilItsLeasesRunOut() throws Throwable {
        program.split("lend");
        program.split("makeThree");
        program.processes().kill("c");
        String said = collect("a");
        assertEquals(0, number("dropped", said), "what the process may hold is alive: " + said);
        assertTrue(ids("a") >= 11 && ids("b") >= 11, said);
        for (int i = 0; i < 60 && ids("a") + ids("b") > 0; i++) {
            Thread.sleep(200);
            collect("b");
        }
        assertEquals(0, ids("a") + ids("b"));
    }

    @Test
    @Order(7)
    void cyclesAreLookedForWithoutBeingAsked() throws Throwable {
        String make = "public class Main { public static String make() { for (int i = 0; i < 10; i++) { Left left = new Left(); Right right = new Right();"
            + " left.set(right); right.set(left); } return \"made\"; } }";
        try (Program alone = new Program().place("a", make, "public class Left" + CELL + "}").place("b", "public class Right" + CELL + "}")
                .startApart("-Drefactor.cycles.ms=400")) {
            alone.split("make");
            int left = 20;
            for (int i = 0; i < 100 && left > 0; i++) {
                Thread.sleep(200);
                left = 0;
                for (String part : new String[] {"a", "b"}) left += number("ids", alone.processes().request(part, "GET", "/refactor/stats", ""));
            }
            assertEquals(0, left);
            assertEquals(0, number("garbage", alone.processes().request("b", "GET", "/refactor/stats", "")), "the other one's search reached this one");
        }
    }
}

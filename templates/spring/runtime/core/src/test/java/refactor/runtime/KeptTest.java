package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small things that a call must not lose. The process that calls sends releases only when it is asked to. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeptTest {
    static final String MAIN = """
        public class Main {
            private static final Shop SHOP = new Shop();
            static Item held;
            public static String chunks() {
                StringBuilder out = new StringBuilder();
                for (int before : new int[] {5, 17, 40, 90, 97}) {
                    int at = 0;
                    for (Integer each : SHOP.numbers()) { out.append(each).append(','); if (++at == before) SHOP.touch(); }
                    out.append('|');
                }
                return out.toString();
            }
            public static String removals() {
                StringBuilder out = new StringBuilder();
                List<Integer> all = SHOP.numbers();
                int at = 0;
                for (Iterator<Integer> i = all.iterator(); i.hasNext(); ) {
                    int each = i.next();
                    out.append(each).append(',');
                    if (each % 7 == 0) i.remove();
                    if (++at == 30) SHOP.touch();
                }
                return out.append(all.size()).toString();
            }
            public static String zeros() {
                double[] a = {0.0, 1.5, Double.NaN};
                float[] b = {0f};
                char[] c = {'a', 'b'};
                byte[] d = {1};
                long[] e = {1};
                double[] sign = {0.0, 1.0};
                SHOP.change(a, b, c, d, e);
                SHOP.negate(sign);
                return 1 / sign[0] + " " + 1 / a[0] + " " + a[1] + Long.toHexString(Double.doubleToRawLongBits(a[2])) + 1 / b[0] + new String(c) + d[0] + e[0];
            }
            public static String thrown() {
                int[] seen = {1};
                StringBuilder text = new StringBuilder("a");
                try {
                    SHOP.fail(seen, text);
                    return "no";
                } catch (RuntimeException e) {
                    StringBuilder out = new StringBuilder();
                    for (Throwable t = e; t != null; t = t.getCause()) out.append(t.getMessage()).append(t.getSuppressed().length).append('>');
                    return out.append(seen[0]).append(text).toString();
                }
            }
            public static String bodies() { return "" + SHOP.size(Size.BIG) + SHOP.size(Size.SMALL) + (SHOP.bigger(Size.SMALL) == Size.BIG); }
            public static String values() {
                Object[] all = {new java.math.BigDecimal("1.500"), java.time.OffsetDateTime.parse("2020-02-29T10:15:30+02:00"),
                    java.util.regex.Pattern.compile("a.b", 34), Optional.empty(), Optional.of("x"), List.of(1, 2, 3), List.of("a"), Map.entry("k", 1),
                    java.math.BigInteger.TEN, java.time.Duration.ofSeconds(3, 5), OptionalInt.empty(), new Locale("de", "CH", "x1"), 'c', (byte) 3, 2.5f,
                    "\\ud83d\\ude00\\u0000\\u2028", Double.longBitsToDouble(0x7ff8000000000123L), -0.0};
                StringBuilder out = new StringBuilder();
                for (Object each : all) {
                    Object back = SHOP.same(each);
                    if (!(each instanceof java.util.regex.Pattern)) out.append(SHOP.text(each));
                    out.append(each.equals(back) || each.toString().equals(back.toString())).append(back).append(each.getClass() == back.getClass());
                    if (each instanceof java.util.regex.Pattern p) out.append(((java.util.regex.Pattern) back).flags() == p.flags());
                    if (each instanceof Double d) out.append(Long.toHexString(Double.doubleToRawLongBits((Double) back)));
                }
                return out.toString();
            }
            public static String copies() {
                Pair pair = new Pair(1, "x");
                Object first = SHOP.same(pair);
                SHOP.keep(pair);
                return "" + (first == pair) + (SHOP.kept() == pair) + (SHOP.kept() == SHOP.kept());
            }
            public static String marked() throws Exception { return SHOP.interruptedInCallBack(new Main()); }
            public void poke(Shop shop) {
                Thread other = new Thread(shop::interruptWorker);
                other.start();
                while (other.isAlive()) Thread.onSpinWait(); // a join would take the mark
            }
            public static String take() { held = SHOP.item(); return "" + held.number(); }
            public static String drop() throws Exception {
                java.lang.ref.WeakReference<Item> gone = new java.lang.ref.WeakReference<>(held);
                held = null;
                for (int i = 0; i < 100 && gone.get() != null; i++) { System.gc(); Thread.sleep(10); }
                return "" + (gone.get() == null);
            }
            public static String cannotBeSent() {
                try { SHOP.unsendable(); return "no"; } catch (RuntimeException e) { return e.getClass().getSimpleName(); }
            }
            public static String fails() {
                try { SHOP.fail(new int[1], new StringBuilder()); return "no"; } catch (RuntimeException e) { return e.getMessage(); }
            }
        }
        """;
    static final String SHOP = """
        public class Shop {
            private int touched;
            private Object kept;
            private Item item;
            private Thread worker;
            public List<Integer> numbers() { List<Integer> all = new ArrayList<>(); for (int i = 0; i < 100; i++) all.add(i); return all; }
            public void touch() { touched++; }
            public void change(double[] a, float[] b, char[] c, byte[] d, long[] e) {
                a[0] = -0.0; b[0] = -0f; c[1] = 'z'; d[0] = -1; e[0] = Long.MIN_VALUE;
                a[2] = Double.longBitsToDouble(0x7ff8000000000123L);
            }
            public void negate(double[] a) { a[0] = -a[0]; }
            public void fail(int[] seen, StringBuilder text) {
                seen[0] = 7;
                text.append("b");
                RuntimeException deep = new RuntimeException("deep", new Error("deeper", new IOException("deepest")));
                deep.addSuppressed(new RuntimeException("side"));
                throw deep;
            }
            public String size(Size size) { return size.text(); }
            public Size bigger(Size size) { return Size.BIG; }
            public Object same(Object o) { return o; }
            public String text(Object o) { return o.getClass().getName() + o; }
            public void keep(Object o) { kept = o; }
            public Object kept() { return kept; }
            public String interruptedInCallBack(Main main) { worker = Thread.currentThread(); main.poke(this); return "" + Thread.interrupted() + Thread.interrupted(); }
            public void interruptWorker() { worker.interrupt(); }
            public Item item() { if (item == null) item = new Item(); return item; }
            public Object[] unsendable() { return new Object[] {new Item(), Thread.currentThread()}; }
            public static String forget() { return ""; }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("refactor.release.ms", "60000");
        try {
            program = new Program().place("a", MAIN).place("b", SHOP, "public class Item { public int number() { return 5; } }")
                .place(null, "public enum Size { SMALL, BIG { public String text() { return \"big\"; } }; public String text() { return \"small\"; } }",
                    "public record Pair(int n, String s) { }").start();
        } finally {
            System.clearProperty("refactor.release.ms");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "removals", "zeros", "thrown", "bodies", "values", "copies", "marked"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
    }

    private static String exported() throws Exception {
        String stats = "";
        for (int i = 0; i < 3; i++) {
            program.processes().request("a", "POST", "/refactor/collect", "");
            stats = program.processes().request("b", "GET", "/refactor/stats", "");
        }
        return stats;
    }

    /** The id comes and goes several times before its owner hears of it once. */
    @Test
    void allThatWasReceivedIsReleased() throws Throwable {
        for (int i = 0; i < 3; i++) {
            assertEquals("5", program.split("take"));
            assertEquals("true", program.split("drop"));
        }
        String stats = exported();
        assertFalse(stats.contains("\"app.Item\":"), stats);
    }

    @Test
    void whatAnAnswerCouldNotCarryIsNotHeld() throws Throwable {
        assertEquals("UnsupportedValue", program.split("cannotBeSent"));
        String stats = exported();
        assertFalse(stats.contains("\"app.Item\":"), stats);
    }

    @Test
    void aProcessIsQuietAfterACallThatThrew() throws Throwable {
        assertEquals("deep", program.split("fails"));
        for (String part : new String[] {"a", "b"}) {
            String activity = "";
            for (int i = 0; i < 50 && !activity.matches(".*\"activity\":\\d.*"); i++) {
                activity = program.processes().request(part, "POST", "/api/_refs/activity", "{}");
                Thread.sleep(20);
            }
            assertTrue(activity.matches(".*\"activity\":\\d.*"), part + activity);
        }
    }

    @Test
    void twoRunsOfAProcessHaveTwoNames() {
        assertNotEquals(Exports.epoch(), Exports.epoch());
    }

    /** The garbage collector is late: the successor of a copy is there before the copy is known to be gone. */
    @Test
    void aCollectedCopyLeavesItsSuccessor() throws Exception {
        Copies copies = new Copies("p");
        Object first = new Object();
        copies.keep("q-1", first);
        Field field = Copies.class.getDeclaredField("byId");
        field.setAccessible(true);
        Reference<?> key = (Reference<?>) ((Map<?, ?>) field.get(copies)).get("q-1");
        key.clear();
        assertNull(copies.find("q-1"));
        Object second = new Object();
        assertSame(second, copies.keep("q-1", second));
        key.enqueue();
        copies.idOf(new Object());
        assertSame(second, copies.find("q-1"));
    }

    @Test
    void shiftsOfSmallNumbersAreThoseOfTheLanguage() {
        for (byte start : new byte[] {-1, -128, 77}) {
            for (int by : new int[] {0, 1, 7, 8, 31, 33}) {
                byte[] x = {start};
                byte expected = start;
                expected >>>= by;
                new ByteCell(() -> x[0], v -> x[0] = v).shiftRightUnsigned(by);
                assertEquals(expected, x[0]);
            }
        }
    }
}

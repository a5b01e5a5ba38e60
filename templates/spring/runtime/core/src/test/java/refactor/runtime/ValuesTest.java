package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and exceptions by copy. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ValuesTest {
    static final String MAIN = """
        public class Main {
            public static String library() throws Exception {
                Shop shop = new Shop();
                StringBuilder out = new StringBuilder();
                Object[] all = {1, 2L, (short) 3, (byte) 4, 'c', 1.5f, 2.5, true, "s", -0.0, Double.NaN, Float.NaN, Double.NEGATIVE_INFINITY, Float.MIN_VALUE,
                    Long.MIN_VALUE, '\\ud800', new java.math.BigDecimal("1.200"), new java.math.BigInteger("9".repeat(50)), UUID.nameUUIDFromBytes(new byte[3]),
                    java.net.URI.create("http://a/b?c"), new java.net.URL("http://a/b"), Locale.GERMANY, new Locale("no", "NO", "NY"), Locale.ROOT,
                    Currency.getInstance("EUR"), java.nio.charset.StandardCharsets.UTF_8, TimeZone.getTimeZone("Europe/Paris"), new Date(5),
                    Optional.of("o"), Optional.empty(), OptionalInt.of(3), java.time.Instant.ofEpochSecond(1, 2), java.time.LocalDate.of(2024, 2, 29),
                    java.time.LocalTime.of(1, 2, 3, 4), java.time.LocalDateTime.of(1, 1, 1, 1, 1), java.time.Duration.ofNanos(-5), java.time.Period.of(1, 2, 3),
                    java.time.ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, java.time.ZoneId.of("Europe/Paris")), java.time.ZoneId.of("America/New_York"),
                    java.time.ZoneOffset.ofHours(3), java.time.Year.of(5), java.time.YearMonth.of(1, 2), java.time.MonthDay.of(2, 29), java.time.DayOfWeek.MONDAY,
                    List.of(1, "a"), List.of(), Set.of(1L), Map.of("k", List.of('v')), Collections.emptyList(), Collections.singletonList(null),
                    Map.entry(1, 2), String.class, int.class, int[].class, Color.RED, Color.GREEN, new File("a/b"), java.nio.file.Path.of("x", "y"),
                    new java.sql.Timestamp(12345L), new java.sql.Date(5), new java.sql.Time(6), Collections.nCopies(3, "n"), java.time.format.DateTimeFormatter.ISO_DATE, java.math.MathContext.DECIMAL32, java.util.stream.Stream.of(1, null).toList()};
                for (Object each : all) {
                    Object back = shop.echo(each);
                    out.append(shop.describe(each)).append(back.equals(each)).append(back.getClass().getSimpleName()).append('\\n');
                }
                java.util.regex.Pattern pattern = (java.util.regex.Pattern) shop.echo(java.util.regex.Pattern.compile("a+", java.util.regex.Pattern.CASE_INSENSITIVE));
                out.append(pattern.matcher("xAA").find()).append(pattern.flags());
                double nan = Double.longBitsToDouble(0x7ff8000000000123L);
                out.append(Double.doubleToRawLongBits((Double) shop.echo(nan)) == Double.doubleToRawLongBits(nan));
                return out.toString();
            }
            public static String values() {
                Shop shop = new Shop();
                Money money = new Money(1099, "EUR");
                Money other = (Money) shop.echo(money);
                Point point = new Point(1, 2.5, List.of(money), null);
                return "" + (other == money) + shop.keepMoney(money) + shop.sameMoney(money) + (shop.kept() == money) + (shop.echo(point) == point)
                    + shop.twice(money, money) + shop.move(point).equals(new Point(2, 2.5, List.of(money), null)) + new Even(4).equals(shop.echo(new Even(4)))
                    + (shop.made() == shop.made()) + shop.made();
            }
            public static String enums() {
                Shop shop = new Shop();
                return "" + (shop.echo(Color.RED) == Color.RED) + shop.next(Color.RED) + shop.echo(Color.GREEN).getClass().isEnum();
            }
            public static String thrown() {
                Shop shop = new Shop();
                StringBuilder out = new StringBuilder();
                try {
                    shop.fail(1);
                } catch (ShopException e) {
                    out.append(e.code).append(e.getMessage()).append(e.getCause().getMessage()).append(e.getCause().getClass()).append(e.getSuppressed().length);
                    boolean inside = false;
                    boolean outside = false;
                    for (StackTraceElement frame : e.getStackTrace()) {
                        inside |= frame.getClassName().equals("app.Shop") && frame.getMethodName().equals("fail") && frame.getLineNumber() > 0;
                        outside |= frame.getClassName().equals("app.Main") && frame.getMethodName().equals("thrown");
                    }
                    out.append(inside).append(outside).append(shop.isLast(e)).append(shop.echo(e) == e);
                }
                for (int kind = 2; kind <= 10; kind++) {
                    try {
                        shop.fail(kind);
                        out.append("none");
                    } catch (Throwable t) {
                        out.append('\\n').append(t.getClass().getName()).append(':').append(t.getMessage()).append(t.getCause() == null);
                        if (t instanceof java.sql.SQLException) out.append(((java.sql.SQLException) t).getSQLState()).append(((java.sql.SQLException) t).getErrorCode());
                        if (t instanceof java.util.concurrent.ExecutionException) out.append(t.getCause());
                        if (t instanceof Custom) out.append(((Custom) t).data);
                    }
                }
                return out.toString();
            }
            public static String home() {
                RuntimeException mine = new RuntimeException("mine");
                try {
                    new Shop().run(() -> { throw mine; });
                    return "no";
                } catch (RuntimeException e) {
                    return "" + (e == mine) + e.getSuppressed().length;
                }
            }
            public static String initCause() {
                try {
                    new Shop().fail(4);
                    return "no";
                } catch (Throwable t) {
                    t.initCause(new RuntimeException("late"));
                    return t.getCause().getMessage();
                }
            }
            public static int down(int n, Shop shop) { return n + shop.down(n + 1); }
            public static String overflow() {
                try {
                    return "" + down(0, new Shop());
                } catch (StackOverflowError e) {
                    return "overflow";
                }
            }
        }
        """;
    static final String SHOP = """
        public class Shop {
            private Money kept;
            private static final Money MADE = new Money(5, "USD");
            private ShopException last;
            public Object echo(Object o) { return o; }
            public String describe(Object o) { return o.getClass().getSimpleName() + o; }
            public String keepMoney(Money m) { kept = m; return m.toString(); }
            public boolean sameMoney(Money m) { return kept == m; }
            public Money kept() { return kept; }
            public boolean twice(Money a, Money b) { return a == b; }
            public Point move(Point p) { return new Point(p.x() + 1, p.y(), p.prices(), p.next()); }
            public Money made() { return MADE; }
            public Color next(Color c) { return c.next(); }
            public boolean isLast(ShopException e) { return e == last; }
            public void run(Runnable r) {
                try { r.run(); } catch (RuntimeException e) { e.addSuppressed(new IllegalStateException("seen")); throw e; }
            }
            public void fail(int kind) throws ShopException {
                switch (kind) {
                    case 1: last = new ShopException(42, "msg", new IOException("io")); last.addSuppressed(new RuntimeException()); throw last;
                    case 2: throw new AssertionError("assert");
                    case 3: throw new ArrayIndexOutOfBoundsException(3);
                    case 4: throw new IllegalStateException();
                    case 5: Shop.<RuntimeException>sneak(new java.sql.SQLException("sql", "08001", 7)); return;
                    case 6: Shop.<RuntimeException>sneak(new java.util.concurrent.ExecutionException(new IOException("in"))); return;
                    case 7: recurse(0); return;
                    case 8: Object o = "x"; Integer i = (Integer) o; return;
                    case 9: throw new Custom(List.of(1, 2));
                    default: throw new NumberFormatException(null);
                }
            }
            private int recurse(int n) { return recurse(n + 1) + 1; }
            public int down(int n) { return Main.down(n, this); }
            private static <T extends Throwable> void sneak(Throwable t) throws T { throw (T) t; }
        }
        """;
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN).place("b", SHOP).place(null,
            "public final class Money { private final long cents; private final String currency;"
                + " public Money(long cents, String currency) { this.cents = cents; this.currency = currency; }"
                + " public String toString() { return cents + currency; } }",
            "public record Point(int x, double y, List<Money> prices, Point next) { }",
            "public record Even(int n) { public Even { if (n % 2 != 0) throw new IllegalArgumentException(); } }",
            "public enum Color { RED { public Color next() { return GREEN; } }, GREEN { public Color next() { return RED; } }; public abstract Color next(); }",
            "public class ShopException extends Exception { public final int code;"
                + " public ShopException(int code, String message, Throwable cause) { super(message, cause); this.code = code; } }",
            "public class Custom extends RuntimeException { public final Object data; public Custom(Object data) { this.data = data; } }").start();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"library", "values", "enums", "thrown", "home", "initCause", "overflow"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
    }
}

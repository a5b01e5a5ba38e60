package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Library objects, lambdas and private classes across parts: every program prints what the monolith prints. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LibraryTest {
    static final String MAIN = """
        public class Main {
            static StringBuilder log = new StringBuilder();
            private static class Secret implements Shape, Comparable<Secret> {
                final int size;
                Secret(int size) { this.size = size; }
                public double area() { return size * 2; }
                public int compareTo(Secret other) { return Integer.compare(size, other.size); }
                public String toString() { return "Secret" + size; }
                public boolean equals(Object o) { return o instanceof Secret && ((Secret) o).size == size; }
                public int hashCode() { return size; }
            }
            public static String lists() {
                ArrayList<String> names = new ArrayList<>(List.of("c", "a", "b"));
                Shop shop = new Shop();
                String out = shop.sort(names) + names;
                List<String> view = shop.names();
                view.add("x");
                ListIterator<String> it = view.listIterator();
                it.next();
                it.set("first");
                it.add("second");
                return out + view + view.size() + shop.names() + (shop.names() == view) + view.equals(List.of("first", "second", "x"))
                    + view.hashCode() + view.subList(0, 2) + view.contains("x") + view.indexOf("second") + String.join("|", view);
            }
            public static String maps() {
                Shop shop = new Shop();
                Map<String, Integer> map = shop.counts();
                map.put("z", 26);
                map.merge("a", 10, Integer::sum);
                map.computeIfAbsent("q", key -> key.length());
                StringBuilder out = new StringBuilder();
                for (Map.Entry<String, Integer> entry : map.entrySet()) {
                    out.append(entry.getKey()).append(entry.getValue());
                    entry.setValue(entry.getValue() + 1);
                }
                map.keySet().removeIf(key -> key.equals("z"));
                return out.toString() + map + shop.counts().get("q");
            }
            public static String concrete() {
                Shop shop = new Shop();
                HashMap<String, List<Integer>> map = shop.hash();
                map.get("one").add(2);
                Properties properties = shop.properties();
                properties.setProperty("k", "w");
                LinkedHashMap<String, String> linked = new LinkedHashMap<>(shop.linked());
                TreeMap<String, Integer> tree = shop.tree();
                return map.toString() + properties.getProperty("k") + properties.getProperty("none", "d") + linked + tree.firstKey()
                    + tree.headMap("m") + tree.descendingMap();
            }
            public static String lambdas() {
                Shop shop = new Shop();
                int base = 40;
                StringBuilder out = new StringBuilder();
                out.append(shop.apply(x -> x + base, 2)).append(shop.make(3).apply(4)).append(shop.ask(() -> "s"));
                Shape shape = () -> 1.5;
                out.append(shop.area(shape)).append(shop.area(new Secret(4)));
                out.append(shop.same(shape, shape)).append(shop.keep(shape) == shape);
                shop.each(List.of(1, 2, 3), each -> out.append(each));
                Predicate<String> p = shop.longer(2);
                out.append(p.test("abc")).append(p.negate().test("abc")).append(p.and(String::isEmpty).test(""));
                return out.toString();
            }
            public static String shapes() {
                Shop shop = new Shop();
                Shape hidden = shop.hidden();
                Shape other = shop.hidden();
                Set<Shape> set = new HashSet<>(List.of(hidden));
                return hidden.area() + hidden.describe() + hidden.equals(other) + set.contains(other) + (hidden == shop.echo(hidden));
            }
            public static String comparing() {
                Shop shop = new Shop();
                List<Secret> secrets = new ArrayList<>(List.of(new Secret(3), new Secret(1), new Secret(2)));
                shop.sortComparables(secrets);
                String out = secrets.toString();
                secrets.sort(shop.reversed());
                return out + secrets + shop.index(new Secret(2)) + shop.index(new Secret(2));
            }
            public static String readers() throws Exception {
                Shop shop = new Shop();
                BufferedReader reader = shop.reader("one\\ntwo\\nthree");
                String out = reader.readLine();
                char[] rest = new char[4];
                reader.mark(10);
                int n = reader.read(rest, 1, 3);
                out += n + new String(rest).replace('\\0', '.');
                reader.reset();
                StringWriter writer = new StringWriter();
                shop.copy(new StringReader("from main"), writer);
                PrintWriter printer = new PrintWriter(shop.writer());
                printer.printf("%d-%s", 7, "x");
                printer.flush();
                return out + reader.readLine() + writer + shop.written() + shop.first(new BufferedReader(new StringReader("l1\\nl2")))
                    + shop.lines(new StringReader("a\\nb\\n"));
            }
            public static String streams() throws Exception {
                Shop shop = new Shop();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                shop.pour(new ByteArrayInputStream(new byte[] {1, 2, 3, 4, 5}), bytes);
                PrintStream print = new PrintStream(bytes);
                shop.print(print);
                InputStream in = shop.input();
                byte[] buffer = new byte[3];
                int a = in.read();
                int n = in.read(buffer);
                int end = in.read(buffer, 0, 3);
                return bytes.toString().substring(5) + a + n + Arrays.toString(buffer) + end + in.read();
            }
            public static String builders() {
                Shop shop = new Shop();
                StringBuilder builder = new StringBuilder("x");
                StringBuilder same = shop.append(builder);
                char[][] board = {{'a', 'b'}, {'c'}};
                Object[] mixed = {1, "two", null, new int[] {3}};
                shop.play(board, mixed);
                long[] longs = {1L, Long.MIN_VALUE};
                double[] doubles = shop.doubles(longs, longs);
                try {
                    shop.failAfterWriting(longs);
                } catch (IllegalStateException e) {
                    longs[1]++;
                }
                Date date = new Date(5);
                List<Date> dates = List.of(date);
                java.sql.Timestamp stamp = new java.sql.Timestamp(1001L);
                stamp.setNanos(123456789);
                java.sql.Date day = new java.sql.Date(7);
                java.sql.Time time = new java.sql.Time(9);
                return shop.stamp(stamp) + stamp.getNanos() + shop.later(stamp) + stamp.getNanos() + shop.later(day) + day.getTime() + shop.later(time)
                    + time.getTime() + shop.kind(stamp) + shop.kind(day) + shop.kind(time) + builder + "" + shop.later(date) + date.getTime() + shop.firstOf(dates) + (same == builder) + Arrays.deepToString(board) + Arrays.deepToString(mixed) + (board[0] == board[1])
                    + Arrays.toString(longs) + Arrays.toString(doubles) + Arrays.toString(shop.results()) + shop.sum(1, 2, 3);
            }
            public static String formats() throws Exception {
                Shop shop = new Shop();
                java.text.SimpleDateFormat format = shop.format();
                java.text.NumberFormat number = shop.number();
                Date date = new Date(86400000L * 365);
                Calendar calendar = shop.calendar();
                calendar.add(Calendar.DAY_OF_MONTH, 1);
                return format.format(date) + format.parse("1999-12-31").getTime() + number.format(1234.5) + calendar.get(Calendar.YEAR)
                    + calendar.getTime().getTime() + shop.random().nextInt(100) + shop.random().nextInt(100);
            }
            public static String iteration() {
                Shop shop = new Shop();
                int sum = 0;
                for (Integer each : shop.numbers()) sum += each;
                Iterator<Integer> it = shop.numbers().iterator();
                it.next();
                it.remove();
                String out = "" + sum + shop.numbers();
                try {
                    for (Integer each : shop.numbers()) shop.numbers().add(each);
                } catch (ConcurrentModificationException e) {
                    out += "cme";
                }
                for (Integer each : shop.iterable()) out += each;
                return out + shop.numbers().stream().filter(x -> x > 2).map(x -> "s" + x).collect(java.util.stream.Collectors.joining(","))
                    + Collections.max(shop.numbers());
            }
            public static String pinned() {
                try {
                    return "" + new Shop().echo(Thread.currentThread());
                } catch (RuntimeException e) {
                    return e.getClass().getSimpleName() + e.getMessage();
                }
            }
            public static String pinnedResult() {
                try {
                    return "" + new Shop().thread();
                } catch (RuntimeException e) {
                    return e.getClass().getSimpleName() + e.getMessage();
                }
            }
            public static String handle() {
                try {
                    return new Shop().next(new Scanner("a b"));
                } catch (RuntimeException e) {
                    return e.getClass().getSimpleName() + e.getMessage();
                }
            }
            public static String chunks() {
                Shop shop = new Shop();
                List<String> names = shop.names();
                for (int i = 0; i < 300; i++) names.add("n" + i);
                StringBuilder out = new StringBuilder();
                for (String each : names) out.append(each);
                // stops half way, changes the list, goes on: fails fast
                Iterator<String> it = names.iterator();
                for (int i = 0; i < 5; i++) out.append(it.next());
                names.add("late");
                try {
                    out.append(it.hasNext()).append(it.next());
                } catch (ConcurrentModificationException e) {
                    out.append("cme");
                }
                // removes the second to last while iterating: ends silently, as an ArrayList does
                List<String> few = names.subList(0, 3);
                ArrayList<String> own = shop.few();
                for (String each : own) if (each.equals("b")) own.remove("b");
                out.append(own);
                Iterator<String> removing = names.iterator();
                while (removing.hasNext()) if (!removing.next().endsWith("7")) removing.remove();
                out.append(names).append(few.getClass() != null);
                try {
                    removing.remove();
                    removing.remove();
                } catch (IllegalStateException e) {
                    out.append("ise");
                }
                Iterator<String> end = names.iterator();
                while (end.hasNext()) end.next();
                try {
                    end.next();
                } catch (NoSuchElementException e) {
                    out.append("none");
                }
                Map<String, Integer> counts = shop.counts();
                for (String key : counts.keySet()) for (Integer value : counts.values()) out.append(key).append(value);
                for (String key : counts.keySet()) out.append(counts.get(key));
                Iterator<String> keys = counts.keySet().iterator();
                keys.next();
                shop.clearCounts();
                try {
                    keys.next();
                } catch (ConcurrentModificationException e) {
                    out.append("cme");
                }
                Iterator<String> rest = shop.few().iterator();
                rest.next();
                rest.forEachRemaining(out::append);
                Iterator<Object> none = new Shop().few2().iterator();
                return out.append(none.hasNext()).append(shop.visit(names.iterator())).toString();
            }
            public static String opaque() {
                Shop shop = new Shop();
                Object token = shop.token();
                Object lock = new Object();
                return shop.isToken(token) + " " + (shop.echo(lock) == lock) + shop.echo(null) + shop.echo(token).equals(token);
            }
            public static String subclasses() {
                Shop shop = new Shop();
                Base base = shop.base();
                Runnable both = (Runnable) base;
                both.run();
                both.run();
                return base.name() + base.twice() + (shop.base() == base) + (base instanceof Comparable);
            }
            public static String anonymous() {
                Shop shop = new Shop();
                Writer upper = new StringWriter() {
                    @Override public void write(String text) { super.write(text.toUpperCase()); }
                };
                shop.writeTo(upper);
                AbstractList<String> list = new AbstractList<>() {
                    @Override public String get(int i) { return "i" + i; }
                    @Override public int size() { return 3; }
                };
                return upper + shop.join(list) + shop.join(Collections.unmodifiableList(new ArrayList<>(List.of("u")))) + shop.join(Arrays.asList("q", "r"));
            }
        }
        """;
    static final String SHOP = """
        public class Shop {
            private final List<String> names = new ArrayList<>();
            private final Map<String, Integer> counts = new TreeMap<>(Map.of("a", 1, "b", 2));
            private final List<Integer> numbers = new ArrayList<>(List.of(1, 2, 3, 4));
            private final StringWriter written = new StringWriter();
            private final Map<Object, Integer> indexes = new HashMap<>();
            private final Random random = new Random(42);
            private final Object token = new Object();
            public String sort(ArrayList<String> list) { Collections.sort(list); list.add("end"); return list.get(0); }
            public List<String> names() { return names; }
            public Map<String, Integer> counts() { return counts; }
            public HashMap<String, List<Integer>> hash() {
                HashMap<String, List<Integer>> map = new HashMap<>();
                map.put("one", new ArrayList<>(List.of(1)));
                return map;
            }
            public Properties properties() { Properties p = new Properties(); p.setProperty("k", "v"); return p; }
            public LinkedHashMap<String, String> linked() { LinkedHashMap<String, String> m = new LinkedHashMap<>(); m.put("b", "1"); m.put("a", "2"); return m; }
            public TreeMap<String, Integer> tree() { return new TreeMap<>(Map.of("k", 1, "z", 2)); }
            public ArrayList<String> few() { return new ArrayList<>(List.of("a", "b", "c")); }
            public List<Object> few2() { return new LinkedList<>(); }
            public Object thread() { return Thread.currentThread(); }
            public String next(Scanner s) { return s.next(); }
            public void clearCounts() { counts.clear(); }
            public String visit(Iterator<String> it) { it.next(); names.add("visited"); try { return it.next(); } catch (ConcurrentModificationException e) { return "cme"; } }
            public int apply(IntUnaryOperator f, int x) { return f.applyAsInt(x); }
            public Function<Integer, Integer> make(int n) { return x -> x * n; }
            public String ask(Supplier<String> s) { return s.get() + s.get(); }
            public double area(Shape s) { return s.area() + s.describe().length(); }
            public boolean same(Shape a, Shape b) { return a == b; }
            public Shape keep(Shape a) { return a; }
            public void each(List<Integer> list, Consumer<Integer> to) { list.forEach(to); }
            public Predicate<String> longer(int n) { return s -> s.length() > n; }
            public Shape hidden() {
                record Hidden(double area) implements Shape { }
                return new Shape() {
                    public double area() { return 7; }
                    public boolean equals(Object o) { return o instanceof Shape s && s.area() == 7; }
                    public int hashCode() { return 7; }
                };
            }
            public <T> T echo(T value) { return value; }
            public <T extends Comparable<T>> void sortComparables(List<T> list) { Collections.sort(list); }
            public <T extends Comparable<T>> Comparator<T> reversed() { return Comparator.<T>naturalOrder().reversed(); }
            public int index(Object key) { return indexes.computeIfAbsent(key, k -> indexes.size()); }
            public BufferedReader reader(String text) { return new BufferedReader(new StringReader(text)); }
            public void copy(Reader in, Writer out) throws IOException { in.transferTo(out); }
            public Writer writer() { return written; }
            public String written() { return written.toString(); }
            public String first(BufferedReader in) throws IOException { return in.readLine(); }
            public String lines(Reader in) { return new BufferedReader(in).lines().toList().toString(); }
            public void pour(InputStream in, OutputStream out) throws IOException { in.transferTo(out); }
            public void print(PrintStream out) { out.print(1); out.println("two"); out.printf("%s", 3.0); out.append('c').flush(); }
            public InputStream input() { return new ByteArrayInputStream(new byte[] {9, 8, 7, 6}); }
            public long later(Date d) { d.setTime(d.getTime() + 10); return d.getTime(); }
            public String stamp(java.sql.Timestamp t) { t.setNanos(t.getNanos() + 7); return t.getTime() + " " + t.getNanos(); }
            public String kind(Date d) { return d.getClass().getName(); }
            public long firstOf(List<Date> dates) { return dates.get(0).getTime(); }
            public StringBuilder append(StringBuilder b) { return b.append("-appended").insert(0, "<"); }
            public void play(char[][] board, Object[] mixed) { board[0][1] = 'Z'; board[1] = board[0]; ((int[]) mixed[3])[0] = 33; mixed[2] = "set"; }
            public double[] doubles(long[] a, long[] b) { a[0] = 5; return new double[] {a == b ? -0.0 : 1, Double.NaN, b[0], Double.MIN_VALUE, 1.0 / 3}; }
            public void failAfterWriting(long[] a) { a[1] = 77; throw new IllegalStateException(); }
            public String[] results() { return new String[] {"r", null}; }
            public int sum(int... all) { int s = 0; for (int each : all) s += each; return s; }
            public java.text.SimpleDateFormat format() {
                java.text.SimpleDateFormat f = new java.text.SimpleDateFormat("yyyy-MM-dd");
                f.setTimeZone(TimeZone.getTimeZone("UTC"));
                return f;
            }
            public java.text.NumberFormat number() { return java.text.NumberFormat.getInstance(Locale.US); }
            public Calendar calendar() { Calendar c = Calendar.getInstance(TimeZone.getTimeZone("UTC")); c.setTimeInMillis(0); return c; }
            public Random random() { return random; }
            public List<Integer> numbers() { return numbers; }
            public Iterable<Integer> iterable() { return numbers; }
            public Object token() { return token; }
            public boolean isToken(Object other) { return other == token; }
            private Base base;
            public Base base() {
                if (base == null) {
                    abstract class Both extends Base implements Runnable, Comparable<Base> { }
                    base = new Both() {
                        private int runs;
                        public void run() { runs++; }
                        public String name() { return "runs" + runs; }
                        public int compareTo(Base other) { return 0; }
                    };
                }
                return base;
            }
            public void writeTo(Writer w) { try { w.write("quiet"); w.append("!"); } catch (IOException e) { throw new UncheckedIOException(e); } }
            public String join(List<String> list) { return String.join("+", list) + list.size(); }
        }
        """;
    static final String SHAPE = "@FunctionalInterface public interface Shape { double area(); default String describe() { return \"area \" + area(); } }";
    static Program program;

    @BeforeAll
    static void start() throws Exception {
        program = new Program().place("a", MAIN).place("b", SHOP).place("b", "public abstract class Base { public abstract String name(); public String twice() { return name() + name(); } }")
            .place(null, SHAPE).start();
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({"pinned, java.lang.Thread, app.Shop/echo-Object", "pinnedResult, java.lang.Thread, app.Shop/thread",
        "handle, java.util.Scanner, app.Shop/next-Scanner"})
    void whatCannotCrossIsNamed(String method, String type, String endpoint) throws Throwable {
        String said = (String) program.split(method);
        org.junit.jupiter.api.Assertions.assertTrue(said.startsWith("UnsupportedValue") && said.contains(type) && said.contains(endpoint)
            && said.contains("one part"), said);
    }

    @org.junit.jupiter.api.Test
    void iterationTakesChunks() throws Throwable {
        program.split("chunks");
        String stats = program.processes().request("b", "GET", "/refactor/stats", "");
        java.util.regex.Matcher chunks = java.util.regex.Pattern.compile("\"java.util.Iterator/read-ahead\":(\\d+)").matcher(stats);
        org.junit.jupiter.api.Assertions.assertTrue(chunks.find(), stats);
        // 300 names in chunks of 16, 64, 256, and the few others
        org.junit.jupiter.api.Assertions.assertTrue(Integer.parseInt(chunks.group(1)) < 40, stats);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lists", "maps", "concrete", "lambdas", "shapes", "comparing", "readers", "streams", "builders", "formats", "iteration",
        "chunks", "opaque", "anonymous", "subclasses"})
    void splitPrintsWhatTheMonolithPrints(String method) throws Throwable {
        assertEquals(program.whole(method), program.split(method));
    }
}

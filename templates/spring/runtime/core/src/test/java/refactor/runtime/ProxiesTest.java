package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes: `orders` owns the class, `driver` has its generated proxy. */
class ProxiesTest {
    static final String ORDER = """
        package shop;
        public class Order {
            private static Order last;
            private int total;
            private final String name;
            public Order(String name) { this.name = name; last = this; }
            public String name() { return name; }
            public int add(int amount) { total += amount; return total; }
            public Order self() { return this; }
            public static int cast(Object value) { return (Integer) value; }
            public static Order last() { return last; }
            public boolean same(Order other) { return other == this; }
            public long wide(long a, double b, char c) { return a + (long) b + c; }
            public void fail(String why) { throw new IllegalStateException(why); }
            public int fill(int[] into) { for (int i = 0; i < into.length; i++) into[i] = i * i; return into.length; }
        }
        """;
    static final String SKELETON = """
        package shop;
        import refactor.runtime.*;
        class OrderSkeleton implements Skeleton {
            public void register(Endpoints e) {
                e.constructor("shop.Order", "new", args -> new Order((String) args[0]));
                e.method("shop.Order", "name", (self, args) -> ((Order) self).name());
                e.method("shop.Order", "add", (self, args) -> ((Order) self).add((Integer) args[0]));
                e.method("shop.Order", "self", (self, args) -> ((Order) self).self());
                e.function("shop.Order", "last", args -> Order.last());
                e.function("shop.Order", "cast", args -> Order.cast(args[0]));
                e.method("shop.Order", "same", (self, args) -> ((Order) self).same((Order) args[0]));
                e.method("shop.Order", "wide", (self, args) -> ((Order) self).wide((Long) args[0], (Double) args[1], (Character) args[2]));
                e.method("shop.Order", "fail", (self, args) -> { ((Order) self).fail((String) args[0]); return null; });
                e.method("shop.Order", "fill", (self, args) -> ((Order) self).fill((int[]) args[0]));
            }
        }
        """;
    static final String PROXY = """
        package shop;
        import refactor.runtime.*;
        public class Order implements Proxy {
            private static final Endpoint NEW = Endpoint.of("orders", "shop.Order", "new");
            private static final Endpoint NAME = Endpoint.of("orders", "shop.Order", "name");
            private static final Endpoint ADD = Endpoint.of("orders", "shop.Order", "add");
            private static final Endpoint SELF = Endpoint.of("orders", "shop.Order", "self");
            private static final Endpoint LAST = Endpoint.of("orders", "shop.Order", "last");
            private static final Endpoint SAME = Endpoint.of("orders", "shop.Order", "same");
            private static final Endpoint WIDE = Endpoint.of("orders", "shop.Order", "wide");
            private static final Endpoint FAIL = Endpoint.of("orders", "shop.Order", "fail");
            private static final Endpoint FILL = Endpoint.of("orders", "shop.Order", "fill");
            private final Ref ref$;
            Order(Ref ref) { this.ref$ = ref.bind(this); }
            public Order(String name) { this(Remote.create(NEW, name)); }
            public Ref ref$() { return ref$; }
            public String name() { return (String) Remote.call(NAME, this); }
            public int add(int amount) { return (Integer) Remote.call(ADD, this, amount); }
            public Order self() { return (Order) Remote.call(SELF, this); }
            public static Order last() { return (Order) Remote.callStatic(LAST); }
            public boolean same(Order other) { return (Boolean) Remote.call(SAME, this, other); }
            public long wide(long a, double b, char c) { return (Long) Remote.call(WIDE, this, a, b, c); }
            public void fail(String why) { Remote.call(FAIL, this, why); }
            public int fill(int[] into) { return (Integer) Remote.call(FILL, this, (Object) into); }
        }
        """;
    static final String DRIVER = """
        package shop;
        public class Driver {
            public static String run() {
                Order order = new Order("a\\ud800b");
                StringBuilder out = new StringBuilder();
                out.append(order.name().equals("a\\ud800b")).append(' ');
                order.add(40);
                out.append(order.add(2)).append(' ').append(order.self() == order).append(' ').append(Order.last() == order);
                out.append(' ').append(order.same(order)).append(' ').append(order.wide(Long.MAX_VALUE - 200, 1.5, 'A'));
                int[] squares = new int[4];
                out.append(' ').append(order.fill(squares)).append(squares[3]);
                try {
                    order.fail("no");
                } catch (IllegalStateException e) {
                    out.append(' ').append(e.getMessage()).append(' ').append(e.getStackTrace()[0].getMethodName());
                }
                return out.toString();
            }
            static class StandIn extends Order {
                StandIn(Order order) { super(order.ref$()); }
                public refactor.runtime.Ref ref$() { return null; }
            }
            public static String stand() {
                Order order = new Order("a"), standIn = new StandIn(order);
                StringBuilder out = new StringBuilder();
                for (Runnable use : new Runnable[] {() -> order.same(standIn), standIn::name}) {
                    try {
                        use.run();
                    } catch (RuntimeException e) {
                        out.append(e.getMessage()).append('\\n');
                    }
                }
                return out.toString();
            }
        }
        """;
    static Split split;

    @BeforeAll
    static void start() throws Exception {
        split = new Split("orders", "driver")
            .part("orders", "{'part': 'orders', 'owned': ['shop.Order'], 'skeletons': ['shop.OrderSkeleton']}", ORDER, SKELETON)
            .part("driver", "{'part': 'driver', 'owned': ['shop.Driver'], 'proxies': {'shop.Order': 'orders'}}", PROXY, DRIVER)
            .start();
    }

    @AfterAll
    static void stop() throws Exception {
        split.close();
    }

    @Test
    void aProxyBehavesLikeTheObject() throws Throwable {
        assertEquals("true 42 true true true " + (Long.MAX_VALUE - 200 + 1 + 65) + " 49 no fail", split.run("driver", "shop.Driver", "run"));
    }

    @Test
    void aStandInForARemoteClassStaysInItsProcess() throws Throwable {
        String said = "a stand-in (shop.Driver$StandIn) for a class of another part cannot leave its process\n";
        assertEquals(said + said, split.run("driver", "shop.Driver", "stand"));
    }

    @Test
    void collectedProxiesLeaveTheOwnersTableEmpty() throws Throwable {
        split.run("driver", "shop.Driver", "run");
        split.request("driver", "POST", "/refactor/collect", "");
        String stats = split.request("orders", "GET", "/refactor/stats", "");
        assertTrue(stats.contains("\"ids\":0"), stats);
        assertTrue(stats.contains("\"shop.Order/add\":"), stats);
    }
}

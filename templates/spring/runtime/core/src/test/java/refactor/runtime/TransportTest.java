package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A network that fails: a relay between two processes drops what the test tells it to drop. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TransportTest {
    enum Fault { NONE, CLOSE_AFTER_ANSWER, DROP_ANSWER_ONCE, DROP_ALWAYS, SILENT }

    static final AtomicReference<Fault> FAULT = new AtomicReference<>(Fault.NONE);
    static final AtomicInteger CONNECTIONS = new AtomicInteger();
    static Split split;
    static ServerSocket relay;

    static final String MAIN = """
        package shop;
        public class Main {
            static Order order;
            public static String create() { order = new Order("n"); return "created"; }
            public static String add() { return "" + order.add(1); }
            public static String addOrFail() {
                try {
                    return "" + order.add(1);
                } catch (refactor.runtime.RemoteFailure e) {
                    return e.getClass().getSimpleName() + ": " + e.getMessage();
                }
            }
            public static String createOrFail() {
                try {
                    new Order("x");
                    return "created";
                } catch (refactor.runtime.RemoteFailure e) {
                    return e.getClass().getSimpleName();
                }
            }
        }
        """;

    static final String SKELETON = """
        package shop;
        class MainSkeleton implements refactor.runtime.Skeleton {
            public void register(refactor.runtime.Endpoints e) { e.function("shop.Main", "add", args -> Main.add()); }
        }
        """;
    static volatile String lastRequest = "";

    @BeforeAll
    static void start() throws Exception {
        relay = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        System.setProperty("refactor.read.timeout.ms", "700");
        try {
            split = new Split("orders", "driver")
                .part("orders", "{'part': 'orders', 'owned': ['shop.Order'], 'skeletons': ['shop.OrderSkeleton']}", ProxiesTest.ORDER, ProxiesTest.SKELETON)
                .part("driver", "{'part': 'driver', 'owned': ['shop.Main'], 'proxies': {'shop.Order': 'orders'}, 'skeletons': ['shop.MainSkeleton']}",
                    ProxiesTest.PROXY, MAIN, SKELETON);
            split.reach("driver", "orders", relay.getLocalPort());
            split.start();
        } finally {
            System.clearProperty("refactor.read.timeout.ms");
        }
        LoopbackServer.daemon(TransportTest::accept, "relay").start();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        split.close();
    }

    @BeforeEach
    void fresh() throws Throwable {
        FAULT.set(Fault.NONE);
        assertEquals("created", split.run("driver", "shop.Main", "create"));
        CONNECTIONS.set(0);
    }

    private static void accept() {
        try {
            while (true) {
                Socket client = relay.accept();
                CONNECTIONS.incrementAndGet();
                LoopbackServer.daemon(() -> relay(client), "relayed").start();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    /** One request and one answer at a time, each of which fits one read. */
    private static void relay(Socket client) {
        try (client; Socket server = new Socket("127.0.0.1", split.port("orders"))) {
            byte[] buffer = new byte[1 << 16];
            InputStream requests = client.getInputStream();
            for (int read; (read = requests.read(buffer)) > 0; ) {
                lastRequest = new String(buffer, 0, read, java.nio.charset.StandardCharsets.ISO_8859_1);
                server.getOutputStream().write(buffer, 0, read);
                int answered = server.getInputStream().read(buffer);
                if (FAULT.compareAndSet(Fault.DROP_ANSWER_ONCE, Fault.NONE) || FAULT.get() == Fault.DROP_ALWAYS) return;
                if (FAULT.get() == Fault.SILENT) Thread.sleep(2000);
                client.getOutputStream().write(buffer, 0, answered);
                if (FAULT.compareAndSet(Fault.CLOSE_AFTER_ANSWER, Fault.NONE)) return;
            }
        } catch (IOException | InterruptedException e) {
            // either side went away
        }
    }

    @Test
    void anObjectThatItsOwnerForgotIsLost() throws Throwable {
        java.util.regex.Matcher process = java.util.regex.Pattern.compile("\"process\":\"([^\"]+)\"").matcher(split.request("driver", "GET", "/refactor/stats", ""));
        assertTrue(process.find());
        split.request("orders", "POST", "/api/_refs/release", "{\"from\":\"" + process.group(1) + "\",\"all\":true}");
        String said = (String) split.run("driver", "shop.Main", "addOrFail");
        assertTrue(said.startsWith("ObjectLost: orders:shop.Order/add: "), said);
    }

    @Test
    void theTraceGoesOn() throws Throwable {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assertEquals(200, split.send("driver", "POST", "/api/shop.Main/add", "{\"args\":[]}", "secret", "traceparent", trace).statusCode());
        assertTrue(lastRequest.contains("/api/shop.Order/add ") && lastRequest.contains("\r\ntraceparent: " + trace + "\r\n"), lastRequest);
        split.run("driver", "shop.Main", "add");
        assertTrue(lastRequest.contains("/api/shop.Order/add ") && !lastRequest.contains("traceparent"), lastRequest);
    }

    @Test
    void oneConnectionServesManyCalls() throws Throwable {
        for (int i = 1; i <= 20; i++) assertEquals("" + i, split.run("driver", "shop.Main", "add"));
        assertEquals(0, CONNECTIONS.get());
    }

    @Test
    void aConnectionThatTheServerClosedIsReplaced() throws Throwable {
        FAULT.set(Fault.CLOSE_AFTER_ANSWER);
        assertEquals("1", split.run("driver", "shop.Main", "add"));
        assertEquals("2", split.run("driver", "shop.Main", "add"));
    }

    @Test
    void aCallWhoseAnswerWasLostRunsOnce() throws Throwable {
        FAULT.set(Fault.DROP_ANSWER_ONCE);
        assertEquals("1", split.run("driver", "shop.Main", "add"), "sent twice, run once");
        assertEquals("2", split.run("driver", "shop.Main", "add"));
    }

    @Test
    void aNetworkThatLosesEveryAnswerIsATransportFailure() throws Throwable {
        FAULT.set(Fault.DROP_ALWAYS);
        String said = (String) split.run("driver", "shop.Main", "addOrFail");
        assertTrue(said.startsWith("RemoteFailure: call to orders."), said);
    }

    @Test
    void anOwnerThatIsSilentIsNotWaitedForEver() throws Throwable {
        FAULT.set(Fault.SILENT);
        long start = System.nanoTime();
        String said = (String) split.run("driver", "shop.Main", "addOrFail");
        assertTrue(said.contains("no answer from") && said.contains("700 ms"), said);
        assertTrue(System.nanoTime() - start < 2_000_000_000L);
    }
}

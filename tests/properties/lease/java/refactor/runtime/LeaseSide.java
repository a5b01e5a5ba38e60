package refactor.runtime;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One process of the lab: the product's tables and its lease code, without threads and sockets of its own. */
public final class LeaseSide {
    private static final Map<String, Object> ROOTS = new HashMap<>();
    private static final Map<String, Object[]> SENT = new HashMap<>();
    private static Host host;

    private LeaseSide() {}

    /** A fresh process. Every message that it sends goes to `network`: {part, path, body} to {status, body}, or null where none answers. */
    public static String start(Function<Object[], Object[]> network) throws ReflectiveOperationException {
        ROOTS.clear();
        SENT.clear();
        set(Host.class, null, "instance", null);
        host = Host.get();
        host.servedByContainer();
        set(Leases.class, host.leases, "running", true); // no thread: the test decides when something is sent
        set(Leases.class, host.leases, "control", (Executor) Runnable::run);
        set(Host.class, host, "transport", (Transport) (peer, path, body) -> {
            Object[] answer = network.apply(new Object[] {peer.part(), new String(path, StandardCharsets.UTF_8), body.toBytes()});
            if (answer == null) throw new IOException("no answer");
            return new Answered((Integer) answer[0], (byte[]) answer[1]);
        });
        return host.process;
    }

    private static void set(Class<?> type, Object of, String name, Object value) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(of, value);
    }

    public static void make(String name) {
        ROOTS.put(name, new ArrayList<>(List.of(name)));
    }

    public static void drop(String name) {
        ROOTS.remove(name);
    }

    /** The bytes of a message with one root in it. What goes home is held until the answer: the caller's arguments are. */
    public static byte[] send(String message, String root, String to) {
        try (JsonWriter out = JsonWriter.open()) {
            Marshal marshal = new Marshal(host, out, to, "lab", new ArrayList<>());
            Object value = ROOTS.get(root);
            marshal.value(value);
            boolean home = value instanceof Proxy proxy && proxy.ref$().process().equals(to);
            SENT.put(message, new Object[] {marshal, home ? value : null});
            return out.toBytes();
        }
    }

    /** The message has arrived, or certainly never left. */
    public static void settled(String message, boolean arrived) {
        Object[] sent = SENT.remove(message);
        if (sent != null && !arrived) ((Marshal) sent[0]).takeBack();
    }

    /** Reads a message; the answer is empty, or what went wrong. */
    public static String receive(byte[] body, String root) {
        try {
            ROOTS.put(root, new Unmarshal(host, new JsonReader(body), new ArrayList<>()).value());
            return "";
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** The id behind a root; empty for an object that is at home. */
    public static String id(String root) {
        return ROOTS.get(root) instanceof Proxy proxy ? proxy.ref$().id() : "";
    }

    /** The object that this process knows under an id, by the name it was made with. */
    public static String known(String id) {
        Object found = host.exports.find(id);
        return found == null ? "" : (String) ((List<?>) found).get(0);
    }

    /** Every exported object by the name it was made with. */
    public static String exported() throws ReflectiveOperationException {
        StringBuilder text = new StringBuilder();
        for (Exports.Known known : host.exports.known().values()) text.append(known(known.id())).append(' ');
        return text.toString().trim();
    }

    public static int flush() {
        return host.leases.flush();
    }

    /** The heartbeat of a process that is well. */
    public static void beat() throws ReflectiveOperationException {
        for (String method : new String[] {"hold", "renew"}) {
            var found = Leases.class.getDeclaredMethod(method);
            found.setAccessible(true);
            found.invoke(host.leases);
            host.leases.flush();
        }
    }

    /** So long passes in which `silent` says nothing that it is given up. */
    @SuppressWarnings("unchecked")
    public static void expire(String silent) throws ReflectiveOperationException {
        Field heard = Leases.class.getDeclaredField("heard");
        heard.setAccessible(true);
        Map<String, Long> last = (ConcurrentHashMap<String, Long>) heard.get(host.leases);
        for (String holder : host.exports.holders()) last.put(holder, host.leases.clock.nanos());
        last.put(silent, host.leases.clock.nanos() - TimeUnit.MILLISECONDS.toNanos(11L * host.settings.leaseMillis));
        var expire = Leases.class.getDeclaredMethod("expire");
        expire.setAccessible(true);
        expire.invoke(host.leases);
    }

    public static Object[] serve(String path, byte[] body) throws IOException {
        Object[] answer = new Object[2];
        host.dispatcher.serve("POST", path, new Dispatcher.Exchange() {
            @Override
            public String header(String name) {
                return name.equals("authorization") ? "Bearer " + host.settings.token : null;
            }

            @Override
            public void answer(int status, byte[] bytes, int length) {
                answer[0] = status;
                answer[1] = Arrays.copyOf(bytes, length);
            }
        }, body, 0, body.length);
        return answer;
    }

    /** Many threads export objects at once; how many of them the table does not know afterwards. */
    public static int hammer(int threads, int objects) throws InterruptedException {
        Object[][] all = new Object[threads][objects];
        String[][] ids = new String[threads][objects];
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int mine = t;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < objects; i++) {
                    all[mine][i] = new Object();
                    ids[mine][i] = host.exports.grant(all[mine][i], "hammer.0.0");
                }
            });
            thread.setUncaughtExceptionHandler((failed, thrown) -> {});
            running.add(thread);
            thread.start();
        }
        for (Thread thread : running) thread.join();
        int lost = 0;
        for (int t = 0; t < threads; t++) {
            for (int i = 0; i < objects; i++) if (ids[t][i] == null || host.exports.find(ids[t][i]) != all[t][i]) lost++;
        }
        return lost;
    }

    private static final class Answered implements Transport.Answer {
        private final int status;
        private final byte[] body;

        Answered(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public byte[] buffer() {
            return body;
        }

        @Override
        public int from() {
            return 0;
        }

        @Override
        public int length() {
            return body.length;
        }

        @Override
        public void done() {}

        @Override
        public void broken() {}
    }
}

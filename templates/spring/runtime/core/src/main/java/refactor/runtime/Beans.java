package refactor.runtime;

import java.lang.ref.WeakReference;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Beans across parts. A container of this process serves its beans by name; a bean of another part is a proxy that looks
 * it up at the first use, so that services can start in any order.
 */
public final class Beans {
    private static final String TYPE = "refactor.runtime.Beans";
    private static final long PATIENCE_MS = 60_000;

    /** The container of this process. */
    public interface Container {
        /** The bean of this name; may wait until the container has started. */
        Object find(String name);

        /** Where its web handlers answer, one line each, for a process that stands in front of this one. */
        String routes();
    }

    private static final List<WeakReference<Ref>> LATE = new ArrayList<>();
    private static volatile Container container;
    private static volatile boolean starting;

    private Beans() {}

    /** One bean of another part, not looked up yet. */
    static final class Late {
        private final String part;
        private final String name;

        Late(String part, String name) {
            this.part = part;
            this.name = name;
        }

        Ref find() {
            return patiently(part, () -> (Ref) Remote.create(Endpoint.of(part, TYPE, "get"), name));
        }

        @Override
        public String toString() {
            return "bean " + name + " of part " + part;
        }
    }

    interface Attempt<T> {
        T run();
    }

    /** Tries again while the other process is not there yet: the request never left, so nothing can happen twice. */
    private static <T> T patiently(String part, Attempt<T> attempt) {
        return patiently(part, Math.max(PATIENCE_MS, Host.get().settings.startMillis), attempt);
    }

    static <T> T patiently(String part, long millis, Attempt<T> attempt) {
        long end = System.nanoTime() + millis * 1_000_000;
        for (boolean first = true; ; first = false) {
            try {
                return attempt.run();
            } catch (NotSent e) {
                if (System.nanoTime() > end) throw e;
                // For whoever starts the services: this one cannot start before that one has.
                if (first) System.err.println("refactor: part " + Host.get().part() + " waits for part " + part);
                pause(part, e);
            }
        }
    }

    private static void pause(String part, NotSent failure) {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteFailure("interrupted while waiting for part " + part, failure);
        }
    }

    /** While this process's container starts, the others may be starting too: who is called waits for them. */
    static <T> T whileStarting(String part, Attempt<T> attempt) {
        return starting ? patiently(part, attempt) : attempt.run();
    }

    /** The container of this process begins, or has ended, to make its beans. */
    public static void starting(boolean now) {
        starting = now;
    }

    /** This container serves the beans of this process from now on. */
    public static void servedBy(Container found) {
        container = found;
    }

    static void serve(Host host) {
        if (!host.manifest.beans.isEmpty()) {
            host.endpoints.function(TYPE, "get", args -> get(host, (String) args[0]));
            host.endpoints.function(TYPE, "value", args -> get(host, (String) args[0]));
        }
        host.endpoints.function(TYPE, "routes", args -> started().routes());
    }

    private static Object get(Host host, String name) {
        if (!host.manifest.beans.contains(name)) throw new NoSuchElementException("part " + host.part() + " shares no bean " + name);
        Object bean = started().find(name);
        host.exports.root(bean);
        return bean;
    }

    private static Container started() {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        for (Container found = container; ; found = container) {
            if (found != null) return found;
            if (System.nanoTime() > end) throw new IllegalStateException("part " + Host.get().part() + " has no container that serves beans");
            pause(Host.get().part(), null);
        }
    }

    /** Whether a bean known by this type can be a proxy that is looked up later; a value is fetched when it is needed. */
    public static boolean canBeLate(Class<?> type) {
        return !Modifier.isFinal(type.getModifiers()) && !type.isRecord() && !type.isEnum();
    }

    /** A proxy of the bean `name` of `part`, which is known there by `type`. */
    public static Object proxy(String part, String name, Class<?> type) {
        Host host = Host.get();
        Ref ref = new Ref(new Late(part, name));
        Object proxy = host.proxies.late(ref, part, type);
        ref.bind(proxy);
        synchronized (LATE) {
            LATE.removeIf(each -> each.get() == null || each.get().isSettled());
            LATE.add(new WeakReference<>(ref));
        }
        return proxy;
    }

    /** The value of a bean that travels by copy. */
    public static Object value(String part, String name) {
        return patiently(part, () -> Remote.callStatic(Endpoint.of(part, TYPE, "value"), name));
    }

    /** Looks up every bean that was not used yet, so that each is known by one proxy before its owner passes it on by itself. */
    public static void settle() {
        List<Ref> waiting = new ArrayList<>();
        synchronized (LATE) {
            for (WeakReference<Ref> each : LATE) if (each.get() != null) waiting.add(each.get());
            LATE.clear();
        }
        for (Ref ref : waiting) ref.id();
    }

    /** The web handlers of another part. */
    public static String routes(String part) {
        return (String) patiently(part, () -> Remote.callStatic(Endpoint.of(part, TYPE, "routes")));
    }

    /** The other parts that REFACTOR_PEERS names. */
    public static List<String> parts() {
        List<String> names = new ArrayList<>();
        Host host = Host.get();
        for (Peers.Peer peer : host.peers.all()) {
            if (!names.contains(peer.part()) && !peer.part().equals(host.part())) names.add(peer.part());
        }
        names.sort(null);
        return names;
    }

    /** Where a part answers: `http://host:port`. */
    public static String address(String part) {
        Peers.Peer peer = Host.get().peers.find(part);
        return "http://" + peer.host + ":" + peer.port;
    }

    /** Whether a class is one of the split program that this process owns. */
    public static boolean isOwn(Class<?> type) {
        return Host.get().manifest.isApp(type.getName());
    }
}

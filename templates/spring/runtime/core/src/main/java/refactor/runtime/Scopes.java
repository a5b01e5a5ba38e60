package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What stays open while one request of a user is answered, such as a persistence context, and what the calls that the request
 * makes in other parts must find open there, too: the same one in every call, closed when the request has been answered.
 *
 * A scope is named by the process in which the request runs. Every process that it came to knows where it went from there.
 */
public final class Scopes {
    /** What a container has to do with scopes. Its objects are its own business. */
    public interface Carrier {
        /** What the current thread has open for the request that it answers; null if nothing. The same object while it is open. */
        Object open();

        /** Runs `end` when the request of the current thread has been answered. */
        void atEnd(Runnable end);

        /** Opens what a request in another part needs here. */
        Object begin();

        /** Gives `begun` to the current thread and returns what takes it away; null where the thread has something open already. */
        Runnable enter(Object begun);

        /** Closes it. */
        void end(Object begun);
    }

    private static final byte[] END = "/api/_scopes/end".getBytes(StandardCharsets.US_ASCII);
    private static final ThreadLocal<String> ENTERED = new ThreadLocal<>();
    private static volatile Carrier carrier;

    private final Host host;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Object, String> own = Collections.synchronizedMap(new WeakHashMap<>());
    private final Map<String, Set<String>> sent = new ConcurrentHashMap<>();
    private final Map<String, Begun> begun = new ConcurrentHashMap<>();

    private static final class Begun {
        final Carrier by;
        final Object what;
        volatile long used = System.nanoTime();

        Begun(Carrier by) {
            this.by = by;
            this.what = by.begin();
        }
    }

    Scopes(Host host) {
        this.host = host;
    }

    /** The container of this process; null where there is none that keeps anything open. */
    public static void carriedBy(Carrier container) {
        carrier = container;
    }

    /** The scope that a call from this thread to `process` belongs to, or null. */
    String leaving(String process) {
        String scope = ENTERED.get();
        if (scope == null) scope = mine();
        if (scope == null || isOf(scope, process)) return scope;
        sent.computeIfAbsent(scope, s -> ConcurrentHashMap.newKeySet()).add(process);
        return scope;
    }

    private String mine() {
        Carrier by = carrier;
        Object open = by == null ? null : by.open();
        if (open == null) return null;
        String known = own.get(open);
        if (known != null) return known;
        String scope = host.process + "-" + Long.toString(numbers.incrementAndGet(), 36);
        own.put(open, scope);
        by.atEnd(() -> {
            own.remove(open);
            end(scope);
        });
        return scope;
    }

    /** Runs a call that arrived in a scope; `scope` may be null. */
    <T> T within(String scope, java.util.function.Supplier<T> call) {
        String before = ENTERED.get();
        if (scope == null || scope.equals(before) || isOf(scope, host.process)) return call.get();
        Carrier by = carrier;
        Runnable leave = null;
        ENTERED.set(scope);
        try {
            if (by != null) {
                Begun here = begun.computeIfAbsent(scope, s -> new Begun(by));
                here.used = System.nanoTime();
                leave = here.by.enter(here.what);
            }
            return call.get();
        } finally {
            if (leave != null) leave.run();
            if (before == null) ENTERED.remove();
            else ENTERED.set(before);
        }
    }

    /** `{"scope": name}` from a process that the scope came from. */
    JsonWriter ended(JsonReader in) {
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("scope")) end(in.string());
            else in.skip();
        }
        return JsonWriter.open().open('{').name("done").literal("true").close('}');
    }

    /** Closes what is open here and wherever the scope went from here; whoever cannot be reached closes it in time. */
    private void end(String scope) {
        Begun here = begun.remove(scope);
        if (here != null) here.by.end(here.what);
        Set<String> processes = sent.remove(scope);
        if (processes == null) return;
        for (String process : processes) {
            try (JsonWriter out = JsonWriter.open()) {
                out.open('{').name("scope").string(scope).close('}');
                host.transport.post(host.peers.find(process), END, out).done();
            } catch (IOException | RuntimeException e) {
                // It is gone, or it closes what nobody uses any more by itself.
            }
        }
    }

    /** A process is gone: what its requests had open here is closed. */
    void forget(String process) {
        for (String scope : begun.keySet()) if (isOf(scope, process)) end(scope);
    }

    /** Closes what no call has used for as long as any call may take. */
    void sweep() {
        long oldest = System.nanoTime() - host.settings.readMillis * 1_000_000L;
        begun.forEach((scope, here) -> {
            if (here.used - oldest < 0) end(scope);
        });
    }

    private static boolean isOf(String scope, String process) {
        return scope.length() > process.length() && scope.charAt(process.length()) == '-' && scope.startsWith(process);
    }
}

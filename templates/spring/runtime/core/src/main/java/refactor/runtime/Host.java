package refactor.runtime;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** This process: who it is, what it serves, what it holds. One per class loader of the runtime. */
public final class Host {
    private static volatile Host instance;

    final Settings settings = new Settings();
    final ClassLoader loader;
    final Manifest manifest;
    /** `part.instance.epoch`. */
    final String process;
    /** `part.instance.`: what the ids of every run of this process begin with. */
    final String name;
    final Exports exports;
    final Imports imports = new Imports();
    final Copies copies;
    final Classes classes;
    final StandIns standIns;
    final LibraryTypes library;
    final OpenTypes open;
    final ReadAhead.Active readAheads = new ReadAhead.Active();
    final Proxies proxies;
    final Endpoints endpoints = new Endpoints();
    final Peers peers;
    final Transport transport;
    final Scopes scopes;
    final Workers workers;
    final Dispatcher dispatcher;
    final Leases leases;
    final Activity activity = new Activity();
    final Cycles cycles;
    final AtomicLong threads = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final Object starting = new Object();
    private volatile boolean reachable;
    private volatile String address;

    private Host(ClassLoader loader) {
        this.loader = loader;
        if (settings.token.isEmpty()) throw new IllegalStateException("REFACTOR_TOKEN is not set: every service needs a shared secret");
        manifest = Manifest.load(loader);
        name = manifest.part + "." + settings.instance + ".";
        process = manifest.part + "." + settings.instance + "." + Exports.epoch();
        exports = new Exports(process);
        copies = new Copies(process);
        classes = new Classes(this);
        standIns = new StandIns(this);
        library = new LibraryTypes(manifest.libraries);
        open = new OpenTypes(this);
        proxies = new Proxies(this);
        peers = new Peers(this);
        transport = new HttpClient(settings);
        scopes = new Scopes(this);
        workers = new Workers(this);
        dispatcher = new Dispatcher(this);
        leases = new Leases(this);
        cycles = new Cycles(this);
        warmUp();
        Beans.serve(this);
        for (String name : manifest.skeletons) {
            try {
                Class<?> skeleton = Class.forName(name, true, loader);
                var constructor = skeleton.getDeclaredConstructor();
                constructor.setAccessible(true);
                ((Skeleton) constructor.newInstance()).register(endpoints);
            } catch (ReflectiveOperationException | ClassCastException e) {
                throw new IllegalStateException("cannot register skeleton " + name, e);
            }
        }
    }

    /** Loads and links what a failure on a full stack needs: a class whose initialiser overflows is lost for good. */
    private void warmUp() {
        Stack.reserve();
        Session.Parent.warmUp();
        try (JsonWriter out = JsonWriter.open()) {
            Marshal marshal = new Marshal(this, out, process, "warm-up", new java.util.ArrayList<>());
            marshal.value(new RuntimeException("warm-up", new StackOverflowError()));
            new Unmarshal(this, new JsonReader(out.toBytes()), new java.util.ArrayList<>()).value();
            out.truncate(0);
            Problem.write(out, Problem.OVERFLOW, 500, "warm-up");
            Problem.toException(Problem.OVERFLOW, 500, "warm-up", "warm-up");
        }
    }

    /** The host of this process, created from the manifest and the environment at the first use. */
    public static Host get() {
        Host host = instance;
        if (host != null) return host;
        synchronized (Host.class) {
            if (instance == null) instance = new Host(findLoader());
            return instance;
        }
    }

    private static ClassLoader findLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null && context.getResource(Manifest.RESOURCE) != null ? context : Host.class.getClassLoader();
    }

    /** Makes this process reachable for call-backs, unless a container already serves it. Cheap after the first time. */
    public static void ensureStarted() {
        get().reachable();
    }

    /** A container (Spring) serves this process; no embedded server is needed. */
    public void servedByContainer() {
        synchronized (starting) {
            reachable = true;
        }
    }

    /** The port that REFACTOR_PEERS gives to this very process, or 0. */
    public int configuredPort() {
        return peers.ownPort();
    }

    void reachable() {
        if (reachable) return;
        synchronized (starting) {
            if (reachable) return;
            LoopbackServer server = new LoopbackServer(this, peers.ownPort());
            address = "http://127.0.0.1:" + server.port();
            server.start();
            reachable = true;
        }
    }

    public String part() {
        return manifest.part;
    }

    /** `part.instance.epoch` of this process. */
    public String process() {
        return process;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Where the embedded server listens; null when a container serves this process. */
    String address() {
        return address;
    }

    /** The operation that a request names, or null. */
    Endpoints.Served find(String key) {
        Endpoints.Served served = endpoints.find(key);
        return served != null ? served : open.find(key);
    }

    /** Calls served so far, per endpoint that was called at all. */
    Map<String, Long> calls() {
        Map<String, Long> calls = endpoints.counts();
        open.used().forEach((key, served) -> calls.put(key, served.calls.sum()));
        return calls;
    }

    String nextRequest() {
        return Long.toString(requests.incrementAndGet(), 36);
    }

    String randomToken() {
        return exports.randomHex();
    }
}

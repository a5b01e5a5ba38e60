package refactor.runtime;

import java.util.ArrayList;

/** What generated proxies call. Every method throws the owner's exception as the class it has there. */
public final class Remote {
    private Remote() {}

    /** Creates an object at its owner. */
    public static Ref create(Endpoint endpoint, Object... args) {
        Host host = Host.get();
        host.readAheads.settle();
        if (endpoint.part().equals(host.manifest.part)) {
            throw new RemoteFailure(endpoint + " belongs to this very process: its class must not be a proxy here");
        }
        return (Ref) Beans.whileStarting(endpoint.part(), () -> send(host, endpoint, serverOf(host, endpoint), null, args, true));
    }

    /** Runs a method of the object behind `self`. */
    public static Object call(Endpoint endpoint, Proxy self, Object... args) {
        Host.get().readAheads.settle();
        return callQuietly(endpoint, self, args);
    }

    /** A call that cannot change anything that somebody iterates over. */
    static Object callQuietly(Endpoint endpoint, Proxy self, Object... args) {
        Host host = Host.get();
        Ref ref = Ref.of(self);
        ref.bind(self);
        if (ref.process().equals(host.process)) return here(host, endpoint, host.exports.find(ref.id()), args);
        return send(host, endpoint, ref.process(), self, args, false);
    }

    /** Runs a static method. */
    public static Object callStatic(Endpoint endpoint, Object... args) {
        Host host = Host.get();
        host.readAheads.settle();
        if (endpoint.part().equals(host.manifest.part)) return here(host, endpoint, null, args);
        return Beans.whileStarting(endpoint.part(), () -> send(host, endpoint, serverOf(host, endpoint), null, args, false));
    }

    /** For arguments declared as Appendable or CharSequence: a buffer behind them is shared with the callee, not copied. */
    public static Object shared(Object value) {
        return value instanceof StringBuilder || value instanceof StringBuffer ? new Shared(value) : value;
    }

    /** What an exception said where its class is known; for the classes that stand in for such. */
    public static String said(String[] words, int which, String otherwise) {
        return words == null ? otherwise : words[which];
    }

    private static String serverOf(Host host, Endpoint endpoint) {
        String live = Conversation.current(host).liveProcessOf(endpoint.part());
        if (live != null) return live;
        Peers.Peer peer = host.peers.find(endpoint.part());
        if (peer.met || host.settings.startMillis == 0) return host.leases.introduce(peer);
        String process = Beans.patiently(endpoint.part(), host.settings.startMillis, () -> host.leases.introduce(peer));
        peer.met = true;
        return process;
    }

    private static Object here(Host host, Endpoint endpoint, Object self, Object[] args) {
        Endpoints.Served served = host.find(endpoint.key());
        if (served == null) throw new RemoteFailure(endpoint + " is not registered in this process");
        try {
            return served.body.call(self, Shared.unwrapped(args));
        } catch (Throwable thrown) {
            throw Thrown.sneaky(thrown);
        }
    }

    private static Object send(Host host, Endpoint endpoint, String to, Proxy self, Object[] args, boolean create) {
        host.activity.enter();
        try {
            return exchange(host, endpoint, to, self, args, create);
        } finally {
            host.activity.exit();
        }
    }

    private static Object exchange(Host host, Endpoint endpoint, String to, Proxy self, Object[] args, boolean create) {
        host.reachable();
        Conversation conversation = Conversation.current(host);
        conversation.reserve();
        // The mark of an interrupted thread is where the thread is; one that comes meanwhile finds this thread unmarked.
        boolean interrupted = Thread.interrupted();
        boolean took = false;
        try (JsonWriter out = JsonWriter.open()) {
            conversation.writeHead(out, to, endpoint, !endpoint.copiesBack(), interrupted);
            Marshal marshal = new Marshal(host, out, to, endpoint.toString(), new ArrayList<>(2));
            write(marshal, self, args == null ? new Object[] {null} : args);
            Incoming reply;
            try {
                reply = conversation.call(to, endpoint.path(), out);
            } catch (NotSent e) {
                marshal.takeBack();
                throw e;
            }
            took = true;
            try {
                return read(host, endpoint, reply, marshal, create);
            } catch (JsonReader.Malformed e) {
                throw new RemoteFailure(endpoint + ": the answer cannot be read: " + e.getMessage(), e);
            } finally {
                reply.done();
                // The arguments' proxies must not be collected, and their ids not released, before the owner had them.
                java.lang.ref.Reference.reachabilityFence(self);
                java.lang.ref.Reference.reachabilityFence(args);
            }
        } finally {
            if (interrupted && !took) Thread.currentThread().interrupt();
        }
    }

    private static void write(Marshal marshal, Proxy self, Object[] args) {
        JsonWriter out = marshal.out;
        boolean complete = false;
        try {
            if (self != null) {
                out.name("self");
                marshal.value(self);
            }
            out.name("args").open('[');
            for (Object arg : args) marshal.value(arg);
            out.close(']').close('}');
            complete = true;
        } finally {
            if (!complete) marshal.takeBack();
        }
    }

    private static Object read(Host host, Endpoint endpoint, Incoming reply, Marshal sent, boolean create) {
        JsonReader in = reply.in;
        Unmarshal values = new Unmarshal(host, in, sent.numbered);
        if (reply.result) {
            Object result = create ? values.created() : values.value();
            rest(values, in, sent);
            return result;
        }
        String type = in.string();
        int status = 0;
        String detail = "";
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "status": status = (int) in.integer(); break;
                case "detail": detail = in.text(); break;
                case "thrown":
                    Throwable thrown = (Throwable) values.value();
                    rest(values, in, sent);
                    throw Thrown.sneaky(thrown);
                default: in.skip();
            }
        }
        throw Thrown.sneaky(Problem.toException(type, status, detail, endpoint.toString()));
    }

    /** What follows the result: the contents of arrays and builders, and the mark of an interrupted thread. */
    private static void rest(Unmarshal values, JsonReader in, Marshal sent) {
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("copied") && sent.restored != null) values.copyBack(sent.restored);
            else if (name.equals("interrupted") && in.bool()) Thread.currentThread().interrupt();
            else in.skip();
        }
    }
}

package refactor.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves every incoming request, whatever carries it: checks who asks, then runs one registered operation. */
public final class Dispatcher {
    /** One incoming HTTP request as its server sees it. */
    public interface Exchange {
        /** A header by its lower-case name, or null. */
        String header(String name);

        /**
         * Sends the complete answer now. The serving thread may go on afterwards, so nothing may be left in buffers.
         */
        void answer(int status, byte[] body, int length) throws IOException;
    }

    /** The virtual machine's words for a cast that failed. */
    private static final Pattern CAST = Pattern.compile("cannot be cast to class (\\S+)");

    private final Host host;
    private final byte[] credentials;
    private static final byte[] NOTHING = {};

    private final Recent recent = new Recent();
    private final AtomicInteger serving = new AtomicInteger();
    /** Sessions whose thread waits to be resumed, by token. */
    final Map<String, Session.Parent> suspended = new ConcurrentHashMap<>();

    Dispatcher(Host host) {
        this.host = host;
        this.credentials = ("Bearer " + host.settings.token).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether an Authorization header carries this service's token. */
    public boolean isTrusted(String authorization) {
        return authorization != null && MessageDigest.isEqual(credentials, authorization.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a request's body: none of a stranger's, who waits for nothing but a refusal; null where they are too many. */
    public byte[] read(String authorization, InputStream in, long declared) throws IOException {
        return isTrusted(authorization) ? Body.read(in, declared, host.settings.largestMessage) : NOTHING;
    }

    /** Serves one request, of which {@link #read} read the body; `path` without its query. */
    public void serve(String method, String path, Exchange exchange, byte[] body) throws IOException {
        if (body == null) refuse(exchange, Problem.BAD, 413, "a message of more than " + host.settings.largestMessage + " bytes");
        else serve(method, path, exchange, body, 0, body.length);
    }

    /** Waits until no request is being served, or the time is over; whether none is. */
    public boolean awaitIdle(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (serving.get() > 0) {
            if (System.nanoTime() > end) return false;
            Thread.sleep(20);
        }
        return true;
    }

    /** Serves one request; `path` without its query. Never throws what the request caused. */
    public void serve(String method, String path, Exchange exchange, byte[] body, int from, int length) throws IOException {
        String authorization = exchange.header("authorization");
        if (!isTrusted(authorization)) {
            refuse(exchange, Problem.TOKEN, 401, "the bearer token of this service is missing or wrong");
            return;
        }
        String mismatch = mismatch(exchange.header("x-refactor-interface"));
        if (mismatch != null) {
            refuse(exchange, Problem.INTERFACE, 409, mismatch);
            return;
        }
        serving.incrementAndGet();
        try {
            if (method.equals("POST") && path.startsWith("/api/")) {
                post(path.substring(5), exchange, body, from, length);
            } else if (path.equals("/refactor/stats") && method.equals("GET")) {
                answer(exchange, Internal.stats(host));
            } else if (path.equals("/refactor/collect") && method.equals("POST")) {
                answer(exchange, asksForCycles(body, from, length) ? host.cycles.collect() : Internal.collect(host));
            } else {
                refuse(exchange, Problem.UNKNOWN, 404, method + " " + path + " is not served here");
            }
        } catch (JsonReader.Malformed e) {
            refuse(exchange, Problem.BAD, 400, e.getMessage());
        } finally {
            serving.decrementAndGet();
        }
    }

    /** `{"cycles": true}` */
    private static boolean asksForCycles(byte[] body, int from, int length) {
        if (length == 0) return false;
        JsonReader in = new JsonReader(body, from, length);
        boolean cycles = false;
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("cycles")) cycles = in.bool();
            else in.skip();
        }
        return cycles;
    }

    private void post(String key, Exchange exchange, byte[] body, int from, int length) throws IOException {
        JsonReader in = new JsonReader(body, from, length);
        switch (key) {
            case "_calls/resume": resume(exchange, Arrays.copyOfRange(body, from, from + length)); break;
            case "_refs/release": answer(exchange, Internal.release(host, in)); break;
            case "_refs/hold": answer(exchange, Internal.hold(host, in)); break;
            case "_scopes/end": answer(exchange, host.scopes.ended(in)); break;
            case "_threads/end": answer(exchange, host.workers.ended(in)); break;
            case "_refs/renew": answer(exchange, Internal.renew(host, in)); break;
            case "_refs/grant": answer(exchange, Internal.grant(host, in)); break;
            case "_refs/activity": answer(exchange, host.cycles.activity()); break;
            case "_refs/trace": answer(exchange, Trace.take(host)); break;
            case "_refs/drop": answer(exchange, host.cycles.drop(in)); break;
            default:
                call(key, exchange, in);
        }
    }

    private void call(String key, Exchange exchange, JsonReader in) throws IOException {
        Call call = Call.read(in, false);
        call.operation = key;
        if (call.to != null && !call.to.equals(host.process)) {
            refuse(exchange, Problem.LOST, 410, "the call is for " + call.to + ", which this process is not: it is " + host.process);
            return;
        }
        Workers.Answered answered = new Workers.Answered(exchange);
        Exchange out = recent.begin(call.from, call.id, answered, host.settings.readMillis);
        if (out == null) return;
        String trace = exchange.header("traceparent");
        host.workers.run(call.thread, call.from, answered, worker -> {
            serving.incrementAndGet(); // it goes on when its first answer, a call-back, has been sent
            host.activity.enter();
            try {
                carryOut(call, in, out, trace, worker);
            } finally {
                host.activity.exit();
                serving.decrementAndGet();
            }
        });
    }

    private void carryOut(Call call, JsonReader in, Exchange out, String trace, Workers.Worker worker) throws IOException {
        if (call.from == null) call.from = "unknown.0.0"; // a client that is no process: what it gets lives for one lease
        Session.Parent parent = new Session.Parent(host, call.from, out);
        Conversation mine = new Conversation(host, worker.strand, trace, parent, call.live);
        Conversation before = Conversation.swap(mine);
        try (JsonWriter reply = JsonWriter.open()) {
            int status;
            try {
                status = host.scopes.within(call.scope, () -> execute(call, in, null, reply));
            } catch (RuntimeException | Error e) {
                reply.truncate(0);
                status = problem(reply, Problem.TRANSPORT, 500, host.part() + " could not answer: " + e);
            }
            worker.answers();
            parent.finish(status, reply);
        } finally {
            Conversation.swap(before);
            recent.abandon(out);
        }
    }

    private void resume(Exchange exchange, byte[] message) throws IOException {
        JsonReader in = new JsonReader(message);
        in.open('{');
        String id = null;
        String from = null;
        String name = in.name();
        for (; name != null && !name.equals("resume"); name = in.name()) {
            if (name.equals("id")) id = in.string();
            else if (name.equals("from")) from = in.string();
            else in.skip();
        }
        if (name == null) throw in.malformed("no token");
        Exchange out = recent.begin(from, id, exchange, host.settings.readMillis);
        if (out == null) return;
        Session.Parent session = suspended.get(in.string());
        if (session == null) {
            refuse(out, Problem.TRANSPORT, 410, "no thread waits under this token any more");
            return;
        }
        if ("abort".equals(in.name())) {
            session.abort();
            answer(out, JsonWriter.open().open('{').name("done").literal("true").close('}'));
            return;
        }
        try {
            byte[] answer = session.resume(message);
            out.answer(200, answer, answer.length);
        } catch (IOException e) {
            refuse(out, Problem.TRANSPORT, 504, e.getMessage());
        } finally {
            recent.abandon(out);
        }
    }

    /** Runs a call that arrived inside a conversation, on its thread. */
    void execute(Call call, Incoming message, JsonWriter reply) {
        host.scopes.within(call.scope, () -> execute(call, message.in, message, reply));
    }

    /** Reads the values of a call, runs it, writes the reply; returns the HTTP status that fits. */
    private int execute(Call call, JsonReader in, Incoming message, JsonWriter reply) {
        host.leases.heard(call.from);
        if (call.name != null) Thread.currentThread().setName(call.name);
        if (call.interrupted) Thread.currentThread().interrupt();
        Endpoints.Served served = host.find(call.operation);
        if (served == null) return problem(reply, Problem.UNKNOWN, 404, call.operation + " is not an endpoint of part " + host.part());
        Unmarshal values = new Unmarshal(host, in, new ArrayList<>());
        Object self = null;
        Object[] args;
        try {
            if (call.hasSelf) {
                self = values.value();
                in.name("args");
            }
            args = values.values().toArray();
        } catch (ObjectLost e) {
            return problem(reply, Problem.LOST, 410, e.getMessage());
        } catch (UnsupportedValue e) {
            return problem(reply, Problem.UNSUPPORTED, 422, e.getMessage());
        } catch (RemoteFailure e) {
            return problem(reply, Problem.TRANSPORT, 502, e.getMessage());
        } catch (JsonReader.Malformed | IllegalArgumentException | IndexOutOfBoundsException | ClassCastException | java.time.DateTimeException e) {
            return problem(reply, Problem.BAD, 400, "bad value in a call of " + call.operation + ": " + e.getMessage());
        } finally {
            if (message != null) message.done();
        }
        if (served.needsSelf && self == null) return problem(reply, Problem.BAD, 400, call.operation + " needs an object");
        try {
            Stack.reserve();
        } catch (StackOverflowError e) {
            return problem(reply, Problem.OVERFLOW, 500, "the stack of part " + host.part() + " is full");
        }
        served.calls.increment();
        Object result = null;
        Throwable thrown = null;
        try {
            result = served.body.call(self, args);
        } catch (Throwable t) {
            String handle = t instanceof ClassCastException ? handleIn(t.getMessage(), args) : null;
            if (handle != null) return problem(reply, Problem.UNSUPPORTED, 422, UnsupportedValue.pinned(handle, call.operation).getMessage());
            if (served.refuses(t, args)) return problem(reply, Problem.BAD, 400, "the object or an argument of a call of " + call.operation + " is of another kind than it takes");
            thrown = t;
        }
        boolean interrupted = Thread.interrupted(); // the mark goes home with the thread
        host.readAheads.settle();
        Marshal out = new Marshal(host, reply, call.from, call.operation, values.numbered);
        try {
            if (thrown == null) reply.open('{').name("result");
            else Problem.head(reply, Problem.THROWN, 500, thrown.getClass().getName());
            if (thrown != null) reply.name("thrown");
            out.value(thrown == null ? result : thrown);
            if (values.restored != null && !call.readOnly) values.writeBack(out);
            if (interrupted) reply.name("interrupted").literal("true");
            reply.close('}');
            return thrown == null ? 200 : 500;
        } catch (UnsupportedValue e) {
            out.takeBack();
            reply.truncate(0);
            return problem(reply, Problem.UNSUPPORTED, 422, e.getMessage());
        } catch (StackOverflowError e) {
            out.takeBack();
            reply.truncate(0);
            return problem(reply, Problem.OVERFLOW, 500, "the stack of part " + host.part() + " is full");
        }
    }

    /** The type of an argument that is only a handle here, if a cast failed on it that the object itself may pass. */
    private String handleIn(String message, Object[] args) {
        for (Object arg : args) {
            if (!(arg instanceof Proxy proxy) || host.manifest.proxies.containsKey(proxy.ref$().className())) continue;
            if (message == null || !message.contains(arg.getClass().getName())) continue;
            Matcher cast = CAST.matcher(message);
            if (!cast.find() || mayBe(proxy.ref$(), cast.group(1))) return proxy.ref$().className();
        }
        return null;
    }

    /** Owners name all types of the program that an object has, and all open types of libraries; what else it is nobody knows here. */
    private boolean mayBe(Ref ref, String type) {
        if (Proxies.names(ref).contains(type)) return true;
        if (type.startsWith("[") || host.manifest.isApp(type)) return false;
        Class<?> known = host.classes.load(type);
        return known == null || !LibraryTypes.isOpen(known);
    }

    /** A process is gone: threads that wait for it go on with a failure. */
    void abortSessionsOf(String process) {
        host.scopes.forget(process);
        host.workers.forget(process);
        for (Session.Parent session : suspended.values()) if (process.equals(session.from)) session.abort();
    }

    private static int problem(JsonWriter reply, String type, int status, String detail) {
        Problem.write(reply, type, status, detail);
        return status;
    }

    /** Both sides carry the hash of the interface between them; null when they agree or one does not say. */
    private String mismatch(String said) {
        if (said == null) return null;
        int space = said.indexOf(' ');
        if (space < 0) return "bad X-Refactor-Interface header";
        String mine = host.manifest.hash.get(said.substring(0, space));
        if (mine == null || mine.equals(said.substring(space + 1))) return null;
        return "part " + said.substring(0, space) + " was built against another interface of part " + host.part() + " than this one: redeploy both";
    }

    private static void answer(Exchange exchange, JsonWriter body) throws IOException {
        try (body) {
            exchange.answer(200, body.buffer(), body.size());
        }
    }

    private static void refuse(Exchange exchange, String type, int status, String detail) throws IOException {
        try (JsonWriter out = JsonWriter.open()) {
            Problem.write(out, type, status, detail);
            exchange.answer(status, out.buffer(), out.size());
        }
    }
}

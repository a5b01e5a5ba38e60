package refactor.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * This process's share of one logical thread. Exactly one Java thread of the process carries it: the thread that waits
 * for a reply also runs the call-backs, and {@link Workers} gives later calls the same one, so monitors, locks and
 * ThreadLocals hold as in the monolith.
 *
 * The processes that have a suspended thread of the logical thread form a tree of sessions. A call to a process that
 * is not in it opens a session; a call to one that is follows the sessions there, as the answer of whatever exchange
 * is outstanding on the way. What lies beyond a session is known from the `live` set of the messages that come from it.
 */
final class Conversation {
    private static final ThreadLocal<Conversation> CURRENT = new ThreadLocal<>();

    private final Host host;
    private final Strand strand;
    final String traceparent;
    private final Session.Parent parent;
    private final List<Session.Child> children = new ArrayList<>(2);
    /** The other processes with a suspended thread, while this one runs. */
    private Set<String> live = new HashSet<>(4);
    private int depth;

    /** The conversation of a thread that was not called from outside. */
    private Conversation(Host host) {
        this(host, host.workers.root(), null, null, Set.of());
    }

    Conversation(Host host, Strand strand, String traceparent, Session.Parent parent, Set<String> live) {
        this.host = host;
        this.strand = strand;
        this.traceparent = traceparent;
        this.parent = parent;
        if (parent != null) parent.beyond = learn(parent, live);
    }

    static Conversation current(Host host) {
        Conversation current = CURRENT.get();
        if (current == null || current.host != host) CURRENT.set(current = new Conversation(host));
        return current;
    }

    static Conversation swap(Conversation next) {
        Conversation before = CURRENT.get();
        if (next == null) CURRENT.remove();
        else CURRENT.set(next);
        return before;
    }

    static String traceparent() {
        Conversation current = CURRENT.get();
        return current == null ? null : current.traceparent;
    }

    /** The live process that serves `part`, or null. */
    String liveProcessOf(String part) {
        for (String process : live) {
            if (process.length() > part.length() && process.charAt(part.length()) == '.' && process.startsWith(part)) return process;
        }
        return null;
    }

    /** Writes the head of a call message; `self` and `args` follow. */
    void writeHead(JsonWriter out, String to, Endpoint endpoint, boolean readOnly, boolean interrupted) {
        out.open('{').name("id").string(host.nextRequest()).name("thread").string(strand.id);
        out.name("live").open('[');
        for (String process : live) out.string(process);
        out.string(host.process).close(']');
        out.name("from").string(host.process).name("to").string(to).name("op").string(endpoint.key());
        String scope = host.scopes.leaving(to);
        if (scope != null) out.name("scope").string(scope);
        String name = strand.news(to);
        if (name != null) out.name("name").string(name);
        if (interrupted) out.name("interrupted").literal("true");
        if (readOnly) out.name("readonly").literal("true");
    }

    /** Refuses a call that the stack cannot carry, before anything of it is written. */
    void reserve() {
        Stack.reserve();
        if (depth >= host.settings.deepest) throw new StackOverflowError("more than " + host.settings.deepest + " calls between parts are nested");
    }

    /** Sends a call of the running frame and returns its reply, after running every call-back that comes first. */
    Incoming call(String to, byte[] path, JsonWriter message) {
        depth++;
        try {
            Session next = route(to);
            if (next != null) return settle(next, ask(next, message.buffer(), message.size()));
            Session.Child opened = new Session.Child(host, host.peers.find(to));
            opened.beyond.add(to);
            children.add(opened);
            boolean settled = false;
            try {
                Incoming reply = settle(opened, opened.start(path, message));
                settled = true;
                return reply;
            } finally {
                children.remove(opened);
                if (!settled) opened.abandon();
            }
        } catch (IOException e) {
            throw new RemoteFailure("call to " + to + " failed: " + e.getMessage(), e);
        } finally {
            depth--;
        }
    }

    private static Incoming ask(Session session, byte[] call, int length) throws IOException {
        if (session.broken != null) throw Thrown.sneaky(session.broken);
        try {
            return session.call(call, length);
        } catch (IOException | RuntimeException | Error e) {
            session.broken = e;
            throw e;
        }
    }

    private static Incoming answer(Session session, JsonWriter reply) throws IOException {
        if (session.broken != null) throw Thrown.sneaky(session.broken);
        try {
            return session.reply(reply.buffer(), reply.size());
        } catch (IOException | RuntimeException | Error e) {
            session.broken = e;
            throw e;
        }
    }

    /** Runs or passes on what comes out of `session` until the reply is there. */
    private Incoming settle(Session session, Incoming message) throws IOException {
        if (!message.call) return message;
        Set<String> liveBefore = live;
        Set<String> beyondBefore = session.beyond;
        while (message.call) {
            try (JsonWriter reply = JsonWriter.open()) {
                try {
                    answer(session, message, reply);
                } catch (RuntimeException | Error e) {
                    // Whatever it was, the other side waits for a reply to this very call.
                    reply.truncate(0);
                    boolean full = e instanceof StackOverflowError;
                    Problem.write(reply, full ? Problem.OVERFLOW : Problem.TRANSPORT, 500, host.part() + " could not answer: " + e.getClass().getName());
                }
                message = answer(session, reply);
            }
        }
        live = liveBefore;
        session.beyond = beyondBefore;
        return message;
    }

    private void answer(Session from, Incoming message, JsonWriter reply) {
        byte[] bytes = message.in.buffer();
        int start = message.in.position();
        Call call = Call.read(message.in, false);
        from.beyond = learn(from, call.live);
        if (call.to == null || call.to.equals(host.process)) {
            host.dispatcher.execute(call, message, reply);
            return;
        }
        try {
            Session next = route(call.to);
            if (next == null) throw new RemoteFailure("no way to " + call.to + " for logical thread " + strand.id);
            JsonReader whole = new JsonReader(bytes, start, bytes.length - start);
            byte[] copy = whole.slice();
            message.done();
            Incoming passed = settle(next, ask(next, copy, copy.length));
            passed.copyReply(reply);
            passed.done();
        } catch (IOException e) {
            Problem.write(reply, Problem.TRANSPORT, 502, "call to " + call.to + " failed on the way: " + e.getMessage());
        } catch (RemoteFailure e) {
            Problem.write(reply, Problem.TRANSPORT, 502, e.getMessage());
        }
    }

    /** Takes over the live set of a message from `session`; returns the processes that are beyond that session. */
    private Set<String> learn(Session session, Set<String> said) {
        Set<String> now = new HashSet<>(said);
        now.remove(host.process);
        live = now;
        Set<String> beyond = new HashSet<>(now);
        if (parent != null && parent != session) beyond.removeAll(parent.beyond);
        for (Session.Child child : children) if (child != session) beyond.removeAll(child.beyond);
        return beyond;
    }

    /** The session towards a live process; null when a new one has to be opened. */
    private Session route(String to) {
        for (Session.Child child : children) if (child.beyond.contains(to)) return child;
        return parent != null && live.contains(to) ? parent : null;
    }
}

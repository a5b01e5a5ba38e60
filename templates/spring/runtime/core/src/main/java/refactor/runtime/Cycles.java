package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Frees garbage that is cyclic across processes. Whoever is asked, or the process with the smallest name now and then,
 * lets every process trace its heap, puts the traces together, and tells the owners what nobody can reach.
 *
 * Traces that were taken one after the other are one consistent picture if no process sent or received a reference from
 * its own trace until all of them were done. A process that cannot be asked keeps everything alive that it holds.
 */
final class Cycles {
    static final String BUSY = "busy";
    private static final int ATTEMPTS = 3;
    private static final byte[] ACTIVITY = "/api/_refs/activity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRACE = "/api/_refs/trace".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DROP = "/api/_refs/drop".getBytes(StandardCharsets.US_ASCII);

    private final Host host;
    private boolean running;
    /** Ids of the whole system after the last round. */
    private long idsBefore;
    /** Of this process, after the last round; negative before the first. */
    private volatile long rooted = -1;
    private volatile long garbage = -1;

    Cycles(Host host) {
        this.host = host;
    }

    /** Starts looking for cycles now and then. */
    synchronized void start() {
        if (running || host.settings.cyclesMillis <= 0) return;
        running = true;
        LoopbackServer.daemon(this::run, "refactor-cycles").start();
    }

    private void run() {
        while (true) {
            try {
                Thread.sleep(host.settings.cyclesMillis);
                if (isDue()) round();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // a peer that answers nonsense must not end the search for good
                System.err.println("refactor: cycles: " + e);
            }
        }
    }

    /** One process of the system does it: the first by name of those that answer, and only if there are more ids than last time. */
    private boolean isDue() {
        Map<String, Member> members = members();
        if (members.keySet().stream().anyMatch(process -> process.compareTo(host.process) < 0)) return false;
        return members.values().stream().mapToLong(member -> member.ids).sum() > idsBefore;
    }

    /** Looks for cycles now, then reports the counters and what came of it. */
    JsonWriter collect() {
        Round round = round();
        Internal.collect(host).close();
        JsonWriter out = Internal.stats(host);
        out.truncate(out.size() - 1);
        round.describe(out.name("cycles"));
        return out.close('}');
    }

    private synchronized Round round() {
        Round round = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0 && !pause(100L << attempt)) break;
            round = new Round();
            attempt(round);
            if (round.why == null) break;
        }
        return round;
    }

    private static boolean pause(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One process that takes part: how to ask it, and what it said. */
    private static final class Member {
        final Peers.Peer peer;
        long activity;
        long ids;

        /** `peer` is null for this very process. */
        Member(Peers.Peer peer) {
            this.peer = peer;
        }
    }

    private void attempt(Round round) {
        Map<String, Member> members = members();
        for (Member member : members.values()) {
            if (member.activity < 0) {
                round.why = BUSY;
                return;
            }
        }
        Map<String, Traced> traces = traces(members.values());
        for (Map.Entry<String, Member> each : members.entrySet()) {
            Traced trace = traces.get(each.getKey());
            if (trace == null) round.untraced.put(each.getKey(), "no answer");
            else if (BUSY.equals(trace.unable)) round.why = BUSY;
            else if (trace.unable != null) round.untraced.put(each.getKey(), trace.unable);
            else round.traces.add(trace);
        }
        if (round.why == null) round.why = moved(members, round);
        if (round.why != null) return;
        Map<String, List<String>> garbage = round.garbage();
        for (Traced trace : round.traces) {
            List<String> ids = garbage.getOrDefault(trace.process, List.of());
            round.dropped += drop(members.get(trace.process), trace, ids, round);
        }
        idsBefore = members.values().stream().mapToLong(member -> member.ids).sum() - round.dropped;
    }

    /** Every process that answers, by its id. */
    private Map<String, Member> members() {
        Map<String, Member> members = new TreeMap<>();
        Member self = new Member(null);
        try (JsonWriter out = activity()) {
            describe(new JsonReader(out.toBytes()), self);
        }
        members.put(host.process, self);
        for (Peers.Peer peer : host.peers.all()) {
            if (peer.name.equals(host.part()) || (peer.name + ".").equals(host.name)) continue;
            Member member = new Member(peer);
            try {
                String process = ask(peer, ACTIVITY, new byte[0], in -> describe(in, member));
                if (process != null) members.putIfAbsent(process, member);
            } catch (IOException | RemoteFailure silent) {
                // It may be gone, or another kind of process: what it holds stays alive until its leases run out.
            }
        }
        return members;
    }

    private static String describe(JsonReader in, Member member) {
        in.open('{');
        String process = null;
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "process": process = in.string(); break;
                case "activity": member.activity = in.integer(); break;
                case "ids": member.ids = in.integer(); break;
                default: in.skip();
            }
        }
        return process;
    }

    /** `{"process", "activity": moves so far or -1 while there is one, "ids"}` */
    JsonWriter activity() {
        JsonWriter out = JsonWriter.open().open('{').name("process").string(host.process);
        out.name("activity").number(host.activity.quiet());
        return out.name("ids").number(host.exports.size()).close('}');
    }

    /** All processes trace at the same time: each stands still only for its own dump. */
    private Map<String, Traced> traces(Iterable<Member> members) {
        Map<String, Traced> traces = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (Member member : members) {
            Thread thread = LoopbackServer.daemon(() -> {
                try {
                    Traced trace = member.peer == null ? own() : ask(member.peer, TRACE, new byte[0], Traced::read);
                    if (trace != null) traces.put(trace.process, trace);
                } catch (IOException | RuntimeException silent) {
                    // as above
                }
            }, "refactor-trace");
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return traces;
    }

    private Traced own() {
        try (JsonWriter out = Trace.take(host)) {
            return Traced.read(new JsonReader(out.toBytes()));
        }
    }

    /** Why the traces do not fit together; null if they do. */
    private String moved(Map<String, Member> members, Round round) {
        Map<String, Member> now = members();
        for (Traced trace : round.traces) {
            Member member = now.get(trace.process);
            if (member == null) return trace.process + " went away";
            if (member.activity != trace.activity) return BUSY;
        }
        return null;
    }

    private int drop(Member member, Traced trace, List<String> ids, Round round) {
        try (JsonWriter out = JsonWriter.open()) {
            out.open('{').name("activity").number(trace.activity).name("ids").open('[');
            for (String id : ids) out.string(id);
            byte[] message = out.close(']').close('}').toBytes();
            if (member.peer != null) return (int) (long) ask(member.peer, DROP, message, Cycles::dropped);
            try (JsonWriter answer = drop(new JsonReader(message))) {
                return (int) (long) dropped(new JsonReader(answer.toBytes()));
            }
        } catch (IOException | RuntimeException e) {
            round.untraced.put(trace.process, "did not drop: " + e.getMessage());
            return 0;
        }
    }

    private static Long dropped(JsonReader in) {
        in.open('{');
        in.name("dropped");
        long dropped = in.integer();
        if (dropped < 0) throw new RemoteFailure("something has moved");
        return dropped;
    }

    /** `{"activity", "ids": [..]}`: forgets them if nothing has moved since; answers `{"dropped": how many}`, -1 if it refuses. */
    JsonWriter drop(JsonReader in) {
        in.open('{');
        in.name("activity");
        long activity = in.integer();
        List<String> ids = new ArrayList<>();
        in.name("ids");
        in.open('[');
        while (in.element()) ids.add(in.string());
        int dropped = activity == host.activity.quiet() ? host.exports.drop(ids) : -1;
        garbage = dropped < 0 ? ids.size() : 0;
        rooted = host.exports.size() - garbage;
        return JsonWriter.open().open('{').name("dropped").number(dropped).close('}');
    }

    /** Of the ids here, those that the last round found reachable, and those that it did not and that are still there. */
    void describe(JsonWriter out) {
        if (rooted >= 0) out.name("rooted").number(rooted).name("garbage").number(garbage);
    }

    private interface Read<T> {
        T from(JsonReader in);
    }

    /** The peer's answer, read; null if it refuses. */
    private <T> T ask(Peers.Peer peer, byte[] path, byte[] body, Read<T> read) throws IOException {
        try (JsonWriter out = JsonWriter.open()) {
            if (body.length > 0) out.raw(body);
            Transport.Answer answer = host.transport.post(peer, path, out);
            try {
                if (answer.status() != 200) throw new IOException(peer + " answers " + answer.status());
                return read.from(new JsonReader(answer.buffer(), answer.from(), answer.length()));
            } finally {
                answer.done();
            }
        }
    }
}

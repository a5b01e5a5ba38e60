package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the owners of what is held here informed, and forgets holders that stopped saying anything. A collected proxy
 * only ends up in a queue; one daemon thread sends releases in batches, renewals, and grants for references handed on.
 */
final class Leases {
    private static final byte[] RELEASE = "/api/_refs/release".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RENEW = "/api/_refs/renew".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOLD = "/api/_refs/hold".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GRANT = "/api/_refs/grant".getBytes(StandardCharsets.US_ASCII);

    /** A reference given to a third process. The proxy is pinned here until its owner knows the new holder. */
    private record HandOff(Proxy pinned, String to) {}

    /** What an owner has to know. It stays at the head of its queue until the owner answered; `pinned` lives that long. */
    private record Notice(byte[] path, byte[] body, Proxy pinned, long since) {}

    private final Host host;
    private final Map<String, ArrayDeque<Notice>> notices = new HashMap<>();
    /** One number for all notices of this process: an owner recognises one that comes twice, or after its successor. */
    private long number;
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<HandOff> handOffs = new LinkedBlockingQueue<>();
    private record Late(Peers.Peer peer, byte[] path, byte[] body) {}

    private final ConcurrentLinkedQueue<Late> late = new ConcurrentLinkedQueue<>();
    private final Object sending = new Object();
    private long renewed = System.nanoTime();
    private volatile boolean running;

    Leases(Host host) {
        this.host = host;
    }

    /** Starts the thread once there is something to keep alive. */
    void start() {
        if (running) return;
        synchronized (this) {
            if (running) return;
            running = true;
        }
        LoopbackServer.daemon(this::run, "refactor-leases").start();
        host.cycles.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::farewell, "refactor-farewell"));
    }

    /** A process gave a sign of life. */
    void heard(String process) {
        if (process != null) heard.put(process, System.nanoTime());
    }

    /** A process was given a reference; it has a whole lease to say something. */
    void expect(String process) {
        heard.putIfAbsent(process, System.nanoTime());
    }

    /** `proxy` is about to be sent to a process that is not its owner. */
    void handOff(Proxy proxy, String to) {
        handOffs.add(new HandOff(proxy, to));
        start();
    }

    /** Sends a message soon, from another thread than the caller's. */
    void later(Peers.Peer peer, byte[] path, byte[] body) {
        late.add(new Late(peer, path, body));
        start();
    }

    private void run() {
        while (true) {
            try {
                HandOff first = handOffs.poll(host.settings.releaseMillis, TimeUnit.MILLISECONDS);
                if (first != null) handOffs.add(first);
                host.workers.sweep();
                flush();
                if (System.nanoTime() - renewed > host.settings.leaseMillis * 250_000L) {
                    renewed = System.nanoTime();
                    host.scopes.sweep();
                    hold();
                    flush();
                    renew();
                    expire();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // one bad address must not end the renewal of all the others
                System.err.println("refactor: leases: " + e);
            }
        }
    }

    /** Sends everything that waits to be sent; returns how much that was. */
    int flush() {
        synchronized (sending) {
            int sent = 0;
            for (Late next; (next = late.poll()) != null; sent++) {
                try (JsonWriter out = JsonWriter.open()) {
                    post(next.peer(), next.path(), out.raw(next.body()));
                }
            }
            for (HandOff next; (next = handOffs.poll()) != null; ) grant(next);
            Map<String, Map<String, Integer>> byOwner = new HashMap<>();
            for (Imports.Held gone : host.imports.collected()) {
                byOwner.computeIfAbsent(gone.process, owner -> new HashMap<>()).merge(gone.id, gone.received, Integer::sum);
            }
            byOwner.forEach(this::release);
            for (Map.Entry<String, ArrayDeque<Notice>> each : notices.entrySet()) sent += send(each.getKey(), each.getValue());
            notices.values().removeIf(ArrayDeque::isEmpty);
            return sent;
        }
    }

    /** Sends notices in their order, up to the first that is not answered; returns how many were. */
    private int send(String owner, ArrayDeque<Notice> waiting) {
        int sent = 0;
        for (Notice next; (next = waiting.peek()) != null; sent++) {
            try (JsonWriter out = JsonWriter.open()) {
                if (!post(owner, next.path(), out.raw(next.body())) && System.nanoTime() - next.since() < host.settings.leaseMillis * 1_000_000L) break;
            }
            waiting.poll(); // known to the owner; or so old that the owner has given up this process
        }
        return sent;
    }

    private JsonWriter notice() {
        return JsonWriter.open().open('{').name("from").string(host.process).name("n").number(++number);
    }

    private void queue(String owner, byte[] path, JsonWriter body, Proxy pinned) {
        notices.computeIfAbsent(owner, key -> new ArrayDeque<>()).add(new Notice(path, body.close('}').toBytes(), pinned, System.nanoTime()));
    }

    /** Whether a notice has not been seen yet. Each process numbers its own upwards, and sends the next one when the last is answered. */
    boolean isNew(String from, long number) {
        synchronized (numbers) {
            if (number <= numbers.getOrDefault(from, 0L)) return false;
            numbers.put(from, number);
            return true;
        }
    }

    private void grant(HandOff handOff) {
        Ref ref = handOff.pinned().ref$();
        try (JsonWriter out = notice()) {
            out.name("id").string(ref.id()).name("to").string(handOff.to()).name("count").number(1);
            queue(ref.process(), GRANT, out, handOff.pinned());
        }
    }

    private void release(String owner, Map<String, Integer> ids) {
        try (JsonWriter out = notice()) {
            out.name("ids").open('{');
            ids.forEach((id, received) -> out.key(id).number(received));
            queue(owner, RELEASE, out.close('}'), null);
        }
    }

    /** What arrived since the last time: whoever handed it on may have died before its owner heard of it. */
    private void hold() {
        synchronized (sending) {
            host.imports.untold().forEach((owner, ids) -> {
                try (JsonWriter out = notice()) {
                    out.name("ids").open('[');
                    ids.forEach(out::string);
                    queue(owner, HOLD, out.close(']'), null);
                }
            });
        }
    }

    /** Those who have to know that this process lives: what it holds is theirs, or its threads have been there. */
    private Set<String> met() {
        Set<String> met = host.workers.told();
        met.addAll(host.imports.owners());
        return met;
    }

    private void renew() {
        for (String owner : met()) {
            try (JsonWriter out = introduction()) {
                post(owner, RENEW, out);
            }
        }
    }

    private void expire() {
        long now = System.nanoTime();
        Set<String> holders = host.workers.origins();
        holders.addAll(host.exports.holders());
        // A process that holds nothing may be silent as long as it likes; its first lease must not begin in that time.
        heard.keySet().retainAll(holders);
        for (String holder : holders) {
            Long last = heard.putIfAbsent(holder, now);
            if (last != null && now - last > host.settings.leaseMillis * 1_000_000L) {
                host.exports.expire(holder);
                heard.remove(holder);
                host.peers.forget(holder);
                host.dispatcher.abortSessionsOf(holder);
            }
        }
    }

    /** The process ends: everything it held is free. */
    private void farewell() {
        Thread sender = LoopbackServer.daemon(this::sayGoodbye, "refactor-goodbye");
        sender.start();
        try {
            sender.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayGoodbye() {
        for (String owner : met()) {
            try (JsonWriter out = JsonWriter.open()) {
                out.open('{').name("from").string(host.process).name("all").literal("true").close('}');
                post(owner, RELEASE, out);
            }
        }
    }

    private boolean post(String process, byte[] path, JsonWriter message) {
        Peers.Peer peer;
        try {
            peer = host.peers.find(process);
        } catch (RemoteFailure unknown) {
            return true; // without an address, the lease has to run out
        }
        return post(peer, path, message);
    }

    /** Whether there was an answer, whatever it says. */
    private boolean post(Peers.Peer peer, byte[] path, JsonWriter message) {
        try {
            host.transport.post(peer, path, message).done();
            return true;
        } catch (IOException | RemoteFailure unreachable) {
            return false;
        }
    }

    private JsonWriter introduction() {
        return JsonWriter.open().open('{').name("from").string(host.process).name("url").string(host.address()).close('}');
    }

    /** Asks a peer who it is, and says who asks; done on first contact and after a broken connection. */
    String introduce(Peers.Peer peer) {
        String known = peer.process;
        if (known != null) return known;
        host.reachable();
        start();
        try (JsonWriter out = introduction()) {
            Transport.Answer answer = host.transport.post(peer, RENEW, out);
            try {
                JsonReader in = new JsonReader(answer.buffer(), answer.from(), answer.length());
                if (answer.status() != 200) {
                    String said = new String(answer.buffer(), answer.from(), answer.length(), StandardCharsets.UTF_8);
                    throw new RemoteFailure(peer + " refused the first contact with status " + answer.status() + ": " + said);
                }
                in.open('{');
                in.name("process");
                return peer.process = in.string();
            } finally {
                answer.done();
            }
        } catch (IOException e) {
            throw new RemoteFailure("no contact with " + peer + ": " + e.getMessage(), e);
        }
    }
}

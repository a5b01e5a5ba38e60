package refactor.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps the owners of what is held here informed, and forgets holders that stopped saying anything. A collected proxy
 * only ends up in a queue; daemon threads send releases in batches, renewals, and grants for references handed on, each owner's apart.
 */
final class Leases {
    private static final byte[] RELEASE = "/api/_refs/release".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RENEW = "/api/_refs/renew".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HOLD = "/api/_refs/hold".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GRANT = "/api/_refs/grant".getBytes(StandardCharsets.US_ASCII);

    /** A holder that is silent but whose address still takes connections may only be paused: this many leases, then it is given up. */
    private static final int PATIENCE = 10;

    /** A reference given to a third process. The proxy is pinned here until its owner knows the new holder. */
    private record HandOff(Proxy pinned, String to) {}

    private record Late(Peers.Peer peer, byte[] path, byte[] body) {}

    private final Host host;
    final AwakeClock clock = new AwakeClock();
    private final Map<String, Outbox> outboxes = new HashMap<>();
    /** One number for all notices of this process: an owner recognises one that comes twice, or after its successor. */
    private long number;
    private final Map<String, Long> numbers = new HashMap<>();
    /** When each holder gave its last sign of life, by {@link #clock}. */
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<HandOff> handOffs = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Late> late = new ConcurrentLinkedQueue<>();
    private final Object sending = new Object();
    /** Owners that a heartbeat, and holders that a question is on its way to. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private Executor control = Executors.newCachedThreadPool(task -> LoopbackServer.daemon(task, "refactor-control"));
    private long renewed;
    private volatile boolean running;

    Leases(Host host) {
        this.host = host;
    }

    /** Starts the threads once there is something to keep alive. */
    void start() {
        if (running) return;
        synchronized (this) {
            if (running) return;
            running = true;
        }
        LoopbackServer.daemon(clock::run, "refactor-clock").start();
        LoopbackServer.daemon(this::run, "refactor-leases").start();
        host.cycles.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::farewell, "refactor-farewell"));
    }

    /** A process gave a sign of life. */
    void heard(String process) {
        if (process != null) heard.put(process, clock.nanos());
    }

    /** A process was given a reference; it has a whole lease to say something. */
    void expect(String process) {
        heard.putIfAbsent(process, clock.nanos());
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

    /** How long a control message may take: a peer that is paused or overloaded must not eat up the lease of whoever waits for it. */
    private int patienceMillis() {
        return Math.min(host.settings.readMillis, Math.max(1000, host.settings.leaseMillis / 4));
    }

    private long leaseNanos() {
        return host.settings.leaseMillis * 1_000_000L;
    }

    private void run() {
        while (true) {
            try {
                HandOff first = handOffs.poll(host.settings.releaseMillis, TimeUnit.MILLISECONDS);
                if (first != null) handOffs.add(first);
                host.workers.sweep();
                send();
                if (clock.nanos() - renewed > leaseNanos() / 4) {
                    renewed = clock.nanos();
                    host.scopes.sweep();
                    hold();
                    send();
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

    /** Sends everything that waits to be sent and waits for the answers; returns how much that was. */
    int flush() {
        int sent = 0;
        long end = System.nanoTime() + patienceMillis() * 1_000_000L;
        for (CompletableFuture<Integer> each : send()) {
            try {
                sent += each.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return sent;
            } catch (ExecutionException | TimeoutException unanswered) {
                // it goes on, or is tried again; the others have their own threads
            }
        }
        return sent;
    }

    /** Starts to send everything that waits, each owner's messages on a thread of their own. */
    private List<CompletableFuture<Integer>> send() {
        List<CompletableFuture<Integer>> started = new ArrayList<>();
        for (Late next; (next = late.poll()) != null; ) {
            Late message = next;
            started.add(CompletableFuture.supplyAsync(() -> {
                try (JsonWriter out = JsonWriter.open()) {
                    post(message.peer(), message.path(), out.raw(message.body()));
                }
                return 1;
            }, control));
        }
        synchronized (sending) {
            for (HandOff next; (next = handOffs.poll()) != null; ) grant(next);
            Map<String, Map<String, Integer>> byOwner = new HashMap<>();
            for (Imports.Held gone : host.imports.collected()) {
                byOwner.computeIfAbsent(gone.process, owner -> new HashMap<>()).merge(gone.id, gone.received, Integer::sum);
            }
            byOwner.forEach(this::release);
            outboxes.forEach((owner, outbox) -> {
                if (!outbox.isEmpty()) started.add(outbox.drain(notice -> answered(owner, notice), control));
            });
            outboxes.values().removeIf(Outbox::isEmpty);
        }
        return started;
    }

    /** Whether the owner knows of it now; or it is so old that the owner has given up this process. */
    private boolean answered(String owner, Outbox.Notice notice) {
        try (JsonWriter out = JsonWriter.open()) {
            return post(owner, notice.path(), out.raw(notice.body())) || clock.nanos() - notice.since() >= PATIENCE * leaseNanos();
        }
    }

    private JsonWriter notice() {
        return JsonWriter.open().open('{').name("from").string(host.process).name("n").number(++number);
    }

    private void queue(String owner, byte[] path, JsonWriter body, Proxy pinned) {
        outboxes.computeIfAbsent(owner, key -> new Outbox()).add(new Outbox.Notice(path, body.close('}').toBytes(), pinned, clock.nanos()));
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
            ask(owner, () -> {
                try (JsonWriter out = introduction()) {
                    post(owner, RENEW, out);
                }
            });
        }
    }

    /** Runs a question to a process beside everything else, unless one to it is still on its way. */
    private void ask(String process, Runnable question) {
        if (!asked.add(process)) return;
        control.execute(() -> {
            try {
                question.run();
            } finally {
                asked.remove(process);
            }
        });
    }

    private void expire() {
        long now = clock.nanos();
        Set<String> holders = host.workers.origins();
        holders.addAll(host.exports.holders());
        // A process that holds nothing may be silent as long as it likes; its first lease must not begin in that time.
        heard.keySet().retainAll(holders);
        for (String holder : holders) {
            Long last = heard.putIfAbsent(holder, now);
            if (last == null || now - last <= leaseNanos()) continue;
            Peers.Peer peer = now - last > PATIENCE * leaseNanos() ? null : addressOf(holder);
            if (peer == null) lose(holder);
            else ask(holder, () -> probe(holder, peer));
        }
    }

    private Peers.Peer addressOf(String process) {
        try {
            return host.peers.find(process);
        } catch (RemoteFailure unknown) {
            return null;
        }
    }

    /** A silent holder is gone when nobody listens at its address any more, or somebody else does; when it only does not answer, it may be paused. */
    private void probe(String holder, Peers.Peer peer) {
        try (JsonWriter out = introduction()) {
            Transport.Answer answer = host.transport.post(peer, RENEW, out, patienceMillis());
            try {
                String there = processIn(answer, peer);
                if (there.equals(holder)) heard(holder);
                else lose(holder);
            } finally {
                answer.done();
            }
        } catch (NotSent e) {
            if (e.getCause() instanceof ConnectException) lose(holder);
        } catch (IOException | RemoteFailure | JsonReader.Malformed unanswered) {
            // paused, or too busy to say so
        }
    }

    private void lose(String holder) {
        host.exports.expire(holder);
        heard.remove(holder);
        host.peers.forget(holder);
        host.dispatcher.abortSessionsOf(holder);
    }

    /** The process ends: everything it held is free. */
    private void farewell() {
        List<Thread> senders = new ArrayList<>();
        for (String owner : met()) {
            Thread sender = LoopbackServer.daemon(() -> sayGoodbye(owner), "refactor-goodbye");
            sender.start();
            senders.add(sender);
        }
        long end = System.nanoTime() + 2_000_000_000L;
        try {
            for (Thread sender : senders) sender.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayGoodbye(String owner) {
        try (JsonWriter out = JsonWriter.open()) {
            out.open('{').name("from").string(host.process).name("all").literal("true").close('}');
            post(owner, RELEASE, out);
        }
    }

    private boolean post(String process, byte[] path, JsonWriter message) {
        Peers.Peer peer = addressOf(process);
        return peer == null || post(peer, path, message); // without an address, the lease has to run out
    }

    /** Whether there was an answer, whatever it says. */
    private boolean post(Peers.Peer peer, byte[] path, JsonWriter message) {
        try {
            host.transport.post(peer, path, message, patienceMillis()).done();
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
                return peer.process = processIn(answer, peer);
            } finally {
                answer.done();
            }
        } catch (IOException e) {
            throw new RemoteFailure("no contact with " + peer + ": " + e.getMessage(), e);
        }
    }

    /** Who answered: `{"process": id}`. */
    private static String processIn(Transport.Answer answer, Peers.Peer peer) {
        if (answer.status() != 200) {
            String said = new String(answer.buffer(), answer.from(), answer.length(), StandardCharsets.UTF_8);
            throw new RemoteFailure(peer + " refused the first contact with status " + answer.status() + ": " + said);
        }
        JsonReader in = new JsonReader(answer.buffer(), answer.from(), answer.length());
        in.open('{');
        in.name("process");
        return in.string();
    }
}

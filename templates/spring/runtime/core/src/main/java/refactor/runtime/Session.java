package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** The exchange of one logical thread between two processes; calls nest in it strictly, in both directions. */
abstract class Session {
    private static final byte[] RESUME = "/api/_calls/resume".getBytes(StandardCharsets.US_ASCII);

    /** The live processes that are reached through this session. */
    Set<String> beyond = new HashSet<>(2);

    /** What broke an exchange half way. Nobody can tell any more which call a message answers: every further use fails the same way. */
    Throwable broken;

    /** Sends a call object and returns what comes back first. */
    abstract Incoming call(byte[] call, int length) throws IOException;

    /** Answers the last call that came out of this session and returns what comes back first. */
    abstract Incoming reply(byte[] reply, int length) throws IOException;

    /** The side that opened the session and always waits for an HTTP response. */
    static final class Child extends Session {
        private final Host host;
        private final Peers.Peer peer;
        private String token;

        Child(Host host, Peers.Peer peer) {
            this.host = host;
            this.peer = peer;
        }

        Incoming start(byte[] path, JsonWriter message) throws IOException {
            return arrived(host.transport.post(peer, path, message));
        }

        @Override
        Incoming call(byte[] call, int length) throws IOException {
            return resume("call", call, length);
        }

        @Override
        Incoming reply(byte[] reply, int length) throws IOException {
            return resume("reply", reply, length);
        }

        private Incoming resume(String kind, byte[] payload, int length) throws IOException {
            try (JsonWriter out = JsonWriter.open()) {
                out.open('{').name("id").string(host.nextRequest()).name("from").string(host.process);
                out.name("resume").string(token).name(kind).raw(payload, 0, length).close('}');
                return arrived(host.transport.post(peer, RESUME, out));
            }
        }

        private Incoming arrived(Transport.Answer answer) throws IOException {
            try {
                Incoming incoming = Incoming.of(answer);
                if (incoming.token != null) token = incoming.token;
                return incoming;
            } catch (JsonReader.Malformed e) {
                String text = new String(answer.buffer(), answer.from(), Math.min(answer.length(), 300), StandardCharsets.UTF_8);
                answer.done();
                throw new IOException(peer + " answered status " + answer.status() + " with something else than a message: " + text, e);
            }
        }

        /** The exchange broke off on this side: whoever waits on the other side must hear of it. */
        void abandon() {
            if (token == null) return;
            try (JsonWriter out = JsonWriter.open()) {
                out.open('{').name("resume").string(token).name("abort").literal("true").close('}');
                host.leases.later(peer, RESUME, out.toBytes());
            }
        }
    }

    /** The side that was called: its first call-back answers the caller's request, and the thread waits to be resumed. */
    static final class Parent extends Session {
        private static final byte[] ABORT = {};

        private final Host host;
        /** The process that opened the session. */
        final String from;
        private Dispatcher.Exchange first;
        private String token;
        private volatile boolean aborted;
        private final SynchronousQueue<byte[]> toThread = new SynchronousQueue<>();
        private final SynchronousQueue<byte[]> fromThread = new SynchronousQueue<>();

        Parent(Host host, String from, Dispatcher.Exchange first) {
            this.host = host;
            this.from = from;
            this.first = first;
        }

        @Override
        Incoming call(byte[] call, int length) throws IOException {
            if (token == null) {
                token = host.randomToken();
                host.dispatcher.suspended.put(token, this);
            }
            try (JsonWriter out = JsonWriter.open()) {
                out.open('{').name("resume").string(token).name("call").raw(call, 0, length).close('}');
                send(200, out.buffer(), out.size());
            }
            return await();
        }

        @Override
        Incoming reply(byte[] reply, int length) throws IOException {
            send(200, reply, length);
            return await();
        }

        /** The reply to the call that opened the session. */
        void finish(int status, JsonWriter reply) throws IOException {
            if (token != null) host.dispatcher.suspended.remove(token);
            // The caller may be trying to resume what broke: it gets this message instead.
            if (broken != null && first == null) poll(toThread, 1000);
            send(status, reply.buffer(), reply.size());
        }

        private void send(int status, byte[] message, int length) throws IOException {
            if (first != null) {
                Dispatcher.Exchange exchange = first;
                first = null;
                exchange.answer(status, message, length);
                return;
            }
            if (aborted) throw new IOException("the caller gave up");
            byte[] copy = java.util.Arrays.copyOf(message, length);
            if (!offer(fromThread, copy, host.settings.readMillis)) throw new IOException("nobody waits for the answer");
        }

        private Incoming await() throws IOException {
            byte[] message = poll(toThread, host.settings.readMillis);
            if (aborted) throw new IOException("the caller gave up");
            if (message == null) throw new IOException("the caller did not resume within " + host.settings.readMillis + " ms");
            return Incoming.of(message);
        }

        /** Runs on the thread that received a resume message: hands it over and waits for the thread's next message. */
        byte[] resume(byte[] message) throws IOException {
            if (!offer(toThread, message, Math.min(30_000, host.settings.readMillis))) throw new IOException("the thread does not wait");
            byte[] answer = poll(fromThread, host.settings.readMillis);
            if (answer == null) throw new IOException("no answer within " + host.settings.readMillis + " ms");
            return answer;
        }

        /** The caller is gone: the suspended thread goes on with a failure. */
        void abort() {
            aborted = true;
            offer(toThread, ABORT, host.settings.connectMillis);
        }

        // An interrupt belongs to the program: a thread that is interrupted while it waits for a message finishes waiting,
        // as a thread that reads from a socket does, and finds the mark afterwards.

        /** Runs the waiting code once, so that nothing of it has to be linked on a stack that is nearly full. */
        static void warmUp() {
            SynchronousQueue<byte[]> queue = new SynchronousQueue<>();
            offer(queue, ABORT, 0);
            poll(queue, 0);
        }

        private static boolean offer(SynchronousQueue<byte[]> queue, byte[] message, int millis) {
            return uninterrupted(millis, nanos -> queue.offer(message, nanos, TimeUnit.NANOSECONDS) ? message : null) != null;
        }

        private static byte[] poll(SynchronousQueue<byte[]> queue, int millis) {
            return uninterrupted(millis, nanos -> queue.poll(nanos, TimeUnit.NANOSECONDS));
        }

        private interface Wait {
            byte[] run(long nanos) throws InterruptedException;
        }

        private static byte[] uninterrupted(int millis, Wait wait) {
            long end = System.nanoTime() + millis * 1_000_000L;
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return wait.run(end - System.nanoTime());
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) Thread.currentThread().interrupt();
            }
        }
    }
}

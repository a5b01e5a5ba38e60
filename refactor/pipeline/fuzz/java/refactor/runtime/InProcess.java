package refactor.runtime;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Messages between processes that are class loaders of one virtual machine: the bytes of every message are those of the
 * product, only the sockets are left out. A request is {path, body, interface hash, traceparent}, an answer {status, body}.
 */
public final class InProcess implements Transport {
    private static final int SECONDS = 60;
    private final Host host;
    private final Map<String, Function<Object[], Object[]>> servers;

    private InProcess(Host host, Map<String, Function<Object[], Object[]>> servers) {
        this.host = host;
        this.servers = servers;
    }

    /** Makes the process of this class loader one of `servers`, under the name of its part. */
    public static void install(Map<String, Function<Object[], Object[]>> servers, ExecutorService pool) throws ReflectiveOperationException {
        Host host = Host.get();
        host.servedByContainer();
        Field transport = Host.class.getDeclaredField("transport");
        transport.setAccessible(true);
        transport.set(host, new InProcess(host, servers));
        servers.put(host.part(), request -> serve(host, pool, request));
    }

    /** Tells the owners of every proxy that was collected; how many there were. */
    public static int flush() {
        return Host.get().leases.flush();
    }

    /** How many objects other processes still hold. */
    public static int left() {
        return Host.get().exports.size();
    }

    /** The counters that the verifier reads. */
    public static String stats() {
        try (JsonWriter out = Internal.stats(Host.get())) {
            return new String(out.buffer(), 0, out.size(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public Answer post(Peers.Peer peer, byte[] path, JsonWriter body) throws IOException {
        Function<Object[], Object[]> server = servers.get(peer.part());
        if (server == null) throw new IOException("no process serves part " + peer.part());
        String hash = host.manifest.hash.get(peer.part());
        String seen = hash == null ? null : host.manifest.part + " " + hash;
        byte[] copy = Arrays.copyOf(body.buffer(), body.size());
        Object[] answer = server.apply(new Object[] {new String(path, StandardCharsets.UTF_8), copy, seen, Conversation.traceparent()});
        if (answer[0] instanceof Throwable) throw new IOException("part " + peer.part() + " did not answer", (Throwable) answer[0]);
        return new Message((Integer) answer[0], (byte[]) answer[1]);
    }

    private static Object[] serve(Host host, ExecutorService pool, Object[] request) {
        CompletableFuture<Object[]> answer = new CompletableFuture<>();
        pool.execute(() -> {
            Thread.currentThread().setContextClassLoader(host.loader);
            byte[] body = (byte[]) request[1];
            try {
                host.dispatcher.serve("POST", (String) request[0], new Answering(host, request, answer), body, 0, body.length);
            } catch (Throwable thrown) {
                answer.complete(new Object[] {thrown});
            } finally {
                Thread.currentThread().setContextClassLoader(null);
            }
        });
        try {
            return answer.get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            return new Object[] {e};
        }
    }

    private static final class Answering implements Dispatcher.Exchange {
        private final Host host;
        private final Object[] request;
        private final CompletableFuture<Object[]> answer;

        Answering(Host host, Object[] request, CompletableFuture<Object[]> answer) {
            this.host = host;
            this.request = request;
            this.answer = answer;
        }

        @Override
        public String header(String name) {
            switch (name) {
                case "authorization": return "Bearer " + host.settings.token;
                case "x-refactor-interface": return (String) request[2];
                case "traceparent": return (String) request[3];
                default: return null;
            }
        }

        @Override
        public void answer(int status, byte[] body, int length) {
            answer.complete(new Object[] {status, Arrays.copyOf(body, length)});
        }
    }

    private static final class Message implements Answer {
        private final int status;
        private final byte[] body;

        Message(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public byte[] buffer() {
            return body;
        }

        @Override
        public int from() {
            return 0;
        }

        @Override
        public int length() {
            return body.length;
        }

        @Override
        public void done() {}

        @Override
        public void broken() {}
    }
}

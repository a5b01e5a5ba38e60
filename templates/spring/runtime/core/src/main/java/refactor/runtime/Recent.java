package refactor.runtime;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The window of request ids seen lately: a request that is sent twice runs once and gets the same answer twice. */
final class Recent {
    private static final int WINDOW = 512;
    private static final long LARGEST = 8 << 20;

    private record Answer(int status, byte[] body) {}

    private final Map<String, CompletableFuture<Answer>> seen = new LinkedHashMap<>();
    private long bytes;

    /** The exchange to answer through; null when the request was a repetition and has been answered. */
    Dispatcher.Exchange begin(String from, String id, Dispatcher.Exchange exchange, int waitMillis) throws IOException {
        if (from == null || id == null) return exchange;
        String key = from + ' ' + id;
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> before;
        synchronized (seen) {
            before = seen.putIfAbsent(key, mine);
            if (before == null) trim();
        }
        if (before == null) return new Remembering(exchange, mine);
        try {
            Answer answer = before.get(waitMillis, TimeUnit.MILLISECONDS);
            exchange.answer(answer.status(), answer.body(), answer.body().length);
            return null;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("the first request with this id has no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }

    /** Forgets the oldest requests while the window is too long or its answers too large. */
    private void trim() {
        while (seen.size() > WINDOW || bytes > LARGEST && seen.size() > 1) {
            CompletableFuture<Answer> oldest = seen.remove(seen.keySet().iterator().next());
            Answer answer = oldest.getNow(null);
            if (answer != null) bytes -= answer.body().length;
            else oldest.thenAccept(late -> grow(-late.body().length));
        }
    }

    private void grow(int more) {
        synchronized (seen) {
            bytes += more;
        }
    }

    private final class Remembering implements Dispatcher.Exchange {
        private final Dispatcher.Exchange inner;
        private final CompletableFuture<Answer> answer;

        Remembering(Dispatcher.Exchange inner, CompletableFuture<Answer> answer) {
            this.inner = inner;
            this.answer = answer;
        }

        @Override
        public String header(String name) {
            return inner.header(name);
        }

        @Override
        public void answer(int status, byte[] body, int length) throws IOException {
            grow(length);
            answer.complete(new Answer(status, Arrays.copyOf(body, length)));
            inner.answer(status, body, length);
        }
    }
}

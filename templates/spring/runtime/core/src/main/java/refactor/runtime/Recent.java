package refactor.runtime;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The request ids seen lately: a request that is sent twice runs once. One that still runs is never forgotten. Of those that have
 * ended, the answers of the latest are kept, to be given again; of many more only the ids, so that none runs a second time.
 */
final class Recent {
    /** Answers that are kept; a repetition follows the first request within one connection's break. */
    private static final int ANSWERS = 512;
    /** Bytes of answers that are kept. */
    private static final long LARGEST = 8 << 20;
    /** Ids of ended requests that are kept: about 10 MB. */
    private static final int IDS = 1 << 16;

    /** `body` is null where only the id is remembered. */
    private record Answer(int status, byte[] body) {}

    private static final Answer FORGOTTEN = new Answer(0, null);

    private final Map<String, CompletableFuture<Answer>> running = new HashMap<>();
    /** Ended requests in the order in which they ended; the oldest of them have {@link #FORGOTTEN} answers. */
    private final Map<String, Answer> ended = new LinkedHashMap<>();
    /** Those of the ended ones whose answers are kept, oldest first. */
    private final ArrayDeque<String> answered = new ArrayDeque<>();
    private long bytes;

    /** The exchange to answer through; null when the request was a repetition and has been answered. */
    Dispatcher.Exchange begin(String from, String id, Dispatcher.Exchange exchange, int waitMillis) throws IOException {
        if (from == null || id == null) return exchange;
        String key = from + ' ' + id;
        CompletableFuture<Answer> first;
        synchronized (running) {
            Answer known = ended.get(key);
            first = known != null ? CompletableFuture.completedFuture(known) : running.get(key);
            if (first == null) {
                CompletableFuture<Answer> mine = new CompletableFuture<>();
                running.put(key, mine);
                return new Remembering(exchange, key, mine);
            }
        }
        try {
            Answer answer = first.get(waitMillis, TimeUnit.MILLISECONDS);
            if (answer == FORGOTTEN) throw new IOException("the first request with this id has been executed; its answer is not kept any more");
            exchange.answer(answer.status(), answer.body(), answer.body().length);
            return null;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("the first request with this id has no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }

    /** A request has been left without an answer, if it has none: who repeats it hears that. */
    void abandon(Dispatcher.Exchange exchange) {
        if (!(exchange instanceof Remembering left)) return;
        synchronized (running) {
            if (!running.remove(left.key, left.mine)) return;
            ended.put(left.key, FORGOTTEN);
        }
        left.mine.complete(FORGOTTEN);
    }

    private void end(String key, CompletableFuture<Answer> mine, Answer answer) {
        synchronized (running) {
            if (!running.remove(key, mine)) return;
            ended.put(key, answer);
            answered.add(key);
            bytes += answer.body().length;
            while (answered.size() > ANSWERS || bytes > LARGEST && answered.size() > 1) {
                bytes -= ended.replace(answered.poll(), FORGOTTEN).body().length;
            }
            while (ended.size() > IDS) ended.remove(ended.keySet().iterator().next());
        }
        mine.complete(answer);
    }

    private final class Remembering implements Dispatcher.Exchange {
        private final Dispatcher.Exchange inner;
        private final String key;
        private final CompletableFuture<Answer> mine;

        Remembering(Dispatcher.Exchange inner, String key, CompletableFuture<Answer> mine) {
            this.inner = inner;
            this.key = key;
            this.mine = mine;
        }

        @Override
        public String header(String name) {
            return inner.header(name);
        }

        @Override
        public void answer(int status, byte[] body, int length) throws IOException {
            end(key, mine, new Answer(status, Arrays.copyOf(body, length)));
            inner.answer(status, body, length);
        }
    }
}

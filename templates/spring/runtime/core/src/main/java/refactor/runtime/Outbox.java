package refactor.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** What one owner has to be told, in order. One thread at a time sends it, so that a slow owner delays nobody else's messages. */
final class Outbox {
    /** It stays at the head of its queue until the owner answered; `pinned` lives that long. */
    record Notice(byte[] path, byte[] body, Proxy pinned, long since) {}

    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private CompletableFuture<Integer> sending = CompletableFuture.completedFuture(0);

    synchronized void add(Notice notice) {
        waiting.add(notice);
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Starts to send what waits, unless that goes on already; the result is how many notices were answered. */
    synchronized CompletableFuture<Integer> drain(Predicate<Notice> answered, Executor executor) {
        if (sending.isDone() && !waiting.isEmpty()) sending = CompletableFuture.supplyAsync(() -> sendInOrder(answered), executor);
        return sending;
    }

    /** Up to the first notice that is not answered. */
    private int sendInOrder(Predicate<Notice> answered) {
        int sent = 0;
        for (Notice next; (next = head()) != null && answered.test(next); sent++) remove();
        return sent;
    }

    private synchronized Notice head() {
        return waiting.peek();
    }

    private synchronized void remove() {
        waiting.poll();
    }
}

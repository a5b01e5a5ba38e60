package refactor.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether references may be on their way to or from this process. Everything that marshals or unmarshals them runs
 * between {@link #enter} and {@link #exit}; two equal answers of {@link #quiet} mean that nothing did in between.
 */
final class Activity {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicLong moves = new AtomicLong();

    /** Comes before the first reference is read or written. In this order: see {@link #quiet}. */
    void enter() {
        inside.incrementAndGet();
        moves.incrementAndGet();
    }

    /** Comes when the references are held by whoever asked for them, or by the owner's table. */
    void exit() {
        inside.decrementAndGet();
    }

    /** A table changed in a way that matters to who reaches what. */
    void moved() {
        moves.incrementAndGet();
    }

    /**
     * The number of moves so far, or -1 while there is one. The number is read first: a move that is counted in it has
     * entered before, so it is seen inside unless it is over.
     */
    long quiet() {
        long seen = moves.get();
        return inside.get() == 0 ? seen : -1;
    }
}

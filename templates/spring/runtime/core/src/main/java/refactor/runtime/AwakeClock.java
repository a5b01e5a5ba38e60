package refactor.runtime;

/**
 * A monotonic clock that does not count the pauses of its own process. While a process is stopped (a debugger, a frozen container,
 * a long collection) it hears nobody, so that time is no silence of others.
 */
final class AwakeClock {
    private static final int TICK_MILLIS = 100;
    /** A tick that took longer than this was a pause; a busy machine delays one by less. */
    private static final long LONGEST_NANOS = 3 * TICK_MILLIS * 1_000_000L;

    private volatile long awake;

    /** Nanoseconds that this process has been awake since the clock was started. */
    long nanos() {
        return awake;
    }

    /** Runs on a thread of its own for as long as the process lives. */
    void run() {
        long last = System.nanoTime();
        while (true) {
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long now = System.nanoTime();
            awake += Math.min(now - last, LONGEST_NANOS);
            last = now;
        }
    }
}

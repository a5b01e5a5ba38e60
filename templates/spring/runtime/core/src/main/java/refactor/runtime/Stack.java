package refactor.runtime;

/**
 * Makes sure that a full stack is found before a message leaves, not while it is on its way: a conversation that loses
 * count of its calls could not be repaired. The program sees the StackOverflowError that it would have seen a little later.
 */
final class Stack {
    /** Frames of some tens of bytes each: more than an exchange needs, after which the real work may fail. */
    private static final int FRAMES = 400;

    private static volatile long sink;

    private Stack() {}

    /** Throws StackOverflowError unless there is room for one exchange of messages. */
    static void reserve() {
        if (touch(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) == 0) sink++;
    }

    /** All values are used again after the call, so every frame has to hold them. */
    private static long touch(int left, long a, long b, long c, long d, long e, long f, long g, long h, long i, long j) {
        if (left == 0) return a;
        long below = touch(left - 1, b, c, d, e, f, g, h, i, j, a);
        return below ^ a * 3 ^ b * 5 ^ c * 7 ^ d * 11 ^ e * 13 ^ f * 17 ^ g * 19 ^ h * 23 ^ i * 29 ^ j * 31 | 1;
    }
}

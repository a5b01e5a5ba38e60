package shop;

/** The class that the Spring process owns. */
public class Order {
    private int total;

    public int add(int amount) {
        return total += amount;
    }

    /** Calls back, and is called back meanwhile. */
    public synchronized int tell(Listener listener, int depth) {
        return depth == 0 ? total : 1 + listener.told("depth " + depth, depth - 1);
    }

    public void fail() {
        throw new IllegalArgumentException("as told");
    }
}

package refactor.runtime;

import java.util.Arrays;

/** Times single calls; a program, not a test. `java ... refactor.runtime.Benchmark` measures two processes in one JVM over the embedded server. */
public final class Benchmark {
    private Benchmark() {}

    public static void main(String[] args) throws Throwable {
        try (Split split = new Split("orders", "driver")) {
            split.part("orders", "{'part': 'orders', 'owned': ['shop.Order'], 'skeletons': ['shop.OrderSkeleton']}", ProxiesTest.ORDER, ProxiesTest.SKELETON);
            split.part("driver", "{'part': 'driver', 'owned': ['shop.Timed'], 'proxies': {'shop.Order': 'orders'}}", ProxiesTest.PROXY, TIMED);
            split.start();
            for (int round = 0; round < 5; round++) print("embedded server, order.add(1)", (long[]) split.run("driver", "shop.Timed", "run"));
        }
    }

    static final String TIMED = """
        package shop;
        public class Timed {
            public static long[] run() {
                Order order = new Order("timed");
                long[] nanos = new long[10000];
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    order.add(1);
                    nanos[i] = System.nanoTime() - start;
                }
                return nanos;
            }
        }
        """;

    static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf("%s: p50 %.1f us, p90 %.1f us, p99 %.1f us%n", what, nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 9 / 10] / 1e3,
            nanos[nanos.length * 99 / 100] / 1e3);
    }
}

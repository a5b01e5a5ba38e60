package refactor.runtime.spring;

import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import shop.Application;

/** Times a generated call over Spring MVC, and a raw keep-alive POST to the same server; a program, not a test. */
public final class Benchmark {
    private Benchmark() {}

    public static void main(String[] args) throws Throwable {
        int port = Driver.freePort();
        System.setProperty("refactor.token", "secret");
        System.setProperty("refactor.peers", "orders=http://127.0.0.1:" + port);
        try (var context = Application.start(port); Driver driver = new Driver()) {
            for (int round = 0; round < 4; round++) {
                print("raw POST, 300 bytes, Spring MVC", raw(port));
                print("generated call", (long[]) driver.run("time"));
                print("generated call with one call-back", (long[]) driver.run("timeCallBacks"));
            }
        }
        System.exit(0);
    }

    private static long[] raw(int port) throws Exception {
        byte[] body = new byte[300];
        Arrays.fill(body, (byte) 'x');
        String head = "POST /raw HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret\r\nContent-Type: application/octet-stream\r\nContent-Length: 300\r\n\r\n";
        byte[] request = (head + new String(body, StandardCharsets.US_ASCII)).getBytes(StandardCharsets.US_ASCII);
        long[] nanos = new long[10000];
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] buffer = new byte[8192];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                out.write(request);
                int filled = 0;
                int bodies = 0;
                while (bodies < 300) {
                    int read = in.read(buffer, filled, buffer.length - filled);
                    if (read < 0) throw new IllegalStateException("closed");
                    filled += read;
                    int headEnd = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
                    bodies = headEnd < 0 ? 0 : filled - headEnd - 4;
                }
                nanos[i] = System.nanoTime() - start;
            }
        }
        return nanos;
    }

    private static void print(String what, long[] nanos) {
        Arrays.sort(nanos);
        System.out.printf("%-36s p50 %.1f us, p90 %.1f us, p99 %.1f us%n", what, nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 9 / 10] / 1e3,
            nanos[nanos.length * 99 / 100] / 1e3);
    }
}

package refactor.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A small blocking HTTP/1.1 server on the loopback address, for a process that no container serves. */
final class LoopbackServer {
    private final Host host;
    private final ServerSocket listener;
    private final AtomicInteger names = new AtomicInteger();
    private final ExecutorService workers = Executors.newCachedThreadPool(task -> daemon(task, "refactor-serve-" + names.incrementAndGet()));

    LoopbackServer(Host host, int port) {
        this.host = host;
        ServerSocket bound;
        try {
            bound = listen(port);
        } catch (IOException taken) {
            // A second process of the same part (a forked test JVM): it listens elsewhere and says so when it introduces itself.
            try {
                bound = listen(0);
            } catch (IOException e) {
                throw new RemoteFailure("cannot listen on the loopback address for call-backs: " + e.getMessage(), e);
            }
        }
        listener = bound;
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 128);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    int port() {
        return listener.getLocalPort();
    }

    void start() {
        daemon(this::accept, "refactor-accept").start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                workers.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) Thread.yield();
            }
        }
    }

    private void serve(Socket socket) {
        Thread.currentThread().setContextClassLoader(host.loader);
        try (socket) {
            new Channel(socket).run();
        } catch (IOException | RuntimeException e) {
            // The connection is closed; its caller sees that as a transport failure.
        }
    }

    /** One connection: requests one after the other, each answered before the next is read. */
    private final class Channel implements Dispatcher.Exchange {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private byte[] input = new byte[4096];
        private byte[] output = new byte[2048];
        private int filled;
        private Head head;

        Channel(Socket socket) throws IOException {
            this.socket = socket;
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        void run() throws IOException {
            while (true) {
                int bodyFrom = readHead();
                if (bodyFrom < 0) return;
                head = new Head(input, bodyFrom);
                String length = head.value("content-length");
                int bodyLength = length == null ? 0 : Integer.parseInt(length);
                if (bodyLength > host.settings.largestMessage || bodyLength < 0) return;
                if (!host.dispatcher.isTrusted(head.value("authorization"))) { // its body is not read, so the connection ends here
                    host.dispatcher.serve(head.word(0), head.word(1), this, input, bodyFrom, 0);
                    hangUp();
                    return;
                }
                while (filled < bodyFrom + bodyLength) if (!fill()) return;
                head = new Head(input, bodyFrom);
                boolean close = "close".equalsIgnoreCase(head.value("connection"));
                String path = URLDecoder.decode(head.word(1), StandardCharsets.UTF_8);
                host.dispatcher.serve(head.word(0), path, this, input, bodyFrom, bodyLength);
                if (close) return;
                int rest = filled - bodyFrom - bodyLength;
                System.arraycopy(input, bodyFrom + bodyLength, input, 0, rest);
                filled = rest;
                if (input.length > 1 << 20 && rest < 4096) input = Arrays.copyOf(input, 4096);
            }
        }

        /** Says that nothing more comes, and gives what is on its way a moment: closing at once would take the answer back. */
        private void hangUp() throws IOException {
            socket.shutdownOutput();
            socket.setSoTimeout(200);
            byte[] rest = new byte[4096];
            for (int i = 0; i < 16 && in.read(rest) >= 0; i++) filled = 0;
        }

        private int readHead() throws IOException {
            int scanned = 0;
            while (true) {
                for (; scanned + 3 < filled; scanned++) {
                    if (input[scanned] == '\r' && input[scanned + 1] == '\n' && input[scanned + 2] == '\r' && input[scanned + 3] == '\n') {
                        return scanned + 4;
                    }
                }
                if (filled > 1 << 16 || !fill()) return -1;
            }
        }

        private boolean fill() throws IOException {
            if (filled == input.length) input = Arrays.copyOf(input, input.length * 2);
            int read = in.read(input, filled, input.length - filled);
            if (read > 0) filled += read;
            return read >= 0;
        }

        @Override
        public String header(String name) {
            return head.value(name);
        }

        @Override
        public void answer(int status, byte[] body, int length) throws IOException {
            String type = status == 200 ? "application/json" : "application/problem+json";
            String text = "HTTP/1.1 " + status + " " + (status == 200 ? "OK" : "Problem") + "\r\nContent-Type: " + type
                + "\r\nContent-Length: " + length + "\r\n\r\n";
            byte[] start = text.getBytes(StandardCharsets.US_ASCII);
            if (output.length < start.length + length) output = new byte[start.length + length];
            System.arraycopy(start, 0, output, 0, start.length);
            System.arraycopy(body, 0, output, start.length, length);
            out.write(output, 0, start.length + length);
            if (output.length > 1 << 20) output = new byte[2048];
        }
    }
}

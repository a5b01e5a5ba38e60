package refactor.runtime;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Blocking HTTP/1.1 over pooled keep-alive sockets: one write per request, no delay, buffers reused. */
final class HttpClient implements Transport {
    /** Idle connections to one peer, most recently used first. */
    static final class Pool {
        final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

        void clear() {
            for (Connection next; (next = idle.pollFirst()) != null; ) next.shut();
        }
    }

    private static final byte[] POST = "POST ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRACE = "\r\ntraceparent: ".getBytes(StandardCharsets.US_ASCII);

    private final Settings settings;

    HttpClient(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Answer post(Peers.Peer peer, byte[] path, JsonWriter body) throws IOException {
        return post(peer, path, body, settings.readMillis);
    }

    @Override
    public Answer post(Peers.Peer peer, byte[] path, JsonWriter body, int millis) throws IOException {
        for (Connection pooled; (pooled = peer.pool.idle.pollFirst()) != null; ) {
            if (System.nanoTime() - pooled.idleSince > settings.idleMillis * 1_000_000L) {
                pooled.shut();
                continue;
            }
            try {
                return pooled.exchange(path, body, millis);
            } catch (Unanswered closed) {
                // The server closed the idle connection and answered nothing. The request carries an id that the
                // owner de-duplicates, so sending it once more on a fresh connection is safe.
                break;
            }
        }
        return new Connection(peer).exchange(path, body, millis);
    }

    /** The connection ended before a single byte of an answer. */
    private static final class Unanswered extends IOException {
        private static final long serialVersionUID = 1L;

        Unanswered(IOException cause) {
            super("connection closed before any answer", cause);
        }
    }

    final class Connection implements Answer {
        private final Peers.Peer peer;
        private final Socket socket = new Socket();
        private final InputStream in;
        private final OutputStream out;
        private byte[] output = new byte[2048];
        private byte[] input = new byte[4096];
        private int filled;
        private int status;
        private int bodyFrom;
        private int bodyLength;
        private boolean keep;
        private boolean free;
        private long idleSince;
        /** How long a read waits, in milliseconds. */
        private int waits;

        Connection(Peers.Peer peer) throws IOException {
            this.peer = peer;
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(peer.host, peer.port), settings.connectMillis);
                in = socket.getInputStream();
                out = socket.getOutputStream();
            } catch (IOException e) {
                shut();
                peer.process = null;
                throw new NotSent("cannot connect to " + peer + ": " + e.getMessage(), e);
            }
        }

        Answer exchange(byte[] path, JsonWriter body, int millis) throws IOException {
            boolean fine = false;
            try {
                free = false;
                if (waits != millis) socket.setSoTimeout(waits = millis);
                send(path, body);
                receive();
                fine = true;
                return this;
            } finally {
                if (!fine) {
                    shut();
                    peer.process = null;
                }
            }
        }

        private void send(byte[] path, JsonWriter body) throws IOException {
            String trace = Conversation.traceparent();
            int most = POST.length + path.length + peer.head.length + 20 + END.length + body.size() + (trace == null ? 0 : trace.length() + 20);
            if (output.length < most) output = new byte[Math.max(most, output.length * 2)];
            int at = append(append(append(0, POST), path), peer.head);
            at = append(at, Integer.toString(body.size()).getBytes(StandardCharsets.US_ASCII));
            if (trace != null) at = append(append(at, TRACE), trace.getBytes(StandardCharsets.ISO_8859_1));
            at = append(at, END);
            System.arraycopy(body.buffer(), 0, output, at, body.size());
            try {
                out.write(output, 0, at + body.size());
            } catch (IOException e) {
                throw new Unanswered(e);
            }
            if (output.length > 1 << 20) output = new byte[2048];
        }

        private int append(int at, byte[] bytes) {
            System.arraycopy(bytes, 0, output, at, bytes.length);
            return at + bytes.length;
        }

        private void receive() throws IOException {
            if (input.length > 1 << 20) input = new byte[4096];
            filled = 0;
            int headEnd = -1;
            while (headEnd < 0) {
                int scanFrom = Math.max(0, filled - 3);
                try {
                    fill();
                } catch (java.net.SocketTimeoutException e) {
                    throw new IOException("no answer from " + peer + " within " + waits + " ms", e);
                } catch (IOException e) {
                    if (filled == 0) throw new Unanswered(e);
                    throw e;
                }
                headEnd = endOfHead(scanFrom);
            }
            Head head = new Head(input, headEnd);
            status = head.status();
            keep = !"close".equalsIgnoreCase(head.value("connection"));
            bodyFrom = headEnd;
            String length = head.value("content-length");
            if (length != null) {
                bodyLength = Integer.parseInt(length);
                if (bodyLength > settings.largestMessage) throw new IOException("answer of " + bodyLength + " bytes is too large");
                while (filled < bodyFrom + bodyLength) fill();
            } else if ("chunked".equalsIgnoreCase(head.value("transfer-encoding"))) {
                chunks();
            } else {
                throw new IOException("answer without a length from " + peer);
            }
        }

        private int endOfHead(int from) {
            for (int i = from; i + 3 < filled; i++) {
                if (input[i] == '\r' && input[i + 1] == '\n' && input[i + 2] == '\r' && input[i + 3] == '\n') return i + 4;
            }
            return -1;
        }

        private void fill() throws IOException {
            if (filled == input.length) input = Arrays.copyOf(input, input.length * 2);
            int read = in.read(input, filled, input.length - filled);
            if (read < 0) throw new EOFException("connection to " + peer + " closed");
            filled += read;
        }

        /** Moves the chunks of a chunked body together. */
        private void chunks() throws IOException {
            int read = bodyFrom;
            int write = bodyFrom;
            while (true) {
                int lineEnd = read;
                while (lineEnd + 1 >= filled || input[lineEnd] != '\r') {
                    if (lineEnd + 1 >= filled) fill();
                    else lineEnd++;
                }
                String size = new String(input, read, lineEnd - read, StandardCharsets.ISO_8859_1);
                int chunk = Integer.parseInt(size.contains(";") ? size.substring(0, size.indexOf(';')) : size.trim(), 16);
                read = lineEnd + 2;
                while (filled < read + chunk + 2) fill();
                System.arraycopy(input, read, input, write, chunk);
                read += chunk + 2;
                write += chunk;
                if (chunk == 0) break;
            }
            bodyLength = write - bodyFrom;
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public byte[] buffer() {
            return input;
        }

        @Override
        public int from() {
            return bodyFrom;
        }

        @Override
        public int length() {
            return bodyLength;
        }

        @Override
        public void done() {
            if (free) return;
            free = true;
            idleSince = System.nanoTime();
            if (keep) peer.pool.idle.addFirst(this);
            else shut();
        }

        @Override
        public void broken() {
            free = true;
            shut();
        }

        private void shut() {
            try {
                socket.close();
            } catch (IOException ignored) {
                // nothing is left to be done for a socket that cannot even be closed
            }
        }
    }
}

package refactor.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the other processes are: from REFACTOR_PEERS, and from what a process without a fixed address says on first contact. */
final class Peers {
    /** One other process: its address, its pre-encoded request head, and who answers there. */
    static final class Peer {
        final String name;
        final String host;
        final int port;
        /** Everything of a request head between the path and the length of the body. */
        final byte[] head;
        /** `part.instance.epoch` as it said itself; null until the first contact and after a broken connection. */
        volatile String process;
        /** Whether it has ever answered. */
        volatile boolean met;
        final HttpClient.Pool pool = new HttpClient.Pool();

        Peer(String name, String host, int port, byte[] head) {
            this.name = name;
            this.host = host;
            this.port = port;
            this.head = head;
        }

        String part() {
            int dot = name.indexOf('.');
            return dot < 0 ? name : name.substring(0, dot);
        }

        @Override
        public String toString() {
            return name + " at http://" + host + ":" + port;
        }
    }

    private final Host here;
    private final Map<String, Peer> byName = new ConcurrentHashMap<>();

    Peers(Host here) {
        this.here = here;
        Settings.pairs(here.settings.peers).forEach(this::add);
    }

    /** `name` is a part, or `part.instance` for a replicated part. */
    void add(String name, String url) {
        if (!url.startsWith("http://")) throw new IllegalStateException("peer " + name + ": expected http://host:port, found " + url);
        String address = url.substring(7).replaceAll("/.*$", "");
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        int port = colon < 0 ? 80 : Integer.parseInt(address.substring(colon + 1));
        Peer known = byName.get(name);
        if (known == null || known.port != port || !known.host.equals(host)) {
            byName.put(name, new Peer(name, host, port, head(name, address)));
        }
    }

    private byte[] head(String name, String address) {
        String part = name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.'));
        String token = here.settings.tokens.getOrDefault(part, here.settings.token);
        StringBuilder head = new StringBuilder(" HTTP/1.1\r\nHost: ").append(address);
        head.append("\r\nAuthorization: Bearer ").append(token);
        String hash = here.manifest.hash.get(part);
        if (hash != null) head.append("\r\nX-Refactor-Interface: ").append(here.manifest.part).append(' ').append(hash);
        head.append("\r\nContent-Type: application/json\r\nContent-Length: ");
        return head.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The peer of a part, or of a process id `part.instance.epoch`. */
    Peer find(String partOrProcess) {
        Peer peer = byName.get(partOrProcess);
        if (peer != null) return peer;
        String name = partOrProcess;
        int lastDot = name.lastIndexOf('.');
        if (lastDot > 0) {
            name = name.substring(0, lastDot);
            peer = byName.get(name);
            if (peer != null) return peer;
            peer = byName.get(name.substring(0, Math.max(0, name.indexOf('.'))));
            if (peer != null) return peer;
        }
        throw new RemoteFailure("no address for " + partOrProcess + ": name it in REFACTOR_PEERS (known: " + byName.keySet() + ")");
    }

    /** A process that is served by its embedded server says where it is; only that one process is found there. */
    void learn(String process, String url) {
        if (url.matches("http://127\\.0\\.0\\.1:\\d{1,5}")) add(process, url);
    }

    void forget(String process) {
        if (process.indexOf('.') != process.lastIndexOf('.')) byName.remove(process);
    }

    boolean knows(String part) {
        return byName.containsKey(part);
    }

    /** The port REFACTOR_PEERS gives to this very process, or 0. */
    int ownPort() {
        Peer own = byName.get(here.manifest.part + "." + here.settings.instance);
        if (own == null) own = byName.get(here.manifest.part);
        return own == null ? 0 : own.port;
    }

    Iterable<Peer> all() {
        return byName.values();
    }
}

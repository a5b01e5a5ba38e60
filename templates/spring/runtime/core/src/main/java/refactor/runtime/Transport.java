package refactor.runtime;

import java.io.IOException;

/** How a message reaches another process. The product speaks HTTP; tests may connect processes inside one JVM. */
interface Transport {
    /** One answer. Its bytes are valid until {@link #done()}, which also frees what carried it. */
    interface Answer {
        int status();

        byte[] buffer();

        int from();

        int length();

        void done();

        /** What carried it must not be used again. */
        void broken();
    }

    /** Posts `body` to `path` and waits for the answer. Retries only what is safe to retry. */
    Answer post(Peers.Peer peer, byte[] path, JsonWriter body) throws IOException;

    /** The same for a message that must not wait as long as a call may. */
    default Answer post(Peers.Peer peer, byte[] path, JsonWriter body, int millis) throws IOException {
        return post(peer, path, body);
    }
}

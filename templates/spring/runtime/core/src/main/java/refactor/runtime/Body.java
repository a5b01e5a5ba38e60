package refactor.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the body of one request within the limit of this process; what the sender claims costs no memory before it has arrived. */
public final class Body {
    private static final int FIRST = 1 << 16;

    private Body() {}

    /** All bytes, or null where there are more than `most`; `declared` is the Content-Length, or negative. */
    public static byte[] read(InputStream in, long declared, int most) throws IOException {
        if (declared > most) return null;
        byte[] body = new byte[declared < 0 ? FIRST : (int) Math.min(declared, FIRST)];
        int filled = 0;
        while (declared < 0 || filled < declared) {
            if (filled == body.length) {
                if (filled > most) return null;
                long more = Math.min(2L * filled + 1, declared < 0 ? (long) most + 1 : declared);
                body = Arrays.copyOf(body, (int) Math.min(more, Integer.MAX_VALUE - 8));
            }
            int read = in.read(body, filled, body.length - filled);
            if (read < 0) break;
            filled += read;
        }
        if (filled > most) return null;
        return filled == body.length ? body : Arrays.copyOf(body, filled);
    }
}

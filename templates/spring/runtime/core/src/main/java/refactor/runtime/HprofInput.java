package refactor.runtime;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a heap dump, in big-endian order. */
final class HprofInput implements AutoCloseable {
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    int idSize;
    long position;

    HprofInput(InputStream in) {
        this.in = in;
    }

    void header() throws IOException {
        StringBuilder magic = new StringBuilder();
        for (int next; (next = u1()) != 0; ) magic.append((char) next);
        if (!magic.toString().equals("JAVA PROFILE 1.0.2")) throw new IOException("unknown heap dump format " + magic);
        idSize = u4();
        if (idSize != 4 && idSize != 8) throw new IOException("identifiers of " + idSize + " bytes");
        skip(8);
    }

    /** The next record's tag, or -1 at the end. */
    int tag() throws IOException {
        return at < filled || fill() ? u1() : -1;
    }

    private boolean fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer, 0, buffer.length));
        return filled > 0;
    }

    int u1() throws IOException {
        if (at == filled && !fill()) throw new EOFException("the heap dump ends early");
        position++;
        return buffer[at++] & 255;
    }

    private long number(int size) throws IOException {
        if (filled - at >= size) {
            long value = number(buffer, at, size);
            at += size;
            position += size;
            return value;
        }
        long value = 0;
        for (int i = 0; i < size; i++) value = value << 8 | u1();
        return value;
    }

    int u2() throws IOException {
        return (int) number(2);
    }

    int u4() throws IOException {
        return (int) number(4);
    }

    long id() throws IOException {
        return number(idSize);
    }

    byte[] bytes(int length, byte[] into) throws IOException {
        for (int got = 0; got < length; ) {
            if (at == filled && !fill()) throw new EOFException("the heap dump ends early");
            int part = Math.min(length - got, filled - at);
            System.arraycopy(buffer, at, into, got, part);
            at += part;
            got += part;
        }
        position += length;
        return into;
    }

    void skip(long length) throws IOException {
        for (long left = length; left > 0; ) {
            if (at == filled && !fill()) throw new EOFException("the heap dump ends early");
            int part = (int) Math.min(left, filled - at);
            at += part;
            left -= part;
        }
        position += length;
    }

    static long number(byte[] bytes, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) value = value << 8 | bytes[at + i] & 255;
        return value;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package refactor.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Writes one JSON text into a reused byte buffer. Commas are placed by looking at the last byte, so callers only name
 * what they write. A lone surrogate is written as an escape: every UTF-16 string survives.
 */
public final class JsonWriter implements AutoCloseable {
    private static final int LARGEST_KEPT = 1 << 18;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final ConcurrentLinkedDeque<JsonWriter> FREE = new ConcurrentLinkedDeque<>();

    private byte[] bytes = new byte[1024];
    private int size;

    private JsonWriter() {}

    /** A cleared writer; {@link #close()} gives its buffer back. */
    public static JsonWriter open() {
        JsonWriter free = FREE.pollFirst();
        if (free == null) return new JsonWriter();
        free.size = 0;
        return free;
    }

    @Override
    public void close() {
        if (bytes.length <= LARGEST_KEPT) FREE.addFirst(this);
    }

    public byte[] buffer() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets everything written after `size` bytes (used when encoding fails half way). */
    public void truncate(int size) {
        this.size = size;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    public JsonWriter open(char bracket) {
        separate();
        put(bracket);
        return this;
    }

    public JsonWriter close(char bracket) {
        put(bracket);
        return this;
    }

    /** A member's name; names of the wire format are ASCII without quotes, all others go through {@link #key}. */
    public JsonWriter name(String ascii) {
        separate();
        room(ascii.length() + 3);
        bytes[size++] = '"';
        ascii(ascii);
        bytes[size++] = '"';
        bytes[size++] = ':';
        return this;
    }

    /** A member's name that is data. */
    public JsonWriter key(String name) {
        string(name);
        put(':');
        return this;
    }

    /** Bytes that are JSON already. */
    public JsonWriter raw(byte[] json, int from, int length) {
        separate();
        room(length);
        System.arraycopy(json, from, bytes, size, length);
        size += length;
        return this;
    }

    public JsonWriter raw(byte[] json) {
        return raw(json, 0, json.length);
    }

    /** ASCII text that is JSON already (numbers, true, false, null). */
    public JsonWriter literal(String ascii) {
        separate();
        room(ascii.length());
        ascii(ascii);
        return this;
    }

    public JsonWriter number(long value) {
        separate();
        room(20);
        if (value < 0) {
            if (value == Long.MIN_VALUE) {
                ascii("-9223372036854775808");
                return this;
            }
            bytes[size++] = '-';
            value = -value;
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) digits++;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + value % 10);
            value /= 10;
        }
        size += digits;
        return this;
    }

    public JsonWriter string(String value) {
        if (value == null) return literal("null");
        separate();
        int length = value.length();
        room(length + 2);
        bytes[size++] = '"';
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < 0x80 && c >= 0x20 && c != '"' && c != '\\') {
                if (size == bytes.length) room(length - i + 1);
                bytes[size++] = (byte) c;
            } else {
                i += special(value, i, c);
            }
        }
        put('"');
        return this;
    }

    /** Writes the character at `i` that is not plain ASCII; returns how many further characters it took. */
    private int special(String value, int i, char c) {
        room(6);
        if (c == '"' || c == '\\') {
            bytes[size++] = '\\';
            bytes[size++] = (byte) c;
        } else if (c < 0x20) {
            escape(c);
        } else if (c < 0x800) {
            bytes[size++] = (byte) (0xC0 | c >> 6);
            bytes[size++] = (byte) (0x80 | c & 0x3F);
        } else if (Character.isHighSurrogate(c) && i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))) {
            int point = Character.toCodePoint(c, value.charAt(i + 1));
            bytes[size++] = (byte) (0xF0 | point >> 18);
            bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
            bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
            bytes[size++] = (byte) (0x80 | point & 0x3F);
            return 1;
        } else if (Character.isSurrogate(c)) {
            escape(c);
        } else {
            bytes[size++] = (byte) (0xE0 | c >> 12);
            bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
            bytes[size++] = (byte) (0x80 | c & 0x3F);
        }
        return 0;
    }

    private void escape(char c) {
        bytes[size++] = '\\';
        bytes[size++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) bytes[size++] = HEX[c >> shift & 15];
    }

    private void separate() {
        if (size == 0) return;
        byte last = bytes[size - 1];
        if (last != '{' && last != '[' && last != ':' && last != ',') put(',');
    }

    private void put(char c) {
        room(1);
        bytes[size++] = (byte) c;
    }

    @SuppressWarnings("deprecation") // the one bulk copy of ASCII text into bytes
    private void ascii(String text) {
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
    }

    private void room(int more) {
        if (bytes.length - size < more) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
}

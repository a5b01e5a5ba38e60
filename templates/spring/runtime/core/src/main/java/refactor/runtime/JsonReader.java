package refactor.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads one JSON text from bytes, by pulling: the caller says what it expects. Numbers stay exact (no detour over
 * double). Malformed text raises {@link Malformed} with the offset, never anything else.
 */
public final class JsonReader {
    /** The text is not the JSON that the wire format asks for. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private static final int DEEPEST = 2000;

    private final byte[] bytes;
    private final int end;
    private int at;
    /** The lengths of the arrays before {@link #counted}, by where they open. */
    private Map<Integer, Integer> counts = Map.of();
    private int counted;

    public JsonReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    public JsonReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** The first byte of the next token, or -1 at the end of the text. */
    public int peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') return b;
            at++;
        }
        return -1;
    }

    public int position() {
        peek();
        return at;
    }

    public byte[] buffer() {
        return bytes;
    }

    public void open(char bracket) {
        if (peek() != bracket) throw malformed("expected " + bracket);
        at++;
    }

    /** The next member's name, or null after consuming the closing brace. */
    public String name() {
        int next = peek();
        if (next == ',') {
            at++;
            next = peek();
        }
        if (next == '}') {
            at++;
            return null;
        }
        String name = string();
        if (peek() != ':') throw malformed("expected :");
        at++;
        return name;
    }

    /** The next member's name, which must be `expected`. */
    public void name(String expected) {
        String found = name();
        if (!expected.equals(found)) throw malformed("expected member " + expected + ", found " + found);
    }

    /** True when another element follows; false after consuming the closing bracket. */
    public boolean element() {
        int next = peek();
        if (next == ',') {
            at++;
            next = peek();
        }
        if (next == ']') {
            at++;
            return false;
        }
        if (next < 0) throw malformed("unterminated array");
        return true;
    }

    public boolean nullValue() {
        if (peek() != 'n') return false;
        literal("null");
        return true;
    }

    public boolean bool() {
        if (peek() == 't') {
            literal("true");
            return true;
        }
        literal("false");
        return false;
    }

    public long integer() {
        int start = position();
        boolean negative = start < end && bytes[start] == '-';
        if (negative) at++;
        long value = 0;
        int first = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') value = value * 10 + (bytes[at++] - '0');
        if (at == first) throw malformed("expected an integer");
        boolean fraction = at < end && (bytes[at] == '.' || bytes[at] == 'e' || bytes[at] == 'E');
        if (at - first < 19 && !fraction) return negative ? -value : value;
        at = start;
        try {
            return Long.parseLong(number());
        } catch (NumberFormatException e) {
            throw malformed("integer out of range");
        }
    }

    /** The text of a number. */
    public String number() {
        int start = position();
        skipNumber();
        return new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
    }

    private void skipNumber() {
        int start = position();
        while (at < end && "+-.eE0123456789".indexOf(bytes[at]) >= 0) at++;
        if (at == start) throw malformed("expected a number");
    }

    /** A string, or null for the literal null. */
    public String text() {
        return nullValue() ? null : string();
    }

    public String string() {
        if (peek() != '"') throw malformed("expected a string");
        int start = ++at;
        int scan = start;
        while (scan < end && bytes[scan] != '"' && bytes[scan] != '\\' && bytes[scan] >= 0) scan++;
        if (scan >= end) throw malformed("unterminated string");
        if (bytes[scan] == '"') {
            at = scan + 1;
            return new String(bytes, start, scan - start, StandardCharsets.ISO_8859_1);
        }
        return slowString(start, scan);
    }

    private String slowString(int start, int scan) {
        char[] out = new char[Math.max(32, (scan - start) * 2)];
        int size = 0;
        at = start;
        while (true) {
            if (at >= end) throw malformed("unterminated string");
            if (size + 2 > out.length) out = Arrays.copyOf(out, out.length * 2);
            int b = bytes[at++];
            if (b == '"') return new String(out, 0, size);
            if (b == '\\') {
                out[size++] = escaped();
            } else if (b >= 0) {
                out[size++] = (char) b;
            } else {
                int point = utf8(b);
                size += Character.toChars(point, out, size);
            }
        }
    }

    private char escaped() {
        if (at >= end) throw malformed("unterminated escape");
        byte b = bytes[at++];
        switch (b) {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case '"': case '\\': case '/': return (char) b;
            case 'u':
                if (end - at < 4) throw malformed("unterminated escape");
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(bytes[at++], 16);
                    if (digit < 0) throw malformed("bad escape");
                    value = value << 4 | digit;
                }
                return (char) value;
            default: throw malformed("bad escape");
        }
    }

    private int utf8(int first) {
        int more = (first & 0xE0) == 0xC0 ? 1 : (first & 0xF0) == 0xE0 ? 2 : (first & 0xF8) == 0xF0 ? 3 : 0;
        if (more == 0 || end - at < more) throw malformed("bad UTF-8");
        int point = first & (0x3F >> more);
        for (int i = 0; i < more; i++) {
            int b = bytes[at++];
            if ((b & 0xC0) != 0x80) throw malformed("bad UTF-8");
            point = point << 6 | b & 0x3F;
        }
        if (point > Character.MAX_CODE_POINT) throw malformed("bad UTF-8");
        return point;
    }

    /** Passes over one value of any kind. */
    public void skip() {
        int depth = 0;
        do {
            int next = peek();
            switch (next) {
                case '{': case '[':
                    if (++depth > DEEPEST) throw malformed("nested too deeply");
                    at++;
                    break;
                case '}': case ']':
                    depth--;
                    at++;
                    break;
                case '"': string(); break;
                case ',': case ':': at++; continue;
                case 't': literal("true"); break;
                case 'f': literal("false"); break;
                case 'n': literal("null"); break;
                case -1: throw malformed("unexpected end");
                default: skipNumber();
            }
        } while (depth > 0);
    }

    /**
     * How many elements the array that comes next has; nothing is passed over. One scan counts the arrays within it too, so that
     * asking for every array of a message reads it once.
     */
    public int count() {
        int start = position();
        if (start >= counted) {
            if (counts.isEmpty()) counts = new HashMap<>();
            count(start);
            counted = at;
            at = start;
        }
        Integer known = counts.get(start);
        if (known == null) throw malformed("expected [");
        return known;
    }

    private void count(int start) {
        int[] opened = new int[16];
        int[] elements = new int[16];
        int depth = 0;
        do {
            int next = peek();
            if (next == ',' || next == ':') {
                at++;
                continue;
            }
            if (next == ']' || next == '}') {
                if (depth == 0) throw malformed("expected [");
                if (opened[--depth] >= 0) counts.put(opened[depth], elements[depth]);
                at++;
                continue;
            }
            if (depth > 0) elements[depth - 1]++;
            if (next == '[' || next == '{') {
                if (depth == DEEPEST) throw malformed("nested too deeply");
                if (depth == opened.length) {
                    opened = Arrays.copyOf(opened, depth * 2);
                    elements = Arrays.copyOf(elements, depth * 2);
                }
                opened[depth] = next == '[' ? at : -1;
                elements[depth++] = 0;
                at++;
            } else {
                skip();
            }
        } while (depth > 0);
    }

    /** A copy of the bytes of the next value, which is passed over. */
    public byte[] slice() {
        int from = position();
        skip();
        return Arrays.copyOfRange(bytes, from, at);
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at >= end || bytes[at] != word.charAt(i)) throw malformed("expected " + word);
            at++;
        }
    }

    public Malformed malformed(String why) {
        return new Malformed(why + " at byte " + at);
    }
}

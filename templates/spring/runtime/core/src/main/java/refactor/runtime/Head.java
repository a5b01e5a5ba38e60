package refactor.runtime;

import java.nio.charset.StandardCharsets;

/** The head of an HTTP message as bytes: a start line and header lines, looked up in place. */
final class Head {
    private final byte[] bytes;
    private final int end;

    Head(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /** The status of a response: the second word of the start line. */
    int status() {
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    }

    /** The n-th word of the start line, from 0. */
    String word(int n) {
        int from = 0;
        for (int at = 0; at < end; at++) {
            if (bytes[at] != ' ' && bytes[at] != '\r') continue;
            if (n-- == 0) return text(from, at);
            if (bytes[at] == '\r') break;
            from = at + 1;
        }
        return "";
    }

    /** The value of a header by its lower-case name, or null. */
    String value(String name) {
        int line = nextLine(0);
        while (line < end) {
            int next = nextLine(line);
            if (matches(line, name)) {
                int from = line + name.length() + 1;
                int to = next - 2;
                while (from < to && bytes[from] == ' ') from++;
                while (to > from && bytes[to - 1] == ' ') to--;
                return text(from, to);
            }
            line = next;
        }
        return null;
    }

    private boolean matches(int line, String name) {
        int length = name.length();
        if (line + length >= end || bytes[line + length] != ':') return false;
        for (int i = 0; i < length; i++) {
            int b = bytes[line + i];
            if (b >= 'A' && b <= 'Z') b += 32;
            if (b != name.charAt(i)) return false;
        }
        return true;
    }

    private int nextLine(int from) {
        for (int at = from; at + 1 < end; at++) if (bytes[at] == '\r' && bytes[at + 1] == '\n') return at + 2;
        return end;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}

"""The classes that every printed Java program carries: its trace, its heap dump, and what a dump can walk."""

from __future__ import annotations

TRACE = '''package {package};

/** The trace: what a run says. Its text is plain ASCII, so no console changes it. */
final class T {
    static final String SEP = " | ";
    private static final StringBuilder LINES = new StringBuilder();
    private static int count;

    static void log(String line) {
        if (++count > 1500) {
            return;
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= 32 && c < 127) {
                LINES.append(c);
            } else {
                LINES.append("\\\\u").append(Integer.toHexString(0x10000 + c).substring(1));
            }
        }
        LINES.append((char) 10);
    }

    /** Type, message and causes. The virtual machine words some messages after the byte code: those are left out. */
    static void fail(Throwable thrown) {
        StringBuilder text = new StringBuilder("error");
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            text.append(SEP).append(at.getClass().getName());
            boolean worded = at instanceof NullPointerException || at instanceof ClassCastException || at instanceof ArrayStoreException;
            if (!worded) {
                text.append(": ").append(at.getMessage());
            }
        }
        log(text.toString());
    }

    /** The same, and the methods of this program that the exception came through. */
    static void frames(Throwable thrown) {
        fail(thrown);
        StringBuilder text = new StringBuilder("  at");
        String last = "";
        for (StackTraceElement frame : thrown.getStackTrace()) {
            String type = frame.getClassName();
            String name = frame.getMethodName();
            boolean generated = type.indexOf("Skeleton") >= 0 || type.indexOf("$Remote") >= 0;
            boolean user = type.startsWith("{package}.") && name.indexOf((char) 36) < 0 && !generated;
            String said = type.substring(type.lastIndexOf((char) 46) + 1).replaceAll("[$][0-9].*", "\\\\$n") + "." + name;
            if (user && !said.equals(last)) {
                text.append((char) 32).append(said);
                last = said;
            }
        }
        log(text.toString());
    }

    static String all() {
        String found = LINES.toString() + "lines " + count + (char) 10;
        LINES.setLength(0);
        count = 0;
        return found;
    }
}
'''

NODE = """package {package};

/** What a dump can walk. */
interface N {
    void dump_(D d);
}
"""

DUMP = """package {package};

import java.util.ArrayList;
import java.util.List;

/** Numbers the objects of the final heap in the order in which a walk from the roots meets them. */
final class D {
    private final List<Object> seen = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private int done;

    void value(String name, Object value) {
        out.append(' ').append(name).append('=').append(value);
    }

    void ref(String name, Object object) {
        out.append(' ').append(name).append('=');
        any(object);
    }

    /** A record has no identity of its own: its components stand where it is mentioned. */
    void inline(String name, N value) {
        out.append(' ').append(name).append("=(");
        if (value != null) {
            value.dump_(this);
        }
        out.append(')');
    }

    private void any(Object object) {
        boolean box = object instanceof Number || object instanceof Character || object instanceof Boolean;
        if (object == null || object instanceof String || box) {
            out.append(object);
        } else if (object instanceof Enum) {
            out.append(((Enum<?>) object).name());
        } else {
            int number = 0;
            while (number < seen.size() && seen.get(number) != object) {
                number++;
            }
            if (number == seen.size()) {
                seen.add(object);
            }
            out.append('#').append(number);
        }
    }

    void walk() {
        while (done < seen.size()) {
            Object next = seen.get(done);
            T.log(out.toString());
            out.setLength(0);
            out.append('#').append(done).append(':');
            done++;
            if (next instanceof N) {
                ((N) next).dump_(this);
            }
        }
        T.log(out.toString());
        out.setLength(0);
    }
}
"""

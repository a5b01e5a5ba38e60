package refactor.runtime;

/** Errors on the wire: one problem object (RFC 9457) whose type says what went wrong. */
final class Problem {
    static final String THROWN = "urn:refactor:thrown";
    static final String TRANSPORT = "urn:refactor:transport";
    static final String LOST = "urn:refactor:object-lost";
    static final String UNSUPPORTED = "urn:refactor:unsupported-value";
    static final String BAD = "urn:refactor:bad-request";
    static final String UNKNOWN = "urn:refactor:unknown-endpoint";
    static final String TOKEN = "urn:refactor:bad-token";
    static final String INTERFACE = "urn:refactor:interface-mismatch";

    static final String OVERFLOW = "urn:refactor:stack-overflow";

    private Problem() {}

    static void write(JsonWriter out, String type, int status, String detail) {
        head(out, type, status, detail);
        out.close('}');
    }

    static void head(JsonWriter out, String type, int status, String detail) {
        out.open('{').name("type").string(type).name("title").string(title(type));
        out.name("status").number(status).name("detail").string(detail);
    }

    private static String title(String type) {
        return type.substring(type.lastIndexOf(':') + 1).replace('-', ' ');
    }

    /** The exception that a problem without an exception of the program means for the caller. */
    static Throwable toException(String type, int status, String detail, String where) {
        String message = where + ": " + detail;
        if (OVERFLOW.equals(type)) return new StackOverflowError(message);
        if (LOST.equals(type)) return new ObjectLost(message);
        if (UNSUPPORTED.equals(type)) return new UnsupportedValue(message);
        return new RemoteFailure(message + " (" + type + ", status " + status + ")");
    }
}

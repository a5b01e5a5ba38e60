package refactor.runtime;

import java.nio.charset.StandardCharsets;

/** One operation of another part: `POST /api/<type>/<operation>`. Generated code keeps it in a static final field. */
public final class Endpoint {
    private final String part;
    private final String type;
    private final String operation;
    private final String key;
    private final byte[] path;
    private final boolean readOnlyArrays;

    private Endpoint(String part, String type, String operation, boolean readOnlyArrays) {
        this.part = part;
        this.type = type;
        this.operation = operation;
        this.key = type + "/" + operation;
        this.path = ("/api/" + key).getBytes(StandardCharsets.UTF_8);
        this.readOnlyArrays = readOnlyArrays;
    }

    public static Endpoint of(String part, String type, String operation) {
        return new Endpoint(part, type, operation, false);
    }

    /** The same endpoint, whose array arguments are provably not written by the callee: they are not copied back. */
    public Endpoint readOnlyArrays() {
        return new Endpoint(part, type, operation, true);
    }

    public String part() {
        return part;
    }

    public String type() {
        return type;
    }

    public String operation() {
        return operation;
    }

    /** `<type>/<operation>`. */
    public String key() {
        return key;
    }

    byte[] path() {
        return path;
    }

    boolean copiesBack() {
        return !readOnlyArrays;
    }

    @Override
    public String toString() {
        return part + ":" + key;
    }
}

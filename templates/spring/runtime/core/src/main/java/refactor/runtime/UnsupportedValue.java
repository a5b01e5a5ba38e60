package refactor.runtime;

/** A value of a type that cannot cross parts; the message names the type, the endpoint and a way out. */
public class UnsupportedValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedValue(String message) {
        super(message);
    }

    public UnsupportedValue(String message, Throwable cause) {
        super(message, cause);
    }

    static UnsupportedValue pinned(String type, String where) {
        return new UnsupportedValue("an object of " + type + " cannot cross parts (at " + where + "): keep the classes that use it"
            + " in one part, or decide otherwise in the manifest's \"libraries\"");
    }
}

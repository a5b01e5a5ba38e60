package refactor.runtime;

/** The owner does not know the object any more: it was restarted, or every lease on the object ran out. */
public class ObjectLost extends RemoteFailure {
    private static final long serialVersionUID = 1L;

    public ObjectLost(String message) {
        super(message);
    }

    public ObjectLost(String message, Throwable cause) {
        super(message, cause);
    }
}

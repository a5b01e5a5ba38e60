package refactor.runtime;

/** The request never left this process: nothing has happened at its owner. */
public final class NotSent extends RemoteFailure {
    private static final long serialVersionUID = 1L;

    NotSent(String message, Throwable cause) {
        super(message, cause);
    }
}

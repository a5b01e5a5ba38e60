package refactor.runtime;

/** The call did not reach its owner, or its answer did not come back: the network failed, not the program. */
public class RemoteFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RemoteFailure(String message) {
        super(message);
    }

    public RemoteFailure(String message, Throwable cause) {
        super(message, cause);
    }
}

package refactor.runtime;

/** What every generated proxy class implements: an object that lives in another process, known here by its {@link Ref}. */
public interface Proxy {
    /** The reference this proxy forwards to. */
    Ref ref$();
}

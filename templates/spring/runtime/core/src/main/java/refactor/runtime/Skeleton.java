package refactor.runtime;

/** The owner's side of one class: generated, named in the manifest, registers every operation once at start. */
public interface Skeleton {
    void register(Endpoints endpoints);
}

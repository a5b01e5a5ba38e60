package refactor.runtime;

/**
 * A text buffer that is declared as an interface where it goes: the receiver may keep it, so it travels by reference there,
 * and not as the copy that is written back after the call.
 */
record Shared(Object value) {
    Shape shape(Host host) {
        return host.classes.asReference(value.getClass());
    }

    /** The argument itself, for a call that stays in this process. */
    static Object[] unwrapped(Object[] args) {
        for (int i = 0; i < args.length; i++) if (args[i] instanceof Shared shared) args[i] = shared.value;
        return args;
    }
}

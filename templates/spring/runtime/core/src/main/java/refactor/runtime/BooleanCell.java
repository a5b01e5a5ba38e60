package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** One boolean variable of another part, for compound assignment; see {@link IntCell}. */
public final class BooleanCell {
    private final boolean old;
    private final Consumer<Boolean> setter;

    public BooleanCell(Supplier<Boolean> getter, Consumer<Boolean> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private boolean set(boolean value) {
        setter.accept(value);
        return value;
    }

    /** `x &= right`. */
    public boolean and(boolean right) {
        return set(old & right);
    }

    /** `x |= right`. */
    public boolean or(boolean right) {
        return set(old | right);
    }

    /** `x ^= right`. */
    public boolean xor(boolean right) {
        return set(old ^ right);
    }
}

package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** One reference variable of another part, for `+=` on text; see {@link IntCell}. */
public final class ObjectCell<T> {
    private final T old;
    private final Consumer<T> setter;

    public ObjectCell(Supplier<T> getter, Consumer<T> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    /** The value that was read when the cell was made. */
    public T get() {
        return old;
    }

    /** Stores a value computed from {@link #get()} (a boxed variable under any operator). */
    public T set(T value) {
        setter.accept(value);
        return value;
    }

    /** `x += right` where x is a String, or an Object or CharSequence that holds text. */
    @SuppressWarnings("unchecked") // string concatenation is the only += on references, so T accepts a String
    public T add(Object right) {
        return set((T) (old + String.valueOf(right)));
    }

    /** `x += right` for a char, which is appended as a character. */
    @SuppressWarnings("unchecked")
    public T add(char right) {
        return set((T) (String.valueOf(old) + right));
    }

    /** `x += right` for an int, short or byte. */
    public T add(int right) {
        return add((Object) right);
    }

    /** `x += right` for a long. */
    public T add(long right) {
        return add((Object) right);
    }

    /** `x += right` for a float. */
    public T add(float right) {
        return add((Object) right);
    }

    /** `x += right` for a double. */
    public T add(double right) {
        return add((Object) right);
    }

    /** `x += right` for a boolean. */
    public T add(boolean right) {
        return add((Object) right);
    }

    /** The same variable where its type argument is Byte: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Byte where this is asked
    public ByteCell asByte() {
        return new ByteCell(() -> (Byte) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Short: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Short where this is asked
    public ShortCell asShort() {
        return new ShortCell(() -> (Short) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Character: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Character where this is asked
    public CharCell asChar() {
        return new CharCell(() -> (Character) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Integer: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Integer where this is asked
    public IntCell asInt() {
        return new IntCell(() -> (Integer) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Long: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Long where this is asked
    public LongCell asLong() {
        return new LongCell(() -> (Long) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Float: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Float where this is asked
    public FloatCell asFloat() {
        return new FloatCell(() -> (Float) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Double: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Double where this is asked
    public DoubleCell asDouble() {
        return new DoubleCell(() -> (Double) old, v -> setter.accept((T) v));
    }

    /** The same variable where its type argument is Boolean: operators work on what is in the box. */
    @SuppressWarnings("unchecked") // T is Boolean where this is asked
    public BooleanCell asBoolean() {
        return new BooleanCell(() -> (Boolean) old, v -> setter.accept((T) v));
    }
}

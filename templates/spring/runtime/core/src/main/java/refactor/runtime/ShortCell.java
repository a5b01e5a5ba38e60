package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One short variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class ShortCell {
    private final short old;
    private final Consumer<Short> setter;

    public ShortCell(Supplier<Short> getter, Consumer<Short> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private short set(short value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public short add(int right) {
        short value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public short add(long right) {
        short value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public short add(float right) {
        short value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public short add(double right) {
        short value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public short subtract(int right) {
        short value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public short subtract(long right) {
        short value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public short subtract(float right) {
        short value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public short subtract(double right) {
        short value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public short multiply(int right) {
        short value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public short multiply(long right) {
        short value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public short multiply(float right) {
        short value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public short multiply(double right) {
        short value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public short divide(int right) {
        short value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public short divide(long right) {
        short value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public short divide(float right) {
        short value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public short divide(double right) {
        short value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public short remainder(int right) {
        short value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public short remainder(long right) {
        short value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public short remainder(float right) {
        short value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public short remainder(double right) {
        short value = old;
        value %= right;
        return set(value);
    }

    /** `x &= int`. */
    public short and(int right) {
        short value = old;
        value &= right;
        return set(value);
    }

    /** `x &= long`. */
    public short and(long right) {
        short value = old;
        value &= right;
        return set(value);
    }

    /** `x |= int`. */
    public short or(int right) {
        short value = old;
        value |= right;
        return set(value);
    }

    /** `x |= long`. */
    public short or(long right) {
        short value = old;
        value |= right;
        return set(value);
    }

    /** `x ^= int`. */
    public short xor(int right) {
        short value = old;
        value ^= right;
        return set(value);
    }

    /** `x ^= long`. */
    public short xor(long right) {
        short value = old;
        value ^= right;
        return set(value);
    }

    /** `x <<= int`. */
    public short shiftLeft(int right) {
        short value = old;
        value <<= right;
        return set(value);
    }

    /** `x <<= long`. */
    public short shiftLeft(long right) {
        short value = old;
        value <<= right;
        return set(value);
    }

    /** `x >>= int`. */
    public short shiftRight(int right) {
        short value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>= long`. */
    public short shiftRight(long right) {
        short value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>>= int`. */
    public short shiftRightUnsigned(int right) {
        short value = old;
        value >>>= right;
        return set(value);
    }

    /** `x >>>= long`. */
    public short shiftRightUnsigned(long right) {
        short value = old;
        value >>>= right;
        return set(value);
    }

    /** `++x`. */
    public short preIncrement() {
        short value = old;
        return set(++value);
    }

    /** `--x`. */
    public short preDecrement() {
        short value = old;
        return set(--value);
    }

    /** `x++`. */
    public short postIncrement() {
        short value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public short postDecrement() {
        short value = old;
        value--;
        set(value);
        return old;
    }
}

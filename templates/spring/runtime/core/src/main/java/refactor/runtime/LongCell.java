package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One long variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class LongCell {
    private final long old;
    private final Consumer<Long> setter;

    public LongCell(Supplier<Long> getter, Consumer<Long> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private long set(long value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public long add(int right) {
        long value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public long add(long right) {
        long value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public long add(float right) {
        long value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public long add(double right) {
        long value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public long subtract(int right) {
        long value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public long subtract(long right) {
        long value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public long subtract(float right) {
        long value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public long subtract(double right) {
        long value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public long multiply(int right) {
        long value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public long multiply(long right) {
        long value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public long multiply(float right) {
        long value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public long multiply(double right) {
        long value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public long divide(int right) {
        long value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public long divide(long right) {
        long value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public long divide(float right) {
        long value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public long divide(double right) {
        long value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public long remainder(int right) {
        long value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public long remainder(long right) {
        long value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public long remainder(float right) {
        long value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public long remainder(double right) {
        long value = old;
        value %= right;
        return set(value);
    }

    /** `x &= int`. */
    public long and(int right) {
        long value = old;
        value &= right;
        return set(value);
    }

    /** `x &= long`. */
    public long and(long right) {
        long value = old;
        value &= right;
        return set(value);
    }

    /** `x |= int`. */
    public long or(int right) {
        long value = old;
        value |= right;
        return set(value);
    }

    /** `x |= long`. */
    public long or(long right) {
        long value = old;
        value |= right;
        return set(value);
    }

    /** `x ^= int`. */
    public long xor(int right) {
        long value = old;
        value ^= right;
        return set(value);
    }

    /** `x ^= long`. */
    public long xor(long right) {
        long value = old;
        value ^= right;
        return set(value);
    }

    /** `x <<= int`. */
    public long shiftLeft(int right) {
        long value = old;
        value <<= right;
        return set(value);
    }

    /** `x <<= long`. */
    public long shiftLeft(long right) {
        long value = old;
        value <<= right;
        return set(value);
    }

    /** `x >>= int`. */
    public long shiftRight(int right) {
        long value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>= long`. */
    public long shiftRight(long right) {
        long value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>>= int`. */
    public long shiftRightUnsigned(int right) {
        long value = old;
        value >>>= right;
        return set(value);
    }

    /** `x >>>= long`. */
    public long shiftRightUnsigned(long right) {
        long value = old;
        value >>>= right;
        return set(value);
    }

    /** `++x`. */
    public long preIncrement() {
        long value = old;
        return set(++value);
    }

    /** `--x`. */
    public long preDecrement() {
        long value = old;
        return set(--value);
    }

    /** `x++`. */
    public long postIncrement() {
        long value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public long postDecrement() {
        long value = old;
        value--;
        set(value);
        return old;
    }
}

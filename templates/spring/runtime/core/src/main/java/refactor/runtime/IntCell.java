package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One int variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class IntCell {
    private final int old;
    private final Consumer<Integer> setter;

    public IntCell(Supplier<Integer> getter, Consumer<Integer> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private int set(int value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public int add(int right) {
        int value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public int add(long right) {
        int value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public int add(float right) {
        int value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public int add(double right) {
        int value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public int subtract(int right) {
        int value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public int subtract(long right) {
        int value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public int subtract(float right) {
        int value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public int subtract(double right) {
        int value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public int multiply(int right) {
        int value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public int multiply(long right) {
        int value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public int multiply(float right) {
        int value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public int multiply(double right) {
        int value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public int divide(int right) {
        int value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public int divide(long right) {
        int value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public int divide(float right) {
        int value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public int divide(double right) {
        int value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public int remainder(int right) {
        int value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public int remainder(long right) {
        int value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public int remainder(float right) {
        int value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public int remainder(double right) {
        int value = old;
        value %= right;
        return set(value);
    }

    /** `x &= int`. */
    public int and(int right) {
        int value = old;
        value &= right;
        return set(value);
    }

    /** `x &= long`. */
    public int and(long right) {
        int value = old;
        value &= right;
        return set(value);
    }

    /** `x |= int`. */
    public int or(int right) {
        int value = old;
        value |= right;
        return set(value);
    }

    /** `x |= long`. */
    public int or(long right) {
        int value = old;
        value |= right;
        return set(value);
    }

    /** `x ^= int`. */
    public int xor(int right) {
        int value = old;
        value ^= right;
        return set(value);
    }

    /** `x ^= long`. */
    public int xor(long right) {
        int value = old;
        value ^= right;
        return set(value);
    }

    /** `x <<= int`. */
    public int shiftLeft(int right) {
        int value = old;
        value <<= right;
        return set(value);
    }

    /** `x <<= long`. */
    public int shiftLeft(long right) {
        int value = old;
        value <<= right;
        return set(value);
    }

    /** `x >>= int`. */
    public int shiftRight(int right) {
        int value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>= long`. */
    public int shiftRight(long right) {
        int value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>>= int`. */
    public int shiftRightUnsigned(int right) {
        int value = old;
        value >>>= right;
        return set(value);
    }

    /** `x >>>= long`. */
    public int shiftRightUnsigned(long right) {
        int value = old;
        value >>>= right;
        return set(value);
    }

    /** `++x`. */
    public int preIncrement() {
        int value = old;
        return set(++value);
    }

    /** `--x`. */
    public int preDecrement() {
        int value = old;
        return set(--value);
    }

    /** `x++`. */
    public int postIncrement() {
        int value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public int postDecrement() {
        int value = old;
        value--;
        set(value);
        return old;
    }
}

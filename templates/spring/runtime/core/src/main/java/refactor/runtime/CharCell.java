package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One char variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class CharCell {
    private final char old;
    private final Consumer<Character> setter;

    public CharCell(Supplier<Character> getter, Consumer<Character> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private char set(char value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public char add(int right) {
        char value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public char add(long right) {
        char value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public char add(float right) {
        char value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public char add(double right) {
        char value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public char subtract(int right) {
        char value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public char subtract(long right) {
        char value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public char subtract(float right) {
        char value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public char subtract(double right) {
        char value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public char multiply(int right) {
        char value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public char multiply(long right) {
        char value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public char multiply(float right) {
        char value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public char multiply(double right) {
        char value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public char divide(int right) {
        char value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public char divide(long right) {
        char value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public char divide(float right) {
        char value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public char divide(double right) {
        char value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public char remainder(int right) {
        char value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public char remainder(long right) {
        char value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public char remainder(float right) {
        char value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public char remainder(double right) {
        char value = old;
        value %= right;
        return set(value);
    }

    /** `x &= int`. */
    public char and(int right) {
        char value = old;
        value &= right;
        return set(value);
    }

    /** `x &= long`. */
    public char and(long right) {
        char value = old;
        value &= right;
        return set(value);
    }

    /** `x |= int`. */
    public char or(int right) {
        char value = old;
        value |= right;
        return set(value);
    }

    /** `x |= long`. */
    public char or(long right) {
        char value = old;
        value |= right;
        return set(value);
    }

    /** `x ^= int`. */
    public char xor(int right) {
        char value = old;
        value ^= right;
        return set(value);
    }

    /** `x ^= long`. */
    public char xor(long right) {
        char value = old;
        value ^= right;
        return set(value);
    }

    /** `x <<= int`. */
    public char shiftLeft(int right) {
        char value = old;
        value <<= right;
        return set(value);
    }

    /** `x <<= long`. */
    public char shiftLeft(long right) {
        char value = old;
        value <<= right;
        return set(value);
    }

    /** `x >>= int`. */
    public char shiftRight(int right) {
        char value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>= long`. */
    public char shiftRight(long right) {
        char value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>>= int`. */
    public char shiftRightUnsigned(int right) {
        char value = old;
        value >>>= right;
        return set(value);
    }

    /** `x >>>= long`. */
    public char shiftRightUnsigned(long right) {
        char value = old;
        value >>>= right;
        return set(value);
    }

    /** `++x`. */
    public char preIncrement() {
        char value = old;
        return set(++value);
    }

    /** `--x`. */
    public char preDecrement() {
        char value = old;
        return set(--value);
    }

    /** `x++`. */
    public char postIncrement() {
        char value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public char postDecrement() {
        char value = old;
        value--;
        set(value);
        return old;
    }
}

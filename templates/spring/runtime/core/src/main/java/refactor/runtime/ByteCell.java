package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One byte variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class ByteCell {
    private final byte old;
    private final Consumer<Byte> setter;

    public ByteCell(Supplier<Byte> getter, Consumer<Byte> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private byte set(byte value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public byte add(int right) {
        byte value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public byte add(long right) {
        byte value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public byte add(float right) {
        byte value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public byte add(double right) {
        byte value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public byte subtract(int right) {
        byte value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public byte subtract(long right) {
        byte value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public byte subtract(float right) {
        byte value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public byte subtract(double right) {
        byte value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public byte multiply(int right) {
        byte value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public byte multiply(long right) {
        byte value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public byte multiply(float right) {
        byte value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public byte multiply(double right) {
        byte value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public byte divide(int right) {
        byte value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public byte divide(long right) {
        byte value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public byte divide(float right) {
        byte value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public byte divide(double right) {
        byte value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public byte remainder(int right) {
        byte value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public byte remainder(long right) {
        byte value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public byte remainder(float right) {
        byte value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public byte remainder(double right) {
        byte value = old;
        value %= right;
        return set(value);
    }

    /** `x &= int`. */
    public byte and(int right) {
        byte value = old;
        value &= right;
        return set(value);
    }

    /** `x &= long`. */
    public byte and(long right) {
        byte value = old;
        value &= right;
        return set(value);
    }

    /** `x |= int`. */
    public byte or(int right) {
        byte value = old;
        value |= right;
        return set(value);
    }

    /** `x |= long`. */
    public byte or(long right) {
        byte value = old;
        value |= right;
        return set(value);
    }

    /** `x ^= int`. */
    public byte xor(int right) {
        byte value = old;
        value ^= right;
        return set(value);
    }

    /** `x ^= long`. */
    public byte xor(long right) {
        byte value = old;
        value ^= right;
        return set(value);
    }

    /** `x <<= int`. */
    public byte shiftLeft(int right) {
        byte value = old;
        value <<= right;
        return set(value);
    }

    /** `x <<= long`. */
    public byte shiftLeft(long right) {
        byte value = old;
        value <<= right;
        return set(value);
    }

    /** `x >>= int`. */
    public byte shiftRight(int right) {
        byte value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>= long`. */
    public byte shiftRight(long right) {
        byte value = old;
        value >>= right;
        return set(value);
    }

    /** `x >>>= int`. */
    public byte shiftRightUnsigned(int right) {
        byte value = old;
        value >>>= right;
        return set(value);
    }

    /** `x >>>= long`. */
    public byte shiftRightUnsigned(long right) {
        byte value = old;
        value >>>= right;
        return set(value);
    }

    /** `++x`. */
    public byte preIncrement() {
        byte value = old;
        return set(++value);
    }

    /** `--x`. */
    public byte preDecrement() {
        byte value = old;
        return set(--value);
    }

    /** `x++`. */
    public byte postIncrement() {
        byte value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public byte postDecrement() {
        byte value = old;
        value--;
        set(value);
        return old;
    }
}

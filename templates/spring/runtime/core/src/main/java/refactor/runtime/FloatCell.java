package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One float variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class FloatCell {
    private final float old;
    private final Consumer<Float> setter;

    public FloatCell(Supplier<Float> getter, Consumer<Float> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private float set(float value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public float add(int right) {
        float value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public float add(long right) {
        float value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public float add(float right) {
        float value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public float add(double right) {
        float value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public float subtract(int right) {
        float value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public float subtract(long right) {
        float value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public float subtract(float right) {
        float value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public float subtract(double right) {
        float value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public float multiply(int right) {
        float value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public float multiply(long right) {
        float value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public float multiply(float right) {
        float value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public float multiply(double right) {
        float value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public float divide(int right) {
        float value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public float divide(long right) {
        float value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public float divide(float right) {
        float value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public float divide(double right) {
        float value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public float remainder(int right) {
        float value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public float remainder(long right) {
        float value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public float remainder(float right) {
        float value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public float remainder(double right) {
        float value = old;
        value %= right;
        return set(value);
    }

    /** `++x`. */
    public float preIncrement() {
        float value = old;
        return set(++value);
    }

    /** `--x`. */
    public float preDecrement() {
        float value = old;
        return set(--value);
    }

    /** `x++`. */
    public float postIncrement() {
        float value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public float postDecrement() {
        float value = old;
        value--;
        set(value);
        return old;
    }
}

package refactor.runtime;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One double variable of another part, for compound assignment. The old value is read when the cell is made, before the right
 * operand is evaluated (JLS 15.26.2); every operation stores the new value and returns what the expression yields.
 */
public final class DoubleCell {
    private final double old;
    private final Consumer<Double> setter;

    public DoubleCell(Supplier<Double> getter, Consumer<Double> setter) {
        this.old = getter.get();
        this.setter = setter;
    }

    private double set(double value) {
        setter.accept(value);
        return value;
    }

    /** `x += int`. */
    public double add(int right) {
        double value = old;
        value += right;
        return set(value);
    }

    /** `x += long`. */
    public double add(long right) {
        double value = old;
        value += right;
        return set(value);
    }

    /** `x += float`. */
    public double add(float right) {
        double value = old;
        value += right;
        return set(value);
    }

    /** `x += double`. */
    public double add(double right) {
        double value = old;
        value += right;
        return set(value);
    }

    /** `x -= int`. */
    public double subtract(int right) {
        double value = old;
        value -= right;
        return set(value);
    }

    /** `x -= long`. */
    public double subtract(long right) {
        double value = old;
        value -= right;
        return set(value);
    }

    /** `x -= float`. */
    public double subtract(float right) {
        double value = old;
        value -= right;
        return set(value);
    }

    /** `x -= double`. */
    public double subtract(double right) {
        double value = old;
        value -= right;
        return set(value);
    }

    /** `x *= int`. */
    public double multiply(int right) {
        double value = old;
        value *= right;
        return set(value);
    }

    /** `x *= long`. */
    public double multiply(long right) {
        double value = old;
        value *= right;
        return set(value);
    }

    /** `x *= float`. */
    public double multiply(float right) {
        double value = old;
        value *= right;
        return set(value);
    }

    /** `x *= double`. */
    public double multiply(double right) {
        double value = old;
        value *= right;
        return set(value);
    }

    /** `x /= int`. */
    public double divide(int right) {
        double value = old;
        value /= right;
        return set(value);
    }

    /** `x /= long`. */
    public double divide(long right) {
        double value = old;
        value /= right;
        return set(value);
    }

    /** `x /= float`. */
    public double divide(float right) {
        double value = old;
        value /= right;
        return set(value);
    }

    /** `x /= double`. */
    public double divide(double right) {
        double value = old;
        value /= right;
        return set(value);
    }

    /** `x %= int`. */
    public double remainder(int right) {
        double value = old;
        value %= right;
        return set(value);
    }

    /** `x %= long`. */
    public double remainder(long right) {
        double value = old;
        value %= right;
        return set(value);
    }

    /** `x %= float`. */
    public double remainder(float right) {
        double value = old;
        value %= right;
        return set(value);
    }

    /** `x %= double`. */
    public double remainder(double right) {
        double value = old;
        value %= right;
        return set(value);
    }

    /** `++x`. */
    public double preIncrement() {
        double value = old;
        return set(++value);
    }

    /** `--x`. */
    public double preDecrement() {
        double value = old;
        return set(--value);
    }

    /** `x++`. */
    public double postIncrement() {
        double value = old;
        value++;
        set(value);
        return old;
    }

    /** `x--`. */
    public double postDecrement() {
        double value = old;
        value--;
        set(value);
        return old;
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Every cell operation against the expression it stands for. */
class CellsTest {
    int i;
    byte b;
    char c;
    short s;
    long l;
    float f;
    double d;
    boolean z;
    String text;
    Object object;

    IntCell i() {
        return new IntCell(() -> i, v -> i = v);
    }

    ByteCell b() {
        return new ByteCell(() -> b, v -> b = v);
    }

    @Test
    void intsNarrowAsTheLanguageDoes() {
        int x = 7;
        i = 7;
        assertEquals(x += 3.9, i().add(3.9));
        assertEquals(x *= 1e12, i().multiply(1e12));
        assertEquals(x, i);
        assertEquals(x -= 5_000_000_000L, i().subtract(5_000_000_000L));
        assertEquals(x >>>= 3, i().shiftRightUnsigned(3));
        assertEquals(x <<= 33L, i().shiftLeft(33L));
        assertEquals(x %= 1000, i().remainder(1000));
        assertEquals(x ^= 0xFFFFFFFFFFL, i().xor(0xFFFFFFFFFFL));
        assertEquals(x /= 2.5f, i().divide(2.5f));
        assertEquals(x++, i().postIncrement());
        assertEquals(--x, i().preDecrement());
        assertEquals(x, i);
        assertThrows(ArithmeticException.class, () -> i().divide(0));
        assertEquals(x, i);
    }

    @Test
    void bytesCharsAndShortsWrap() {
        byte x = 127;
        b = 127;
        assertEquals(++x, b().preIncrement());
        assertEquals(x >>>= 1, b().shiftRightUnsigned(1));
        assertEquals(x += 200, b().add(200));
        assertEquals(x |= 'a', b().or('a'));
        assertEquals(x, b);
        char y = '\uffff';
        c = '\uffff';
        assertEquals(y += 2, new CharCell(() -> c, v -> c = v).add(2));
        assertEquals(y--, new CharCell(() -> c, v -> c = v).postDecrement());
        assertEquals(--y, new CharCell(() -> c, v -> c = v).preDecrement());
        assertEquals(y, c);
        short t = Short.MIN_VALUE;
        s = Short.MIN_VALUE;
        assertEquals(t -= 1, new ShortCell(() -> s, v -> s = v).subtract(1));
        assertEquals(t, s);
    }

    @Test
    void longsAndReals() {
        long x = 1L << 60;
        l = x;
        assertEquals(x += 0.5f, new LongCell(() -> l, v -> l = v).add(0.5f));
        assertEquals(x >>= 65, new LongCell(() -> l, v -> l = v).shiftRight(65));
        assertEquals(x, l);
        float y = 0.1f;
        f = y;
        assertEquals(y += 0.2, new FloatCell(() -> f, v -> f = v).add(0.2));
        assertEquals(y /= 0, new FloatCell(() -> f, v -> f = v).divide(0));
        double w = -0.0;
        d = w;
        assertEquals(w *= 1, new DoubleCell(() -> d, v -> d = v).multiply(1));
        assertEquals(w++, new DoubleCell(() -> d, v -> d = v).postIncrement());
        assertEquals(w, d);
    }

    @Test
    void booleansAndText() {
        z = true;
        assertFalse(new BooleanCell(() -> z, v -> z = v).and(false));
        assertTrue(new BooleanCell(() -> z, v -> z = v).xor(true));
        String x = null;
        assertEquals(x += 1, new ObjectCell<>(() -> text, v -> text = v).add(1));
        assertEquals(x += 'c', new ObjectCell<>(() -> text, v -> text = v).add('c'));
        assertEquals(x += 1.5f, new ObjectCell<>(() -> text, v -> text = v).add(1.5f));
        assertEquals(x += null, new ObjectCell<>(() -> text, v -> text = v).add((Object) null));
        assertEquals(x, text);
        object = 4;
        new ObjectCell<>(() -> object, v -> object = v).add(5);
        assertEquals("45", object);
    }

    @Test
    void theOldValueIsReadBeforeTheRightOperand() {
        int[] x = {1};
        int[] plain = {1};
        plain[0] += (plain[0] = 10);
        IntCell cell = new IntCell(() -> x[0], v -> x[0] = v);
        cell.add(x[0] = 10);
        assertEquals(plain[0], x[0]);
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the agent makes of a test class that reads and writes fields of a proxied class. */
public class FieldWeaverTest {
    private static final String OWNER = "refactor/runtime/FieldWeaverTest$Owner";

    /** Stands for a proxy: its fields are empty, its accessors know the values. */
    public static class Owner {
        public static String said = "";
        public static double rate = -1;
        public int count = -1;
        public long wide = -1;
        public int plain = 5;

        public int get$count() { return 40; }
        public int set$count(int v) { said += "count=" + v + " "; return v; }
        public long get$wide() { return 1L << 40; }
        public long set$wide(long v) { said += "wide=" + v + " "; return v; }
        public static double get$rate() { return 0.5; }
        public static double set$rate(double v) { said += "rate=" + v + " "; return v; }
    }

    /** The class to be woven. Its branches and its handler have frames, which must stay right. */
    public static class User implements java.util.function.Function<Object, String> {
        @Override
        public String apply(Object of) {
            Owner owner = (Owner) of;
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                try {
                    owner.count += i;
                    owner.wide = owner.count > 0 ? owner.wide + i : 0;
                    Owner.rate *= 2;
                } finally {
                    seen.append(owner.plain).append(' ');
                }
            }
            return seen.append(owner.count).toString();
        }
    }

    private static FieldWeaver weaver() throws Exception {
        String lines = "class refactor/runtime/FieldWeaverTest\nfield " + OWNER + " count I count\nfield " + OWNER + " wide J wide\nfield " + OWNER + " rate D rate\n";
        return new FieldWeaver(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }

    private static final class Loader extends ClassLoader {
        Loader() {
            super(FieldWeaverTest.class.getClassLoader());
        }

        Class<?> define(byte[] code) {
            return defineClass(null, code, 0, code.length);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void accessesBecomeCalls() throws Exception {
        byte[] code;
        try (InputStream in = FieldWeaverTest.class.getResourceAsStream("FieldWeaverTest$User.class")) {
            code = in.readAllBytes();
        }
        byte[] woven = weaver().transform(null, "refactor/runtime/FieldWeaverTest$User", null, null, code);
        Class<?> user = new Loader().define(woven);
        Owner owner = new Owner();
        String seen = ((java.util.function.Function<Object, String>) user.getDeclaredConstructor().newInstance()).apply(owner);
        assertEquals("5 5 40", seen);
        assertEquals("count=40 wide=1099511627776 rate=1.0 count=41 wide=1099511627777 rate=1.0 ", Owner.said);
        assertEquals(-1, owner.count);
    }

    @Test
    void otherClassesAreLeftAlone() throws Exception {
        assertNull(weaver().transform(null, "shop/OrderTest", null, null, new byte[0]));
        assertNull(weaver().transform(null, "refactor/runtime/FieldWeaverTestOther", null, null, new byte[0]));
    }
}

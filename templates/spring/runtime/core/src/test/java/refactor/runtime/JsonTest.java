package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static String again(String text) {
        try (JsonWriter out = JsonWriter.open()) {
            out.string(text);
            return new JsonReader(out.toBytes()).string();
        }
    }

    @Test
    void everyUtf16StringSurvives() {
        for (String text : new String[] {"", "plain", "\"\\/\b\f\n\r\t\0\u001f", "\u00e9\u20ac\uffff", "\ud83d\ude00", "\ud83d", "\ude00\ud83d", "a\ud800b"}) {
            assertEquals(text, again(text));
        }
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            char[] chars = new char[random.nextInt(3000)];
            for (int i = 0; i < chars.length; i++) chars[i] = (char) (random.nextInt(8) == 0 ? random.nextInt(0x10000) : random.nextInt(128));
            assertEquals(new String(chars), again(new String(chars)));
        }
    }

    @Test
    void longsAreExact() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            long value = i == 0 ? Long.MIN_VALUE : i == 1 ? Long.MAX_VALUE : random.nextLong() >> random.nextInt(64);
            try (JsonWriter out = JsonWriter.open()) {
                assertEquals(value, new JsonReader(out.number(value).toBytes()).integer());
            }
        }
    }

    @Test
    void aTextIsReadByPulling() {
        JsonReader in = new JsonReader(" {\"a\" : [1, -2,3] , \"b\":{\"c\":null}, \"d\":tru".concat("e} ").getBytes(StandardCharsets.UTF_8));
        in.open('{');
        assertEquals("a", in.name());
        assertEquals("[1, -2,3]", new String(in.slice(), StandardCharsets.UTF_8));
        assertEquals("b", in.name());
        in.open('{');
        assertEquals("c", in.name());
        assertNull(in.text());
        assertNull(in.name());
        assertEquals("d", in.name());
        assertTrue(in.bool());
        assertNull(in.name());
        assertEquals(-1, in.peek());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1", "{\"a\"}", "\"open", "\"\\x\"", "\"\\u12\"", "nul", "[1,", "--", "99999999999999999999"})
    void malformedTextIsRefused(String text) {
        JsonReader in = new JsonReader(text.getBytes(StandardCharsets.UTF_8));
        assertThrows(JsonReader.Malformed.class, () -> {
            in.skip();
            new JsonReader(text.getBytes(StandardCharsets.UTF_8)).integer();
        });
    }

    @Test
    void depthIsBounded() {
        JsonReader in = new JsonReader("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        assertThrows(JsonReader.Malformed.class, in::skip);
    }

    @Test
    void badUtf8IsRefused() {
        JsonReader in = new JsonReader(new byte[] {'"', (byte) 0xC3, '"'});
        assertThrows(JsonReader.Malformed.class, in::string);
    }

    @Test
    void theLengthsOfNestedArraysComeFromOneScan() {
        JsonReader in = new JsonReader("[ [1,-2.5e3,[]] , {\"a\":[\"],\",[null]],\"b\":true} , [[[4]]] ]".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(3, in.count());
        in.open('[');
        in.element();
        assertEquals(3, in.count());
        in.skip();
        in.element();
        in.open('{');
        in.name("a");
        assertEquals(2, in.count());
        in.skip();
        in.name("b");
        in.bool();
        in.name();
        in.element();
        assertEquals(1, in.count());
        in.open('[');
        in.element();
        assertEquals(1, in.count());
    }
}

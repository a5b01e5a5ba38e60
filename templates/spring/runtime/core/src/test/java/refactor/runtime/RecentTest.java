package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A request whose connection is cut is sent again: it must not run a second time, whatever came between. */
class RecentTest {
    /** What a caller gets. */
    private static final class Caller implements Dispatcher.Exchange {
        String got;

        @Override
        public String header(String name) {
            return null;
        }

        @Override
        public void answer(int status, byte[] body, int length) {
            got = status + " " + new String(Arrays.copyOf(body, length), StandardCharsets.UTF_8);
        }
    }

    private final Recent recent = new Recent();

    private void serve(String id, String answer) throws IOException {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        recent.begin("a.0.e", id, new Caller(), 100).answer(200, body, body.length);
    }

    @Test
    void aRequestThatStillRunsIsNeverForgotten() throws IOException {
        Dispatcher.Exchange slow = recent.begin("a.0.e", "slow", new Caller(), 100);
        for (int i = 0; i < 100_000; i++) serve("quick" + i, "q");
        assertThrows(IOException.class, () -> recent.begin("a.0.e", "slow", new Caller(), 10), "it waits for the answer, and does not run again");
        slow.answer(200, new byte[] {'s'}, 1);
        Caller again = new Caller();
        assertNull(recent.begin("a.0.e", "slow", again, 100));
        assertEquals("200 s", again.got);
    }

    @Test
    void aRequestWhoseAnswerIsForgottenDoesNotRunAgain() throws IOException {
        serve("first", "f");
        for (int i = 0; i < 5000; i++) serve("quick" + i, "q");
        assertThrows(IOException.class, () -> recent.begin("a.0.e", "first", new Caller(), 100));
        Caller last = new Caller();
        assertNull(recent.begin("a.0.e", "quick4999", last, 100));
        assertEquals("200 q", last.got);
    }

    @Test
    void largeAnswersAreNotHoarded() throws IOException {
        byte[] large = new byte[3 << 20];
        for (int i = 0; i < 4; i++) recent.begin("a.0.e", "large" + i, new Caller(), 100).answer(200, large, large.length);
        assertThrows(IOException.class, () -> recent.begin("a.0.e", "large0", new Caller(), 100));
        assertNull(recent.begin("a.0.e", "large3", new Caller(), 100));
    }

    @Test
    void aRequestThatEndedWithoutAnAnswerSaysSo() throws IOException {
        Dispatcher.Exchange left = recent.begin("a.0.e", "left", new Caller(), 100);
        recent.abandon(left);
        assertThrows(IOException.class, () -> recent.begin("a.0.e", "left", new Caller(), 100));
        assertNotNull(recent.begin("b.0.e", "left", new Caller(), 100), "another process counts for itself");
    }
}

package refactor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a request has open in one part is open in the others while it calls them, is one thing there, and is closed with the request. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScopesTest {
    static final String KEPT = """
        public class Kept implements refactor.runtime.Scopes.Carrier {
            static final ThreadLocal<Object> OPEN = new ThreadLocal<>();
            static final List<Runnable> ENDS = new ArrayList<>();
            static final List<Object> CLOSED = new ArrayList<>();
            static int begun;
            static void use() { refactor.runtime.Scopes.carriedBy(new Kept()); }
            public Object open() { return OPEN.get(); }
            public void atEnd(Runnable end) { ENDS.add(end); }
            public Object begin() { return "k" + ++begun; }
            public Runnable enter(Object it) {
                if (OPEN.get() != null) return null;
                OPEN.set(it);
                return OPEN::remove;
            }
            public void end(Object it) { CLOSED.add(it); }
        }
        """;
    static final String MAIN = """
        public class Main {
            public static String requests() {
                Kept.use();
                Near near = new Near();
                Far far = new Far();
                near.use();
                far.use();
                String out = near.see();
                for (int i = 0; i < 2; i++) {
                    Kept.OPEN.set("mine" + i);
                    out += " " + near.see() + near.see() + near.through(far) + near.back(new Main());
                    for (Runnable end : Kept.ENDS) end.run();
                    Kept.ENDS.clear();
                    Kept.OPEN.remove();
                    out += near.closed() + far.closed() + near.see() + far.see();
                }
                return out + Kept.CLOSED;
            }
            public String see() { return "" + Kept.OPEN.get(); }
        }
        """;
    static final String NEAR = """
        public class Near {
            public void use() { Kept.use(); }
            public String see() { return "" + Kept.OPEN.get(); }
            public String through(Far far) { return "(" + far.see() + ")"; }
            public String back(Main main) { return "<" + main.see() + Kept.OPEN.get() + ">"; }
            public String closed() { return "" + Kept.CLOSED; }
        }
        """;
    static final String FAR = """
        public class Far {
            public void use() { Kept.use(); }
            public String see() { return "" + Kept.OPEN.get(); }
            public String closed() { return "" + Kept.CLOSED; }
        }
        """;

    @Test
    void oneInEveryPartForARequestAndNoneOutsideOfOne() throws Throwable {
        try (Program program = new Program().place(null, KEPT).place("a", MAIN).place("b", NEAR).place("c", FAR).start()) {
            assertEquals(
                "null k1k1(k1)<mine0k1>[k1][k1]nullnull k2k2(k2)<mine1k2>[k1, k2][k1, k2]nullnull[]", program.split("requests"));
        }
    }
}

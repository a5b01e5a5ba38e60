package calltrace;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the woven methods call. Each entry of SEEN is `caller TAB callee`; the caller is empty where no listed method is below. */
public final class Calls {
    static final Map<String, String> KNOWN = new ConcurrentHashMap<>();
    static final Map<String, Boolean> SEEN = new ConcurrentHashMap<>();
    private static final StackWalker WALKER = StackWalker.getInstance();

    private Calls() {
    }

    public static void enter(String callee) {
        String caller = WALKER.walk(frames -> frames.skip(2).map(Calls::known).filter(f -> f != null).findFirst().orElse(""));
        SEEN.putIfAbsent(caller + "\t" + callee, true);
    }

    private static String known(StackWalker.StackFrame frame) {
        return KNOWN.get(frame.getClassName() + "#" + frame.getMethodName() + frame.getDescriptor());
    }
}

package refactor.runtime;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The closed list of operations this process serves. Nothing that is not registered here can be reached from outside. */
public final class Endpoints {
    /** Creates an object. */
    @FunctionalInterface
    public interface Constructor {
        Object create(Object[] args) throws Throwable;
    }

    /** Runs a method of an object. */
    @FunctionalInterface
    public interface Method {
        Object call(Object self, Object[] args) throws Throwable;
    }

    /** Runs a static method. */
    @FunctionalInterface
    public interface Function {
        Object call(Object[] args) throws Throwable;
    }

    /** One served operation with its counter. */
    static final class Served {
        final String key;
        final boolean needsSelf;
        final Method body;
        final LongAdder calls = new LongAdder();
        /** The class in whose text the operation is written: the skeleton. */
        private final String writtenIn;

        Served(String key, boolean needsSelf, Method body) {
            this(key, needsSelf, body, body);
        }

        private Served(String key, boolean needsSelf, Method body, Object written) {
            this.key = key;
            this.needsSelf = needsSelf;
            this.body = body;
            String name = written.getClass().getName();
            int lambda = name.indexOf("$$Lambda");
            this.writtenIn = lambda < 0 ? name : name.substring(0, lambda);
        }

        /** Whether the skeleton itself could not take the object or the arguments, so that nothing of the program has run. */
        boolean refuses(Throwable thrown, Object[] args) {
            StackTraceElement[] frames = thrown.getStackTrace();
            if (frames.length == 0 || !frames[0].getClassName().equals(writtenIn)) return false;
            if (thrown instanceof ClassCastException) return true;
            if (thrown instanceof NullPointerException) return Arrays.asList(args).contains(null);
            return thrown instanceof ArrayIndexOutOfBoundsException && thrown.getMessage().endsWith("length " + args.length);
        }
    }

    private final Map<String, Served> served = new ConcurrentHashMap<>();

    public void constructor(String type, String operation, Constructor body) {
        add(type, operation, false, (self, args) -> body.create(args), body);
    }

    public void method(String type, String operation, Method body) {
        add(type, operation, true, body, body);
    }

    public void function(String type, String operation, Function body) {
        add(type, operation, false, (self, args) -> body.call(args), body);
    }

    private void add(String type, String operation, boolean needsSelf, Method body, Object written) {
        String key = type + "/" + operation;
        if (served.putIfAbsent(key, new Served(key, needsSelf, body, written)) != null) {
            throw new IllegalStateException("endpoint registered twice: " + key);
        }
    }

    boolean isServed(String key) {
        return served.containsKey(key);
    }

    Served find(String key) {
        return served.get(key);
    }

    /** Calls served so far, per endpoint that was called at all. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        served.forEach((key, operation) -> {
            long calls = operation.calls.sum();
            if (calls > 0) counts.put(key, calls);
        });
        return counts;
    }
}

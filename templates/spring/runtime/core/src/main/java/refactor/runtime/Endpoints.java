package refactor.runtime;

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

        Served(String key, boolean needsSelf, Method body) {
            this.key = key;
            this.needsSelf = needsSelf;
            this.body = body;
        }
    }

    private final Map<String, Served> served = new ConcurrentHashMap<>();

    public void constructor(String type, String operation, Constructor body) {
        add(type, operation, false, (self, args) -> body.create(args));
    }

    public void method(String type, String operation, Method body) {
        add(type, operation, true, body);
    }

    public void function(String type, String operation, Function body) {
        add(type, operation, false, (self, args) -> body.call(args));
    }

    private void add(String type, String operation, boolean needsSelf, Method body) {
        String key = type + "/" + operation;
        if (served.putIfAbsent(key, new Served(key, needsSelf, body)) != null) {
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

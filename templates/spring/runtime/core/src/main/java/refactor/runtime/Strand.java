package refactor.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A thread of the program as this process knows it: who it is everywhere, and where it went from here. */
final class Strand {
    final String id;
    /** The processes that were called from here on its behalf, with the name of the thread that they were told last. */
    final Map<String, String> told = new ConcurrentHashMap<>();

    Strand(String id) {
        this.id = id;
    }

    /** The name of the running thread if `process` does not know it, else null. */
    String news(String process) {
        String name = Thread.currentThread().getName();
        return name.equals(told.put(process, name)) ? null : name;
    }
}

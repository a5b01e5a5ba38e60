package refactor.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One search for cycles: the traces of all processes put together. */
final class Round {
    final List<Traced> traces = new ArrayList<>();
    /** Processes that could not be looked into, and why. What they hold is alive. */
    final Map<String, String> untraced = new TreeMap<>();
    /** Why nothing came of it; null if it was completed. */
    String why;
    int dropped;

    /** By owner, the ids that no process can reach any more. */
    Map<String, List<String>> garbage() {
        Set<String> known = new HashSet<>();
        Map<String, Traced.Held> exports = new HashMap<>();
        for (Traced trace : traces) {
            known.add(trace.process);
            exports.putAll(trace.exports);
        }
        Set<String> alive = new HashSet<>();
        ArrayDeque<String> waiting = new ArrayDeque<>();
        for (Traced trace : traces) for (String id : trace.rooted) if (alive.add(id)) waiting.add(id);
        exports.forEach((id, held) -> {
            if (!known.containsAll(held.by()) && alive.add(id)) waiting.add(id);
        });
        while (!waiting.isEmpty()) {
            Traced.Held held = exports.get(waiting.remove());
            if (held == null) continue; // reached by its own process, which has reported all that it leads to
            for (String id : held.to()) if (alive.add(id)) waiting.add(id);
        }
        Map<String, List<String>> garbage = new HashMap<>();
        for (Traced trace : traces) {
            List<String> unreached = new ArrayList<>(trace.exports.keySet());
            unreached.removeIf(alive::contains);
            garbage.put(trace.process, unreached);
        }
        return garbage;
    }

    /** `{"complete", "why" if not, "dropped", "untraced": {process: why}, "traces": {process: {"bytes", "millis"}}}` */
    void describe(JsonWriter out) {
        out.open('{').name("complete").literal(why == null ? "true" : "false");
        if (why != null) out.name("why").string(why);
        out.name("dropped").number(dropped).name("untraced").open('{');
        untraced.forEach((process, reason) -> out.key(process).string(reason));
        out.close('}').name("traces").open('{');
        for (Traced trace : traces) {
            out.key(trace.process).open('{').name("bytes").number(trace.bytes).name("millis").number(trace.millis).close('}');
        }
        out.close('}').close('}');
    }
}

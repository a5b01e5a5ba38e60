package refactor.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The trace of one process as it came over the wire; see {@link Trace}. */
final class Traced {
    /** An object that its own process does not reach: who holds its id, and which ids it leads to. */
    record Held(List<String> by, List<String> to) {}

    String process;
    /** Why there is no trace; null if there is one. */
    String unable;
    long activity;
    long bytes;
    long millis;
    final List<String> rooted = new ArrayList<>();
    final Map<String, Held> exports = new LinkedHashMap<>();

    static Traced read(JsonReader in) {
        Traced trace = new Traced();
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "process": trace.process = in.string(); break;
                case "unable": trace.unable = in.string(); break;
                case "activity": trace.activity = in.integer(); break;
                case "bytes": trace.bytes = in.integer(); break;
                case "millis": trace.millis = in.integer(); break;
                case "rooted": trace.rooted.addAll(texts(in)); break;
                case "exports":
                    in.open('{');
                    for (String id; (id = in.name()) != null; ) trace.exports.put(id, held(in));
                    break;
                default: in.skip();
            }
        }
        if (trace.process == null) throw in.malformed("a trace of nobody");
        return trace;
    }

    private static Held held(JsonReader in) {
        List<String> by = List.of();
        List<String> to = List.of();
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            if (name.equals("by")) by = texts(in);
            else if (name.equals("to")) to = texts(in);
            else in.skip();
        }
        return new Held(by, to);
    }

    private static List<String> texts(JsonReader in) {
        List<String> texts = new ArrayList<>();
        in.open('[');
        while (in.element()) texts.add(in.string());
        return texts;
    }
}

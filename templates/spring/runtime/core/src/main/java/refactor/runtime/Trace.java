package refactor.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One process's part of a search for garbage that is cyclic across processes: which ids its program can reach, and which
 * ids each object leads to that only other processes hold. Both are read from a heap dump of this process.
 */
final class Trace {
    /** Objects to go over before the trace gives up. */
    private static final long MOST_STEPS = 50_000_000;

    private final Map<Long, String> imports;
    private final Map<Long, Exports.Known> exports;
    private HeapGraph graph;

    private Trace(Host host) {
        imports = host.imports.numbers();
        exports = host.exports.known();
    }

    /**
     * `{"process", "activity", "rooted": [id, ..], "exports": {id: {"by": [holder, ..], "to": [id, ..]}, ..}, ..}`, or instead of
     * all but the first, `"unable": why`. Nothing moved between the first look and the dump, or it says so.
     */
    static synchronized JsonWriter take(Host host) {
        long start = System.nanoTime();
        JsonWriter out = JsonWriter.open().open('{').name("process").string(host.process);
        try {
            host.readAheads.settle();
            System.gc();
            host.leases.flush();
            long activity = host.activity.quiet();
            if (activity < 0) return unable(out, Cycles.BUSY);
            Trace trace = new Trace(host);
            long bytes = trace.dump();
            if (host.activity.quiet() != activity) return unable(out, Cycles.BUSY);
            out.name("activity").number(activity);
            trace.write(out);
            out.name("objects").number(trace.graph.size()).name("bytes").number(bytes);
            return out.name("millis").number((System.nanoTime() - start) / 1_000_000).close('}');
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            out.close();
            return unable(JsonWriter.open().open('{').name("process").string(host.process), e.toString());
        }
    }

    private static JsonWriter unable(JsonWriter out, String why) {
        return out.name("unable").string(why).close('}');
    }

    /** Dumps and reads the heap; returns the size of the dump. The file is for this user only, and gone afterwards. */
    private long dump() throws IOException {
        Runtime memory = Runtime.getRuntime();
        long used = memory.totalMemory() - memory.freeMemory();
        if (used > memory.maxMemory() / 2) throw new IOException("more than half of the heap is in use: a trace needs as much again");
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine == null) throw new IOException("this virtual machine does not show its heap");
        Path folder = Files.createTempDirectory("refactor-trace");
        Path file = folder.resolve("heap.hprof");
        try {
            machine.dumpHeap(file.toString(), true);
            graph = HeapDump.read(file);
            return Files.size(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    private void write(JsonWriter out) {
        BitSet rooted = graph.rooted();
        Set<String> reached = new LinkedHashSet<>();
        graph.imports.forEach((node, number) -> {
            if (rooted.get(node) && imports.containsKey(number)) reached.add(imports.get(number));
        });
        graph.exports.forEach((node, number) -> {
            if (rooted.get(node) && exports.containsKey(number)) reached.add(exports.get(number).id());
        });
        long[] steps = new long[1];
        out.name("exports").open('{');
        graph.exports.forEach((node, number) -> {
            Exports.Known known = exports.get(number);
            if (known == null || reached.contains(known.id())) return;
            if (steps[0] > MOST_STEPS) return;
            Set<String> to = new LinkedHashSet<>();
            steps[0] += graph.reach(node, rooted, (table, found) -> to.add(id(table, found)));
            out.key(known.id()).open('{').name("by");
            texts(out, known.holders());
            out.name("to");
            texts(out, to);
            out.close('}');
        });
        out.close('}');
        if (steps[0] > MOST_STEPS) throw new IllegalStateException("the objects that only other processes hold are too entangled");
        out.name("rooted");
        texts(out, reached);
    }

    /** The id of a number of the dump; null for one of another runtime in this virtual machine. */
    private String id(Map<Integer, Long> table, long number) {
        if (table == graph.imports) return imports.get(number);
        Exports.Known known = exports.get(number);
        return known == null ? null : known.id();
    }

    private static void texts(JsonWriter out, Iterable<String> texts) {
        out.open('[');
        for (String text : texts) if (text != null) out.string(text);
        out.close(']');
    }
}

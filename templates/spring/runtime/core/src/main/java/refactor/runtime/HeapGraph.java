package refactor.runtime;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The objects of a heap dump and the references between them, as numbers. References that the runtime's own tables
 * have to the objects they are about are kept apart: they hold nothing in the sense of the program.
 */
final class HeapGraph {
    /** A growing list of ints. */
    static final class Ints {
        int[] values = new int[1024];
        int size;

        void add(int value) {
            if (size == values.length) values = Arrays.copyOf(values, size + (size >> 1));
            values[size++] = value;
        }
    }

    private final long[] addresses;
    private final int[] first;
    private final int[] end;
    private final Ints edges = new Ints();
    private final Ints roots = new Ints();
    private final Ints tableHeld = new Ints();
    /** The numbers of imported Refs, by node. */
    final Map<Integer, Long> imports = new HashMap<>();
    /** The numbers of export entries, by the node of the exported object. */
    final Map<Integer, Long> exports = new HashMap<>();

    /** `addresses`: of all objects, ascending. */
    HeapGraph(long[] addresses) {
        this.addresses = addresses;
        first = new int[addresses.length];
        end = new int[addresses.length];
    }

    int size() {
        return addresses.length;
    }

    /** The node at an address; negative for null, for primitive arrays and for text. */
    int node(long address) {
        return address == 0 ? -1 : Arrays.binarySearch(addresses, address);
    }

    /** The edges added from here on belong to `node`. */
    void begin(int node) {
        first[node] = end[node] = edges.size;
    }

    void edge(int from, long to) {
        int node = node(to);
        if (node < 0) return;
        edges.add(node);
        end[from] = edges.size;
    }

    void root(long address) {
        int node = node(address);
        if (node >= 0) roots.add(node);
    }

    /** A table of the runtime refers to the object at `address`. */
    void held(long address) {
        int node = node(address);
        if (node >= 0) tableHeld.add(node);
    }

    /**
     * What the program itself reaches, without the runtime's tables.
     *
     * The virtual machine has references that no dump shows (the fields of Class objects, its own handles). All objects of
     * the dump were alive, so one that is reached on no visible way at all is reached on such a way, and counts as a root.
     */
    BitSet rooted() {
        BitSet visible = new BitSet(size());
        mark(roots, visible);
        mark(tableHeld, visible);
        Ints unseen = new Ints();
        for (int node = visible.nextClearBit(0); node < size(); node = visible.nextClearBit(node + 1)) unseen.add(node);
        BitSet rooted = new BitSet(size());
        mark(roots, rooted);
        mark(unseen, rooted);
        return rooted;
    }

    private void mark(Ints from, BitSet marked) {
        Ints waiting = new Ints();
        for (int i = 0; i < from.size; i++) visit(from.values[i], marked, waiting);
        while (waiting.size > 0) {
            int node = waiting.values[--waiting.size];
            for (int i = first[node]; i < end[node]; i++) visit(edges.values[i], marked, waiting);
        }
    }

    private static void visit(int node, BitSet marked, Ints waiting) {
        if (marked.get(node)) return;
        marked.set(node);
        waiting.add(node);
    }

    /** What is found on the way from one exported object. */
    interface Found {
        void reached(Map<Integer, Long> table, long number);
    }

    /**
     * Reports the Refs and other exported objects that are reached from `start` without passing through another exported
     * object or through anything rooted. Returns the number of objects it went over.
     */
    int reach(int start, BitSet rooted, Found found) {
        Ints waiting = new Ints();
        java.util.HashSet<Integer> seen = new java.util.HashSet<>();
        seen.add(start);
        waiting.add(start);
        while (waiting.size > 0) {
            int node = waiting.values[--waiting.size];
            for (int i = first[node]; i < end[node]; i++) {
                int next = edges.values[i];
                if (rooted.get(next) || !seen.add(next)) continue;
                Long imported = imports.get(next);
                Long exported = exports.get(next);
                if (imported != null) found.reached(imports, imported);
                if (exported != null) found.reached(exports, exported);
                else waiting.add(next);
            }
        }
        return seen.size();
    }
}

package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a heap dump in the hprof format 1.0.2 twice: first which objects there are, then what they refer to. */
final class HeapDump {
    private static final int OBJECT = 2;
    private static final int LONG = 11;
    /** Bytes of a value, by its type; those of a reference are the file's. */
    private static final int[] SIZES = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};
    private static final Set<String> NAMES = Set.of("byId", "byObject", "number", "object", "proxy", "referent", "java/lang/String",
        "jdk/internal/vm/StackChunk");
    private static final String EXPORTS = "refactor/runtime/Exports";
    private static final String ENTRY = "refactor/runtime/Exports$Entry";
    private static final String REF = "refactor/runtime/Ref";

    /** One class: its own fields, and after both passes' beginning, where the references of its objects are. */
    private static final class Type {
        String name;
        long parent;
        byte[] types = {};
        long[] names = {};
        /** Offsets of the references in an object's data that hold what they refer to. */
        int[] holding;
        /** Offsets of those of the runtime's tables. */
        int[] tables;
        int number = -1;
        int object = -1;
    }

    private final Map<Long, String> names = new HashMap<>();
    private final Map<Long, Type> types = new HashMap<>();
    private final List<Long> roots = new ArrayList<>();
    private long[] addresses = new long[1 << 16];
    private int count;
    private HeapGraph graph;
    private byte[] data = new byte[256];
    private long chunks;

    private HeapDump() {}

    static HeapGraph read(Path file) throws IOException {
        HeapDump dump = new HeapDump();
        dump.pass(file);
        if (dump.chunks > 0) throw new IOException("stacks of virtual threads are not shown in a heap dump");
        long[] addresses = Arrays.copyOf(dump.addresses, dump.count);
        dump.addresses = null;
        Arrays.sort(addresses);
        dump.graph = new HeapGraph(addresses);
        dump.pass(file);
        for (long root : dump.roots) dump.graph.root(root);
        return dump.graph;
    }

    private void pass(Path file) throws IOException {
        try (HprofInput in = new HprofInput(Files.newInputStream(file))) {
            in.header();
            for (int tag; (tag = in.tag()) >= 0; ) {
                in.skip(4);
                long length = in.u4() & 0xffffffffL;
                if (tag == 1 && graph == null) text(in, (int) length);
                else if (tag == 2 && graph == null) load(in);
                else if (tag == 0x0C || tag == 0x1C) segment(in, in.position + length);
                else in.skip(length);
            }
        }
    }

    private void text(HprofInput in, int length) throws IOException {
        long id = in.id();
        String text = new String(in.bytes(length - in.idSize, room(length)), 0, length - in.idSize, StandardCharsets.UTF_8);
        if (NAMES.contains(text) || text.startsWith("refactor/runtime/") || text.startsWith("java/lang/ref/")) names.put(id, text);
    }

    private void load(HprofInput in) throws IOException {
        in.skip(4);
        long id = in.id();
        in.skip(4);
        type(id).name = names.get(in.id());
    }

    private Type type(long id) {
        return types.computeIfAbsent(id, fresh -> new Type());
    }

    private byte[] room(int length) {
        if (data.length < length) data = new byte[Math.max(length, data.length * 2)];
        return data;
    }

    private void segment(HprofInput in, long end) throws IOException {
        while (in.position < end) {
            int tag = in.u1();
            switch (tag) {
                case 0xFF: case 0x05: root(in, 0); break; // unknown, class of the boot loader
                case 0x07: monitor(in); break;
                case 0x01: root(in, in.idSize); break; // JNI global
                case 0x04: case 0x06: root(in, 4); break; // native stack, thread block
                case 0x02: case 0x03: case 0x08: root(in, 8); break; // JNI local, frame, thread
                case 0x20: classDump(in); break;
                case 0x21: instance(in); break;
                case 0x22: array(in); break;
                case 0x23:
                    in.skip(in.idSize + 4);
                    long length = in.u4() & 0xffffffffL;
                    in.skip(length * SIZES[in.u1()]);
                    break;
                default: throw new IOException("unknown heap dump record " + tag);
            }
        }
    }

    private void root(HprofInput in, int more) throws IOException {
        long id = in.id();
        in.skip(more);
        if (graph == null) roots.add(id);
    }

    /** Monitors stay known for a while after their last use, and who holds one has the object on its stack. */
    private void monitor(HprofInput in) throws IOException {
        long id = in.id();
        if (graph != null) graph.held(id);
    }

    private void object(long address) {
        if (count == addresses.length) addresses = Arrays.copyOf(addresses, count + (count >> 1));
        addresses[count++] = address;
    }

    /** The static fields of a class, its loader and its superclass are what its Class object refers to. */
    private void classDump(HprofInput in) throws IOException {
        long id = in.id();
        in.skip(4);
        int node = -1;
        if (graph == null) object(id);
        else graph.begin(node = graph.node(id));
        long parent = in.id();
        refer(node, parent);
        for (int i = 0; i < 5; i++) refer(node, in.id()); // loader, signers, protection domain, two reserved
        in.skip(4);
        for (int left = in.u2(); left > 0; left--) {
            in.skip(2);
            value(in, node, in.u1());
        }
        for (int left = in.u2(); left > 0; left--) {
            in.skip(in.idSize);
            value(in, node, in.u1());
        }
        int fields = in.u2();
        Type type = type(id);
        type.parent = parent;
        type.types = new byte[fields];
        type.names = new long[fields];
        for (int i = 0; i < fields; i++) {
            type.names[i] = in.id();
            type.types[i] = (byte) in.u1();
        }
    }

    private void value(HprofInput in, int node, int type) throws IOException {
        if (type == OBJECT) refer(node, in.id());
        else in.skip(SIZES[type]);
    }

    private void refer(int node, long to) {
        if (graph != null) graph.edge(node, to);
    }

    private void array(HprofInput in) throws IOException {
        long id = in.id();
        in.skip(4);
        long length = in.u4() & 0xffffffffL;
        if (graph == null) {
            object(id);
            in.skip((length + 1) * in.idSize);
            return;
        }
        int node = graph.node(id);
        graph.begin(node);
        for (long left = length + 1; left > 0; left--) graph.edge(node, in.id()); // the class of the array comes first
    }

    private void instance(HprofInput in) throws IOException {
        long id = in.id();
        in.skip(4);
        long classId = in.id();
        int length = in.u4();
        Type type = type(classId);
        if (graph == null) {
            if (!"java/lang/String".equals(type.name)) object(id);
            if ("jdk/internal/vm/StackChunk".equals(type.name)) chunks++;
            in.skip(length);
            return;
        }
        int node = graph.node(id);
        byte[] fields = in.bytes(length, room(length));
        if (node < 0) return; // text refers to nothing
        if (type.holding == null) layOut(type, in);
        graph.begin(node);
        graph.edge(node, classId);
        for (int at : type.holding) graph.edge(node, HprofInput.number(fields, at, in.idSize));
        for (int at : type.tables) graph.held(HprofInput.number(fields, at, in.idSize));
        if (type.number < 0) return;
        long number = HprofInput.number(fields, type.number, 8);
        int named = REF.equals(type.name) ? node : graph.node(HprofInput.number(fields, type.object, in.idSize));
        if (named >= 0) (named == node ? graph.imports : graph.exports).put(named, number);
    }

    /** Where the references are in an object's data: the fields of its class come first, then those of the superclasses. */
    private void layOut(Type type, HprofInput in) throws IOException {
        HeapGraph.Ints holding = new HeapGraph.Ints();
        HeapGraph.Ints tables = new HeapGraph.Ints();
        boolean counted = REF.equals(type.name) || ENTRY.equals(type.name);
        int at = 0;
        Type phantom = named("java/lang/ref/PhantomReference");
        boolean own = type.name != null && type.name.startsWith("refactor/runtime/");
        boolean ghost = false;
        for (Type each = type; each != null; each = types.get(each.parent)) {
            ghost |= each == phantom;
            for (int i = 0; i < each.types.length; i++) {
                String name = names.get(each.names[i]);
                if (counted && each.types[i] == LONG && "number".equals(name)) type.number = at;
                if (each.types[i] == OBJECT) {
                    if ("object".equals(name) && ENTRY.equals(type.name)) type.object = at;
                    boolean table = "referent".equals(name) && "java/lang/ref/Reference".equals(each.name) ? own || ghost : isTable(each.name, name);
                    (table ? tables : holding).add(at);
                    at += in.idSize;
                } else {
                    at += SIZES[each.types[i]];
                }
            }
        }
        if (counted && type.number < 0 || ENTRY.equals(type.name) && type.object < 0) throw new IOException("the heap dump does not show " + type.name);
        type.holding = Arrays.copyOf(holding.values, holding.size);
        type.tables = Arrays.copyOf(tables.values, tables.size);
    }

    /**
     * The runtime's own holds on objects. All other references hold, weak ones too: a thread of the program may take
     * the object out of a WeakReference at any moment without sending a message. A phantom one never gives it out.
     */
    private static boolean isTable(String owner, String field) {
        if (EXPORTS.equals(owner)) return "byId".equals(field) || "byObject".equals(field);
        if (ENTRY.equals(owner)) return "object".equals(field);
        return REF.equals(owner) && "proxy".equals(field);
    }

    private Type named(String name) {
        for (Type each : types.values()) if (name.equals(each.name)) return each;
        return null;
    }
}

package refactor.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The client's table: id to the one Ref of this process, weakly, with the number of times the id arrived. */
final class Imports {
    /** The table's hold on one Ref; it outlives the Ref until its owner was told. */
    static final class Held extends WeakReference<Ref> {
        final String id;
        final String process;
        final long number;
        int received;
        /** Whether the owner was told by this process that it holds the id. */
        boolean told;

        Held(Ref ref, ReferenceQueue<Ref> collected) {
            super(ref, collected);
            this.id = ref.id();
            this.process = ref.process();
            this.number = ref.number;
        }
    }

    private final Map<String, Held> byId = new HashMap<>();
    private final ReferenceQueue<Ref> collected = new ReferenceQueue<>();

    /** The Ref of an id that just arrived. */
    synchronized Ref receive(String id, String className, byte[] types) {
        Held held = byId.get(id);
        Ref ref = held == null ? null : held.get();
        if (ref == null) {
            ref = new Ref(id, className, types);
            held = new Held(ref, collected);
            byId.put(id, held);
        }
        held.received++;
        return ref;
    }

    /** Refs that were collected since the last call; their ids leave the table. */
    synchronized List<Held> collected() {
        List<Held> gone = new ArrayList<>();
        for (Object next; (next = collected.poll()) != null; ) {
            Held held = (Held) next;
            byId.remove(held.id, held);
            gone.add(held);
        }
        return gone;
    }

    /** Owner to ids that it was not told of yet; from now on it was. */
    synchronized Map<String, List<String>> untold() {
        Map<String, List<String>> untold = new HashMap<>();
        for (Held held : byId.values()) {
            if (!held.told) untold.computeIfAbsent(held.process, owner -> new ArrayList<>()).add(held.id);
            held.told = true;
        }
        return untold;
    }

    /** The owners of everything that is held now. */
    synchronized Set<String> owners() {
        Set<String> owners = new HashSet<>();
        for (Held held : byId.values()) owners.add(held.process);
        return owners;
    }

    /** The id of every Ref, by the number that a heap dump shows. */
    synchronized Map<Long, String> numbers() {
        Map<Long, String> numbers = new HashMap<>();
        for (Held held : byId.values()) numbers.put(held.number, held.id);
        return numbers;
    }

    synchronized int size() {
        return byId.size();
    }
}

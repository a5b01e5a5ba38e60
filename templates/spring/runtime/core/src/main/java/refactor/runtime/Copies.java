package refactor.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the identity of objects that travel by copy: every copy carries an id, the same id becomes the same object
 * again, and at home it is the original. Both directions are weak; there is nothing to release.
 */
final class Copies {
    private static final class Key extends WeakReference<Object> {
        final int hash;
        final String id;

        Key(Object object, String id, ReferenceQueue<Object> gone) {
            super(object, gone);
            this.hash = System.identityHashCode(object);
            this.id = id;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof Key key && get() != null && key.refersTo(get());
        }
    }

    private final String process;
    private final AtomicLong last = new AtomicLong();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final ConcurrentHashMap<Key, Key> byObject = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Key> byId = new ConcurrentHashMap<>();

    Copies(String process) {
        this.process = process;
    }

    /** The id of an object that is about to be copied. */
    String idOf(Object object) {
        clean();
        Key probe = new Key(object, null, null);
        Key known = byObject.get(probe);
        if (known != null) return known.id;
        return add(object, process + "-" + Long.toString(last.incrementAndGet(), 36));
    }

    private String add(Object object, String id) {
        Key key = new Key(object, id, gone);
        Key before = byObject.putIfAbsent(key, key);
        if (before != null) return before.id;
        byId.put(id, key);
        return id;
    }

    /** The object of this process that has the id, or null. */
    Object find(String id) {
        Key key = byId.get(id);
        return key == null ? null : key.get();
    }

    /** Remembers a copy that was just made; returns the one to use if another thread was faster. */
    Object keep(String id, Object copy) {
        clean();
        Object known = find(id);
        if (known != null) return known;
        add(copy, id);
        return copy;
    }

    private void clean() {
        for (Object next; (next = gone.poll()) != null; ) {
            Key key = (Key) next;
            byObject.remove(key);
            byId.remove(key.id, key);
        }
    }
}

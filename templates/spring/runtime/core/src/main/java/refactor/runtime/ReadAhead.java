package refactor.runtime;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The consumer's side of iteration in chunks. Elements are read ahead only as long as this process does nothing else
 * that reaches another one: before its next call leaves, and before it answers one, every iterator with elements left
 * over goes back to what was consumed, and from then on takes one element at a time.
 */
final class ReadAhead {
    /** All iterators of this process with elements left over. */
    static final class Active {
        private final Set<ReadAhead> all = ConcurrentHashMap.newKeySet();
        private final AtomicLong events = new AtomicLong();

        /** Something is about to happen that may change what is iterated over. */
        void settle() {
            events.incrementAndGet();
            if (all.isEmpty()) return;
            for (ReadAhead each : all) each.settle();
        }
    }

    private static final int FIRST = 16;
    private static final int MOST = 256;

    private final Active active;
    private final Endpoint readAhead;
    private final Endpoint rewind;
    private Proxy self;
    private Object[] chunk = {};
    private int count;
    private int at;
    private int size = FIRST;
    private boolean single;
    /** The end was seen when this many events had happened; it counts only until the next one. */
    private long endSeen = -1;
    private RuntimeException failure;

    ReadAhead(Active active, String part) {
        this.active = active;
        this.readAhead = Endpoint.of(part, "java.util.Iterator", OpenTypes.READ_AHEAD);
        this.rewind = Endpoint.of(part, "java.util.Iterator", OpenTypes.REWIND);
    }

    /** True if this method of the iterator is answered here. */
    static boolean handles(Method method) {
        return method.getParameterCount() == 0 && (method.getName().equals("hasNext") || method.getName().equals("next"));
    }

    synchronized Object run(Proxy self, Method method, Forwarding.Step plain) throws Throwable {
        if (failure != null) throw failure;
        boolean next = method.getName().equals("next");
        if (at == count && !single && !(endSeen == active.events.get())) fetch(self);
        if (at < count) return next ? take() : Boolean.TRUE;
        if (!next && endSeen == active.events.get()) return Boolean.FALSE;
        return plain.run(self, new Object[0]);
    }

    private Object take() {
        Object element = chunk[at];
        chunk[at++] = null;
        if (at == count) active.all.remove(this);
        return element;
    }

    private void fetch(Proxy self) {
        long before = active.events.get();
        Object[] answer = (Object[]) Remote.callQuietly(readAhead, self, size);
        chunk = answer;
        count = answer.length - 1;
        at = 0;
        size = Math.min(MOST, size * 4);
        if (Boolean.FALSE.equals(answer[count])) endSeen = before;
        if (count > 0) {
            this.self = self;
            active.all.add(this);
        }
        // Something happened while the elements were on their way: they may be stale already.
        if (active.events.get() != before) settle();
    }

    private synchronized void settle() {
        active.all.remove(this);
        if (at == count) return;
        single = true;
        try {
            Remote.callQuietly(rewind, self, at);
        } catch (RuntimeException e) {
            failure = e;
        }
        chunk = new Object[0];
        count = 0;
        at = 0;
        self = null;
    }
}

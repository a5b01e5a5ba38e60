package refactor.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.function.Consumer;

/**
 * The owner's side of iteration in chunks: an iterator over a plain platform collection that can hand out elements
 * ahead of its consumer and go back to what was really taken. A collection that changed meanwhile raises its
 * ConcurrentModificationException where it would have: the consumer goes back before it lets anything happen.
 */
final class Rewindable implements Iterator<Object> {
    private static final Set<Class<?>> SOURCES = sources();

    private final Iterable<?> source;
    private Iterator<?> real;
    /** Elements that the consumer has passed and that are still there. */
    private int taken;
    /** Elements handed out ahead since then. */
    private int ahead;
    private boolean removable;

    private Rewindable(Iterable<?> source, Iterator<?> real) {
        this.source = source;
        this.real = real;
    }

    private static Set<Class<?>> sources() {
        Set<Class<?>> types = new HashSet<>(List.of(ArrayList.class, LinkedList.class, Vector.class, ArrayDeque.class, PriorityQueue.class,
            HashSet.class, LinkedHashSet.class, TreeSet.class, Arrays.asList(1).getClass(), new ArrayList<>(List.of(1)).subList(0, 1).getClass()));
        for (Map<?, ?> map : List.of(new HashMap<>(), new LinkedHashMap<>(), new TreeMap<>())) {
            types.addAll(List.of(map.keySet().getClass(), map.values().getClass(), map.entrySet().getClass()));
        }
        return types;
    }

    /** What `iterator()` of `collection` returned, made rewindable if the collection is a plain one. */
    static Object of(Object collection, Object iterator) {
        boolean plain = SOURCES.contains(collection.getClass()) || ImmutableCollections.has(collection.getClass());
        return plain && collection instanceof Collection<?> source ? new Rewindable(source, (Iterator<?>) iterator) : iterator;
    }

    /** Up to `most` elements, then Boolean: whether more follow; null where the iterator refused to say. */
    synchronized Object[] readAhead(int most) {
        pass();
        List<Object> elements = new ArrayList<>();
        Boolean more = null;
        try {
            while ((more = real.hasNext()) && elements.size() < most) elements.add(real.next());
        } catch (RuntimeException e) {
            // The consumer meets it when it gets there: asked again, the iterator refuses again.
            if (elements.isEmpty()) throw e;
            more = null;
        }
        ahead = elements.size();
        elements.add(more);
        return elements.toArray();
    }

    /** The consumer took only `consumed` of what it was given ahead. */
    synchronized void rewind(int consumed) {
        boolean back = consumed < ahead;
        removable |= consumed > 0;
        taken += consumed;
        ahead = 0;
        if (!back) return;
        real = source.iterator();
        for (int i = 0; i < taken; i++) real.next();
    }

    /** Everything that was given ahead has been consumed, or {@link #rewind} would have been called. */
    private void pass() {
        taken += ahead;
        removable |= ahead > 0;
        ahead = 0;
    }

    @Override
    public synchronized boolean hasNext() {
        return real.hasNext();
    }

    @Override
    public synchronized Object next() {
        pass();
        Object next = real.next();
        taken++;
        removable = true;
        return next;
    }

    @Override
    public synchronized void remove() {
        pass();
        if (!removable) throw new IllegalStateException();
        real.remove();
        taken--;
        removable = false;
    }

    @Override
    public void forEachRemaining(Consumer<? super Object> action) {
        pass();
        real.forEachRemaining(each -> {
            taken++;
            removable = true;
            action.accept(each);
        });
    }
}

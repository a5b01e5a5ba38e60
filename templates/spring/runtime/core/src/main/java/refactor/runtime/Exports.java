package refactor.runtime;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The owner's table: id to object and, by identity, object to id. Per id it keeps the holders and how often the id was
 * sent to each; an entry goes away when every count is back to zero.
 */
final class Exports {
    /** Its fields `number` and `object` are read from heap dumps. */
    private static final class Entry {
        final long number = nextNumber();
        final String id;
        final Object object;
        final Map<String, Integer> holders = new HashMap<>(2);

        Entry(String id, Object object) {
            this.id = id;
            this.object = object;
        }
    }

    /** Numbers of entries and Refs begin anywhere, so that those of another runtime in the same virtual machine differ. */
    private static final AtomicLong NUMBERS = new AtomicLong(new SecureRandom().nextLong());

    /** What a trace has to know of one entry. */
    record Known(String id, List<String> holders, boolean counted) {}

    private final String process;
    private final SecureRandom random = new SecureRandom();
    private final byte[] entropy = new byte[1024];
    private int used = entropy.length;
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<Object, Entry> byObject = new IdentityHashMap<>();
    /** Beans: the container holds them as long as the process lives, whoever asks. */
    private final Map<Object, Boolean> roots = new IdentityHashMap<>();

    Exports(String process) {
        this.process = process;
    }

    static long nextNumber() {
        long number = NUMBERS.incrementAndGet();
        return number == 0 ? NUMBERS.incrementAndGet() : number;
    }

    /** Tells two runs of the same process apart. */
    static String epoch() {
        return Long.toString(System.currentTimeMillis(), 36) + Integer.toString(new SecureRandom().nextInt(1 << 20), 36);
    }

    /** The id of `object`, counted as sent once more to `holder`. */
    synchronized String grant(Object object, String holder) {
        Entry entry = byObject.get(object);
        if (entry == null) {
            entry = new Entry(process + "." + randomHex(), object);
            byObject.put(object, entry);
            byId.put(entry.id, entry);
        }
        entry.holders.merge(holder, 1, Integer::sum);
        return entry.id;
    }

    /** Whether somebody elsewhere has a reference to `object`: a copy of it would be a second object. */
    synchronized boolean isExported(Object object) {
        return byObject.containsKey(object);
    }

    /** A third party sent the id to `holder`. */
    synchronized boolean granted(String id, String holder, int count) {
        Entry entry = byId.get(id);
        if (entry == null) return false;
        settle(entry, holder, count);
        return true;
    }

    /** `holder` says that it has the id. Whoever gave it may have died before it could say so; a count that is there already is right. */
    synchronized void held(String id, String holder) {
        Entry entry = byId.get(id);
        if (entry != null) entry.holders.putIfAbsent(holder, 0);
    }

    /** `holder` dropped its proxy after receiving the id `received` times. Ids still on their way keep the object. */
    synchronized void release(String id, String holder, int received) {
        Entry entry = byId.get(id);
        if (entry != null) settle(entry, holder, -received);
    }

    private void settle(Entry entry, String holder, int change) {
        entry.holders.merge(holder, change, (a, b) -> a + b == 0 ? null : a + b);
        if (entry.holders.isEmpty()) {
            byId.remove(entry.id);
            forget(entry);
        }
    }

    private void forget(Entry entry) {
        byObject.remove(entry.object);
        roots.remove(entry.object);
    }

    /** Drops every lease of a process that is gone; returns how many ids it held. */
    synchronized int expire(String holder) {
        int held = 0;
        for (Iterator<Entry> all = byId.values().iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (entry.holders.remove(holder) == null) continue;
            held++;
            if (entry.holders.isEmpty()) {
                all.remove();
                forget(entry);
            }
        }
        return held;
    }

    /** The object of `id`, or null when it is unknown (any more). */
    synchronized Object find(String id) {
        Entry entry = byId.get(id);
        return entry == null ? null : entry.object;
    }

    /** `object` is no garbage even when nobody holds its id: it is not counted. */
    synchronized void root(Object object) {
        roots.put(object, Boolean.TRUE);
    }

    /** Every entry by the number that a heap dump shows. */
    synchronized Map<Long, Known> known() {
        Map<Long, Known> known = new HashMap<>();
        for (Entry entry : byId.values()) {
            known.put(entry.number, new Known(entry.id, List.copyOf(entry.holders.keySet()), !roots.containsKey(entry.object)));
        }
        return known;
    }

    /** Forgets ids that nobody can reach any more, whoever holds them; returns how many were known. Late releases find nothing. */
    synchronized int drop(List<String> ids) {
        int dropped = 0;
        for (String id : ids) {
            Entry entry = byId.remove(id);
            if (entry == null) continue;
            byObject.remove(entry.object);
            dropped++;
        }
        return dropped;
    }

    synchronized int size() {
        int counted = 0;
        for (Entry entry : byId.values()) if (!roots.containsKey(entry.object)) counted++;
        return counted;
    }

    synchronized List<String> holders() {
        List<String> holders = new ArrayList<>();
        for (Entry entry : byId.values()) {
            for (String holder : entry.holders.keySet()) if (!holders.contains(holder)) holders.add(holder);
        }
        return holders;
    }

    synchronized Map<String, Long> classes() {
        Map<String, Long> classes = new TreeMap<>();
        for (Entry entry : byId.values()) if (!roots.containsKey(entry.object)) classes.merge(entry.object.getClass().getName(), 1L, Long::sum);
        return classes;
    }

    /** 128 random bits in hex. */
    synchronized String randomHex() {
        if (used == entropy.length) {
            random.nextBytes(entropy);
            used = 0;
        }
        char[] hex = new char[32];
        for (int i = 0; i < 16; i++) {
            int b = entropy[used] & 255;
            entropy[used++] = 0;
            hex[2 * i] = Character.forDigit(b >> 4, 16);
            hex[2 * i + 1] = Character.forDigit(b & 15, 16);
        }
        return new String(hex);
    }
}

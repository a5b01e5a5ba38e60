package refactor.runtime;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The platform's immutable collections: by copy when all their elements are, since nobody can tell then. */
final class ImmutableCollections {
    private static final Map<Class<?>, String> IMMUTABLE = new HashMap<>();

    static {
        for (Object each : List.of(List.of(), List.of(1), List.of(1, 2, 3))) IMMUTABLE.put(each.getClass(), "List.of");
        for (Object each : List.of(Set.of(), Set.of(1), Set.of(1, 2, 3))) IMMUTABLE.put(each.getClass(), "Set.of");
        for (Object each : List.of(Map.of(), Map.of(1, 1), Map.of(1, 1, 2, 2, 3, 3))) IMMUTABLE.put(each.getClass(), "Map.of");
        IMMUTABLE.put(Collections.emptyList().getClass(), "emptyList");
        IMMUTABLE.put(Collections.emptySet().getClass(), "emptySet");
        IMMUTABLE.put(Collections.emptyMap().getClass(), "emptyMap");
        IMMUTABLE.put(Collections.singletonList(1).getClass(), "singletonList");
        IMMUTABLE.put(Collections.singleton(1).getClass(), "singleton");
        IMMUTABLE.put(Collections.singletonMap(1, 1).getClass(), "singletonMap");
        IMMUTABLE.put(Collections.nCopies(1, 1).getClass(), "nCopies");
        IMMUTABLE.put(Map.entry(1, 1).getClass(), "Map.entry");
    }

    private ImmutableCollections() {}

    static boolean has(Class<?> type) {
        return IMMUTABLE.containsKey(type);
    }

    static boolean isByValue(Object collection, Marshal out) {
        if (collection instanceof Collection<?> all) {
            for (Object each : all) if (!out.isByValue(each)) return false;
            return true;
        }
        if (collection instanceof Map.Entry<?, ?> entry) return out.isByValue(entry.getKey()) && out.isByValue(entry.getValue());
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) collection).entrySet()) {
            if (!out.isByValue(entry.getKey()) || !out.isByValue(entry.getValue())) return false;
        }
        return true;
    }

    /** Writes an immutable collection whose elements all travel by copy; false when it has to go by reference. */
    static boolean write(Object collection, Marshal out) {
        if (!isByValue(collection, out)) return false;
        String of = IMMUTABLE.get(collection.getClass());
        if (of.equals("List.of") && allowsNull((List<?>) collection)) of = "Stream.toList";
        out.out.open('{').name("$").string("immutable").name("of").string(of).name("v").open('[');
        if (collection instanceof Collection<?> all) {
            for (Object each : all) out.value(each);
        } else if (collection instanceof Map.Entry<?, ?> entry) {
            out.value(entry.getKey());
            out.value(entry.getValue());
        } else {
            ((Map<?, ?>) collection).forEach((key, value) -> {
                out.value(key);
                out.value(value);
            });
        }
        out.out.close(']').close('}');
        return true;
    }

    /** Tells the list of `Stream.toList()` from that of `List.of()`: the latter refuses to look for null. */
    private static boolean allowsNull(List<?> list) {
        try {
            list.contains(null);
            return true;
        } catch (NullPointerException refused) {
            return false;
        }
    }

    static Object read(String of, List<Object> v) {
        switch (of) {
            case "List.of": return List.of(v.toArray());
            case "Stream.toList": return Stream.of(v.toArray()).toList();
            case "Set.of": return Set.of(v.toArray());
            case "Map.of": return Map.ofEntries(entries(v));
            case "emptyList": return Collections.emptyList();
            case "emptySet": return Collections.emptySet();
            case "emptyMap": return Collections.emptyMap();
            case "singletonList": return Collections.singletonList(v.get(0));
            case "singleton": return Collections.singleton(v.get(0));
            case "singletonMap": return Collections.singletonMap(v.get(0), v.get(1));
            case "nCopies": return Collections.nCopies(v.size(), v.isEmpty() ? null : v.get(0));
            case "Map.entry": return Map.entry(v.get(0), v.get(1));
            default: throw new JsonReader.Malformed("unknown immutable collection " + of);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map.Entry<Object, Object>[] entries(List<Object> v) {
        Map.Entry[] entries = new Map.Entry[v.size() / 2];
        for (int i = 0; i < entries.length; i++) entries[i] = Map.entry(v.get(2 * i), v.get(2 * i + 1));
        return entries;
    }
}

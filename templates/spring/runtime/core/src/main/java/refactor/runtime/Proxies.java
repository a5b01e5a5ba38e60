package refactor.runtime;

import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns references of other processes into objects of this one: one proxy per id. */
final class Proxies {
    private final Host host;
    private final DynamicProxies dynamic;
    private final Map<String, Maker> makers = new ConcurrentHashMap<>();

    /** Creates a proxy of one class around a reference. */
    interface Maker {
        Object make(Ref ref);
    }

    Proxies(Host host) {
        this.host = host;
        this.dynamic = new DynamicProxies(host);
    }

    /** A class became known that proxies made from now on can extend. */
    void forget() {
        makers.clear();
    }

    /** The proxy of `ref` in this process. */
    Object of(Ref ref) {
        Object known = ref.proxy();
        if (known != null) return known;
        synchronized (ref) {
            known = ref.proxy();
            if (known != null) return known;
            Object made = maker(ref).make(ref);
            ref.bind(made);
            return made;
        }
    }

    /** A proxy of a bean that is looked up later: all that is known of it is its type. */
    Object late(Ref ref, String part, Class<?> type) {
        if (!type.isInterface() && host.manifest.proxies.containsKey(type.getName())) return generated(type).make(ref);
        return dynamic.maker(part, List.of(type.getName())).make(ref);
    }

    private Maker maker(Ref ref) {
        String key = ref.types() == null ? ref.className() : ref.className() + new String(ref.types(), StandardCharsets.UTF_8);
        Maker known = makers.get(key);
        if (known != null) return known;
        Maker made;
        Class<?> generated = host.manifest.proxies.containsKey(ref.className()) ? host.classes.load(ref.className()) : null;
        if (generated != null) { // a private class may have no generated proxy
            made = generated(generated);
        } else {
            made = dynamic.maker(ref.part(), names(ref));
        }
        makers.put(key, made);
        return made;
    }

    /** The class of a reference's object, then its other types, as its owner names them. */
    static List<String> names(Ref ref) {
        List<String> names = new ArrayList<>();
        names.add(ref.className());
        if (ref.types() != null) {
            JsonReader in = new JsonReader(ref.types());
            in.open('[');
            while (in.element()) names.add(in.string());
        }
        return names;
    }

    /** Through the constructor that takes a Ref, and maybe a byte to tell it from others; an inner class has its outer object before it. */
    static Maker generated(Class<?> type) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            Class<?>[] types = constructor.getParameterTypes();
            int at = types.length > 0 && types[0] == Ref.class ? 0 : 1;
            boolean marked = types.length == at + 2 && types[at + 1] == byte.class;
            if (types.length != (marked ? at + 2 : at + 1) || types[at] != Ref.class) continue;
            constructor.setAccessible(true);
            return ref -> {
                Object[] arguments = new Object[types.length];
                arguments[at] = ref;
                if (marked) arguments[at + 1] = (byte) 0;
                try {
                    return constructor.newInstance(arguments);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("cannot create a proxy of " + type.getName(), e);
                }
            };
        }
        throw new UnsupportedValue(type.getName() + " is no proxy: it has no constructor that takes a refactor.runtime.Ref");
    }
}

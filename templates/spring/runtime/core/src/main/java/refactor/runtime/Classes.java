package refactor.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Decides per class how its objects travel, and finds the classes that messages name. */
final class Classes {
    private static final Map<String, Class<?>> PRIMITIVES = Map.of("int", int.class, "long", long.class, "double", double.class,
        "float", float.class, "boolean", boolean.class, "char", char.class, "byte", byte.class, "short", short.class, "void", void.class);

    private final Host host;
    private final Manifest manifest;
    private final ClassValue<Shape> shapes = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return decide(type);
        }
    };
    private final Map<String, Class<?>> byName = new ConcurrentHashMap<>(PRIMITIVES);

    Classes(Host host) {
        this.host = host;
        this.manifest = host.manifest;
    }

    Shape shape(Class<?> type) {
        return shapes.get(type);
    }

    private Shape decide(Class<?> type) {
        if (type == String.class) return plain(Shape.Kind.STRING, type);
        if (type == Integer.class) return plain(Shape.Kind.INTEGER, type);
        if (type == Boolean.class) return plain(Shape.Kind.BOOLEAN, type);
        if (type == Long.class) return plain(Shape.Kind.LONG, type);
        if (type == Double.class) return plain(Shape.Kind.DOUBLE, type);
        if (type == Character.class) return plain(Shape.Kind.CHARACTER, type);
        if (type == Float.class) return plain(Shape.Kind.FLOAT, type);
        if (type == Short.class) return plain(Shape.Kind.SHORT, type);
        if (type == Byte.class) return plain(Shape.Kind.BYTE, type);
        if (type == Class.class) return plain(Shape.Kind.CLASS, type);
        if (type.isArray()) return plain(Shape.Kind.ARRAY, type);
        if (Enum.class.isAssignableFrom(type)) return plain(Shape.Kind.ENUM, type);
        if (Throwable.class.isAssignableFrom(type) && !isReferencedException(type)) {
            return new Shape(Shape.Kind.THROWABLE, type, Fields.of(type, Throwable.class), null, null);
        }
        if (manifest.values.contains(type.getName())) {
            if (type.isRecord()) return plain(Shape.Kind.RECORD, type);
            return new Shape(Shape.Kind.VALUE, type, Fields.of(type, Object.class), null, null);
        }
        if (LibraryValues.isRestored(type)) return plain(Shape.Kind.RESTORED, type);
        if (ImmutableCollections.has(type)) return new Shape(Shape.Kind.IMMUTABLE_COLLECTION, type, null, tail(type), null);
        LibraryValues.Codec<Object> codec = LibraryValues.find(type);
        if (codec != null) return new Shape(Shape.Kind.LIBRARY_VALUE, type, null, null, codec);
        Shape.Kind kind = manifest.isApp(type.getName()) || Proxy.class.isAssignableFrom(type) ? Shape.Kind.REFERENCE : host.library.kind(type);
        return new Shape(kind, type, null, kind == Shape.Kind.PINNED ? null : tail(type), null);
    }

    /** An exception class of the split program that is not copied: its objects stay with their owner. */
    private boolean isReferencedException(Class<?> type) {
        return manifest.isApp(type.getName()) && !manifest.exceptions.contains(type.getName()) && manifest.owned.contains(type.getName());
    }

    private static Shape plain(Shape.Kind kind, Class<?> type) {
        return new Shape(kind, type, null, null, null);
    }

    /** The shape of a type that travels as a copy elsewhere, as a reference. */
    Shape asReference(Class<?> type) {
        return new Shape(Shape.Kind.REFERENCE, type, null, tail(type), null);
    }

    /** What follows the id in a reference: the class, then every other type the receiver may know it by. */
    private byte[] tail(Class<?> type) {
        try (JsonWriter out = JsonWriter.open()) {
            Class<?> own = written(type);
            out.open('{').name("class").string(nameOf(own));
            List<String> types = types(own);
            if (!types.isEmpty()) {
                out.name("types").open('[');
                for (String name : types) out.string(name);
                out.close(']');
            }
            out.close('}');
            return java.util.Arrays.copyOfRange(out.buffer(), 1, out.size());
        }
    }

    /**
     * The class that the program wrote, where a library made a subclass of it at run time (an intercepted bean, an entity that is
     * loaded late): its name means nothing elsewhere. Such names have two dollar signs in a row.
     */
    private Class<?> written(Class<?> type) {
        Class<?> at = type;
        while (at.getName().contains("$$") && at.getSuperclass() != null && manifest.isApp(at.getSuperclass().getName())) at = at.getSuperclass();
        return at;
    }

    /** The name of a lambda's class without the address that the virtual machine appends. */
    private static String nameOf(Class<?> type) {
        String name = type.getName();
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    /** Superclasses from the nearest up, then all interfaces. */
    private List<String> types(Class<?> type) {
        List<String> types = new ArrayList<>();
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            if (at != type && isWorthNaming(at)) types.add(at.getName());
            for (Class<?> each : at.getInterfaces()) collect(each, interfaces);
        }
        for (Class<?> each : interfaces) if (isWorthNaming(each)) types.add(each.getName());
        return types;
    }

    private boolean isWorthNaming(Class<?> type) {
        return LibraryTypes.isOpen(type) || manifest.isApp(type.getName());
    }

    private static void collect(Class<?> type, Set<Class<?>> into) {
        if (!into.add(type)) return;
        for (Class<?> each : type.getInterfaces()) collect(each, into);
    }

    /** A class by its binary name, loaded but not initialised; null when this process does not have it. */
    Class<?> load(String name) {
        Class<?> known = byName.get(name);
        if (known != null) return known;
        try {
            Class<?> found = Class.forName(name, false, host.loader);
            byName.put(name, found);
            return found;
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    /** Superclasses of a class from the nearest up, then all its interfaces. */
    List<String> supertypes(Class<?> type) {
        List<String> types = new ArrayList<>();
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            if (at != type) types.add(at.getName());
            for (Class<?> each : at.getInterfaces()) collect(each, interfaces);
        }
        for (Class<?> each : interfaces) types.add(each.getName());
        return types;
    }

    /** A class that a message names; where this process does not have it, one that stands in for it. */
    Class<?> needOrStandIn(String name, int modifiers, List<String> types, List<String> constants) {
        if (name.startsWith("[")) {
            Class<?> element = name.startsWith("[L") ? needOrStandIn(name.substring(2, name.length() - 1), modifiers, types, constants)
                : needOrStandIn(name.substring(1), modifiers, types, constants);
            return element.arrayType();
        }
        Class<?> found = load(name);
        if (found == null) found = standIn(name, modifiers, types, constants);
        return found == null ? need(name) : found;
    }

    /** Null where no class can stand in for this one. */
    private Class<?> standIn(String name, int modifiers, List<String> types, List<String> constants) {
        synchronized (host.standIns) {
            Class<?> known = byName.get(name);
            if (known != null) return known;
            Class<?> made = host.standIns.make(name, modifiers, types, constants);
            if (made != null) {
                byName.put(name, made);
                host.proxies.forget(); // objects of the class that come from now on are instances of it
            }
            return made;
        }
    }

    /** The class of an exception; where this process does not have it, one that stands in for it, below its nearest superclass. */
    Class<?> exception(String name, List<String> types) {
        Class<?> found = load(name);
        return found != null ? found : standIn(name, java.lang.reflect.Modifier.PUBLIC, types, List.of());
    }

    /** A class that a message names as a type; its absence is the sender's error. */
    Class<?> need(String name) {
        Class<?> found = load(name);
        if (found == null) throw new UnsupportedValue("this process (" + manifest.part + ") has no class " + name);
        return found;
    }
}

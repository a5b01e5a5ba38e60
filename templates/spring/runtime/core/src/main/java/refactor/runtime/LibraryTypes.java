package refactor.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of platform and library types (`library-types.txt`, then the manifest's overrides): data, not code. */
final class LibraryTypes {
    private static final Set<String> KINDS = Set.of("value", "restored", "reference", "opaque", "pinned");

    private final Map<String, String> kinds = new HashMap<>();
    private final List<String> packages = new ArrayList<>();

    LibraryTypes(Map<String, String> overrides) {
        try (InputStream in = LibraryTypes.class.getResourceAsStream("library-types.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                if (line.isBlank() || line.startsWith("#")) continue;
                String[] words = line.split(" ", 3);
                add(words[1], words[0]);
                if (words[0].equals("value") && !LibraryValues.has(words[1])) throw new IllegalStateException("no codec for value type " + words[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        overrides.forEach(this::add);
    }

    private void add(String type, String kind) {
        if (!KINDS.contains(kind)) throw new IllegalStateException("unknown kind " + kind + " for library type " + type);
        if (!type.endsWith(".*")) kinds.put(type, kind);
        else if (kind.equals("reference")) packages.add(type.substring(0, type.length() - 1));
        else throw new IllegalStateException(type + ": a whole package can only be by reference");
    }

    /** The row of exactly this type, or null. */
    String row(Class<?> type) {
        String kind = kinds.get(type.getName());
        if (kind != null) return kind;
        if (!type.isInterface() || !Modifier.isPublic(type.getModifiers())) return null;
        for (String prefix : packages) if (type.getName().startsWith(prefix) && type.getName().indexOf('.', prefix.length()) < 0) return "reference";
        return null;
    }

    /** How an object of this class travels: the nearest row decides. */
    Shape.Kind kind(Class<?> type) {
        String found = null;
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            String row = row(at);
            if (row != null && found == null) found = row;
            for (Class<?> each : at.getInterfaces()) {
                String inherited = ofInterface(each);
                if ("pinned".equals(inherited)) return Shape.Kind.PINNED;
                if (found == null) found = inherited;
            }
            if ("pinned".equals(row)) return Shape.Kind.PINNED;
        }
        return "reference".equals(found) ? Shape.Kind.REFERENCE : Shape.Kind.OPAQUE;
    }

    private String ofInterface(Class<?> type) {
        String found = row(type);
        for (Class<?> each : type.getInterfaces()) {
            String inherited = ofInterface(each);
            if ("pinned".equals(inherited)) return inherited;
            if (found == null) found = inherited;
        }
        return found;
    }

    /**
     * True when the public methods of this type may be called from another part: it has a row that says so, or it is a
     * public platform type below one that does (BufferedReader below Reader).
     */
    boolean isCallable(Class<?> type) {
        if ("reference".equals(row(type))) return true;
        return isOpen(type) && type.getName().startsWith("java.") && kind(type) == Shape.Kind.REFERENCE;
    }

    /** Public, and its package is open to everybody. */
    static boolean isOpen(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && type.getModule().isExported(type.getPackageName());
    }
}

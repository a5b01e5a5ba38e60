package refactor.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The generated description of this process: `refactor-manifest.json` on the class path. */
final class Manifest {
    static final String RESOURCE = "refactor-manifest.json";

    String part = "";
    final Map<String, String> hash = new HashMap<>();
    final Set<String> owned = new HashSet<>();
    final Map<String, String> proxies = new HashMap<>();
    final Set<String> values = new HashSet<>();
    final Set<String> exceptions = new HashSet<>();
    final Map<String, String> enums = new HashMap<>();
    final Set<String> interfaces = new HashSet<>();
    final List<String> skeletons = new ArrayList<>();
    /** The beans of this part that others may ask for. */
    final Set<String> beans = new HashSet<>();
    final Map<String, String> libraries = new HashMap<>();
    private final Set<String> outermost = new HashSet<>();

    static Manifest load(ClassLoader loader) {
        try (InputStream in = loader.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IllegalStateException("no " + RESOURCE + " on the class path: this process does not know its part");
            return parse(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + RESOURCE, e);
        }
    }

    static Manifest parse(byte[] json) {
        Manifest manifest = new Manifest();
        JsonReader in = new JsonReader(json);
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            switch (name) {
                case "part": manifest.part = in.string(); break;
                case "hash": texts(in, manifest.hash); break;
                case "owned": names(in, manifest.owned); break;
                case "proxies": texts(in, manifest.proxies); break;
                case "values": names(in, manifest.values); break;
                case "exceptions": names(in, manifest.exceptions); break;
                case "enums": texts(in, manifest.enums); break;
                case "interfaces": names(in, manifest.interfaces); break;
                case "skeletons": names(in, manifest.skeletons); break;
                case "beans": names(in, manifest.beans); break;
                case "libraries": texts(in, manifest.libraries); break;
                default: in.skip();
            }
        }
        if (manifest.part.isEmpty() || manifest.part.indexOf('.') >= 0) throw new IllegalStateException(RESOURCE + ": bad part name");
        for (Set<String> names : List.of(manifest.owned, manifest.proxies.keySet(), manifest.values, manifest.exceptions,
                manifest.enums.keySet(), manifest.interfaces)) {
            for (String name : names) manifest.outermost.add(outermost(name));
        }
        return manifest;
    }

    /** True for a class of the split program: named here, or nested (also anonymously, or as a lambda) in one that is. */
    boolean isApp(String className) {
        return outermost.contains(outermost(className));
    }

    private static String outermost(String className) {
        int dollar = className.indexOf('$', className.lastIndexOf('.') + 2);
        return dollar < 0 ? className : className.substring(0, dollar);
    }

    private static void names(JsonReader in, java.util.Collection<String> into) {
        in.open('[');
        while (in.element()) into.add(in.string());
    }

    private static void texts(JsonReader in, Map<String, String> into) {
        in.open('{');
        for (String name; (name = in.name()) != null; ) into.put(name, in.string());
    }
}

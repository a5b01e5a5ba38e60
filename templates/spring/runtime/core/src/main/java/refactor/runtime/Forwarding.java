package refactor.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the methods of a dynamic proxy do: find the open type that has the method, and call the owner. */
final class Forwarding {
    private static final Object[] NONE = {};

    private final Host host;
    private final String part;
    /** The class of the object at its owner. */
    final String className;
    private final List<Class<?>> types;
    private final Map<Method, Step> steps = new ConcurrentHashMap<>();

    /** One method, ready to be called. */
    interface Step {
        Object run(Proxy self, Object[] args) throws Throwable;
    }

    Forwarding(Host host, String part, String className, List<Class<?>> types) {
        this.host = host;
        this.part = part;
        this.className = className;
        this.types = types;
    }

    InvocationHandler to(Ref ref) {
        ReadAhead ahead = className.equals(Rewindable.class.getName()) ? new ReadAhead(host.readAheads, part) : null;
        return (self, method, args) -> {
            if (method.getDeclaringClass() == Proxy.class) return ref;
            Step step = steps.get(method);
            if (step == null) steps.put(method, step = step(method));
            if (ahead != null && ReadAhead.handles(method)) return ahead.run((Proxy) self, method, step);
            return step.run((Proxy) self, args == null ? NONE : args);
        };
    }

    private Step step(Method method) {
        if (className.startsWith("java.")) {
            Step stream = stream(method);
            if (stream != null) return stream;
        }
        Endpoint endpoint = endpoint(method);
        // Asking a platform collection for these changes nothing anywhere, so what was read ahead elsewhere stays valid.
        boolean quiet = className.startsWith("java.util.") && Set.of("iterator", "size", "isEmpty").contains(method.getName());
        if (quiet) return (self, args) -> Remote.callQuietly(endpoint, self, args);
        boolean[] shared = buffers(method);
        if (shared == null) return (self, args) -> Remote.call(endpoint, self, args);
        return (self, args) -> {
            Object[] given = args.clone();
            for (int i = 0; i < given.length; i++) if (shared[i]) given[i] = Remote.shared(given[i]);
            return Remote.call(endpoint, self, given);
        };
    }

    /** Which parameters of a method of the program's own interfaces a text buffer is shared through, as generated proxies share it; null: none. */
    private boolean[] buffers(Method method) {
        Class<?>[] types = method.getParameterTypes();
        boolean[] found = new boolean[types.length];
        boolean any = false;
        for (int i = 0; i < types.length; i++) any |= found[i] = types[i] == Appendable.class || types[i] == CharSequence.class;
        return any && host.manifest.isApp(method.getDeclaringClass().getName()) ? found : null;
    }

    private Endpoint endpoint(Method method) {
        if (Modifier.isPublic(method.getModifiers())) {
            for (Class<?> type : types) {
                if (!host.open.isOpen(type)) continue;
                String operation = host.open.operations(type).operation(method);
                if (operation != null) return Endpoint.of(part, type.getName(), operation);
            }
        }
        throw new UnsupportedValue("the object of " + className + " belongs to part " + part + " and is only a handle here: " + method.getName()
            + " cannot be called on it. Keep the classes that call it in one part, or open its type in the manifest's \"libraries\"");
    }

    /**
     * Bulk reads and writes of the platform's own streams carry only the bytes that are read or written, one call per
     * call. An array that a program's own stream gets to see is passed as it is.
     */
    private Step stream(Method method) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length == 0 || !types[0].isArray()) return null;
        boolean whole = types.length == 1;
        if (!whole && types.length != 3) return null;
        if (method.getName().equals("read") && types[0] == byte[].class && has(InputStream.class)) {
            Endpoint endpoint = Endpoint.of(part, InputStream.class.getName(), OpenTypes.READ_BYTES);
            return (self, args) -> {
                byte[] into = (byte[]) args[0];
                int from = whole ? 0 : (Integer) args[1];
                int length = whole ? into.length : (Integer) args[2];
                Objects.checkFromIndexSize(from, length, into.length);
                byte[] read = (byte[]) Remote.call(endpoint, self, length);
                if (read == null) return -1;
                System.arraycopy(read, 0, into, from, read.length);
                return read.length;
            };
        }
        if (method.getName().equals("read") && types[0] == char[].class && has(Reader.class)) {
            Endpoint endpoint = Endpoint.of(part, Reader.class.getName(), OpenTypes.READ_CHARS);
            return (self, args) -> {
                char[] into = (char[]) args[0];
                int from = whole ? 0 : (Integer) args[1];
                int length = whole ? into.length : (Integer) args[2];
                Objects.checkFromIndexSize(from, length, into.length);
                String read = (String) Remote.call(endpoint, self, length);
                if (read == null) return -1;
                read.getChars(0, read.length(), into, from);
                return read.length();
            };
        }
        boolean writes = method.getName().equals("write") && (types[0] == byte[].class && has(OutputStream.class)
            || types[0] == char[].class && has(Writer.class));
        if (!writes) return null;
        Endpoint endpoint = endpoint(method).readOnlyArrays();
        if (whole) return (self, args) -> Remote.call(endpoint, self, args);
        return (self, args) -> {
            int from = (Integer) args[1];
            int length = (Integer) args[2];
            Object part = args[0];
            if (part instanceof byte[] bytes && from >= 0 && length >= 0 && length <= bytes.length - from) {
                return Remote.call(endpoint, self, Arrays.copyOfRange(bytes, from, from + length), 0, length);
            }
            if (part instanceof char[] chars && from >= 0 && length >= 0 && length <= chars.length - from) {
                return Remote.call(endpoint, self, Arrays.copyOfRange(chars, from, from + length), 0, length);
            }
            return Remote.call(endpoint, self, args);
        };
    }

    private boolean has(Class<?> type) {
        return types.contains(type);
    }
}

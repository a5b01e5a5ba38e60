package refactor.runtime;

import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The endpoints of types that are called through dynamic proxies: the library types that the table opens and the
 * replicated interfaces of the split program. The list is closed; the rows of one type are made when it is first used.
 */
final class OpenTypes {
    /** Operations that the runtime adds to a type; their names cannot be method names. */
    static final String READ_BYTES = "read-bytes";
    static final String READ_CHARS = "read-chars";

    static final String READ_AHEAD = "read-ahead";
    static final String REWIND = "rewind";

    private final Host host;
    private final Map<Class<?>, Operations> operations = new ConcurrentHashMap<>();
    private final Map<String, Endpoints.Served> served = new ConcurrentHashMap<>();

    OpenTypes(Host host) {
        this.host = host;
    }

    boolean isOpen(Class<?> type) {
        if (type.isInterface() && host.manifest.interfaces.contains(type.getName())) return true;
        return host.library.isCallable(type);
    }

    Operations operations(Class<?> type) {
        return operations.computeIfAbsent(type, Operations::new);
    }

    /** The endpoint `<type>/<operation>`, or null when nothing of that name is open. */
    Endpoints.Served find(String key) {
        Endpoints.Served known = served.get(key);
        if (known != null) return known;
        Endpoints.Served made = make(key);
        // Unknown keys are not remembered: what others ask for must not fill the memory.
        if (made == null) return null;
        served.putIfAbsent(key, made);
        return served.get(key);
    }

    Map<String, Endpoints.Served> used() {
        return served;
    }

    private Endpoints.Served make(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) return null;
        String name = key.substring(0, slash);
        Class<?> type = host.classes.load(name);
        if (type == null || !isOpen(type)) return null;
        String operation = key.substring(slash + 1);
        if (operation.equals(READ_BYTES) && type == InputStream.class) return new Endpoints.Served(key, true, OpenTypes::readBytes);
        if (operation.equals(READ_CHARS) && type == Reader.class) return new Endpoints.Served(key, true, OpenTypes::readChars);
        if (operation.equals(READ_AHEAD) && type == Iterator.class) {
            return new Endpoints.Served(key, true, (self, args) -> ((Rewindable) self).readAhead((Integer) args[0]));
        }
        if (operation.equals(REWIND) && type == Iterator.class) {
            return new Endpoints.Served(key, true, (self, args) -> {
                ((Rewindable) self).rewind((Integer) args[0]);
                return null;
            });
        }
        Method method = operations(type).method(operation);
        if (method == null) return null;
        method.setAccessible(!LibraryTypes.isOpen(type));
        return new Endpoints.Served(key, true, (self, args) -> {
            if (!type.isInstance(self)) throw new ClassCastException(self.getClass().getName() + " is no " + name);
            try {
                Object result = method.invoke(self, args);
                return operation.equals("iterator") && args.length == 0 && result instanceof Iterator ? Rewindable.of(self, result) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /** One read of at most args[0] bytes; the answer is what was read, or null at the end. */
    private static Object readBytes(Object self, Object[] args) throws Throwable {
        byte[] buffer = new byte[(Integer) args[0]];
        int read = ((InputStream) self).read(buffer, 0, buffer.length);
        return read < 0 ? null : read == buffer.length ? buffer : Arrays.copyOf(buffer, read);
    }

    private static Object readChars(Object self, Object[] args) throws Throwable {
        char[] buffer = new char[(Integer) args[0]];
        int read = ((Reader) self).read(buffer, 0, buffer.length);
        return read < 0 ? null : new String(buffer, 0, read);
    }
}

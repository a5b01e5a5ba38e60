package refactor.runtime;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Spring Data's requests for pages, and pages: immutable, so they are copied; the elements of a page travel as they would alone.
 * Reached by name, since the runtime works without that library.
 */
final class PageValues {
    private static final String PACKAGE = "org.springframework.data.domain.";

    private final Class<?> sort;
    private final Class<?> order;
    private final Class<?> pageable;
    private final Class<?> request;
    private final Class<?> page;

    private PageValues() throws ClassNotFoundException {
        sort = load("Sort");
        order = load("Sort$Order");
        pageable = load("Pageable");
        request = load("PageRequest");
        page = load("PageImpl");
    }

    /** Adds the codecs where the program has the library; another version that has no such types has no codecs either. */
    static void register() {
        PageValues values;
        try {
            values = new PageValues();
        } catch (ClassNotFoundException | LinkageError e) {
            return;
        }
        values.add();
    }

    private static Class<?> load(String simple) throws ClassNotFoundException {
        return Class.forName(PACKAGE + simple, false, PageValues.class.getClassLoader());
    }

    private void add() {
        list(sort, v -> orders(new ArrayList<>(), v), v -> sortOf(v, 0));
        list(request, this::writeRequest, this::readRequest);
        list(call(pageable, null, "unpaged").getClass(), v -> List.of(), v -> call(pageable, null, "unpaged"));
        list(page, this::writePage, this::readPage);
    }

    @SuppressWarnings("unchecked")
    private static void list(Class<?> type, Function<Object, List<?>> write, Function<List<Object>, Object> read) {
        LibraryValues.list((Class<Object>) type, write, read);
    }

    private List<Object> writeRequest(Object value) {
        List<Object> found = new ArrayList<>(List.of(call(pageable, value, "getPageNumber"), call(pageable, value, "getPageSize")));
        return orders(found, call(pageable, value, "getSort"));
    }

    private Object readRequest(List<Object> parts) {
        return call(request, null, "of", parts.get(0), parts.get(1), sortOf(parts, 2));
    }

    private List<Object> writePage(Object value) {
        List<Object> found = new ArrayList<>();
        found.add(call(page, value, "getTotalElements"));
        found.add(call(page, value, "getPageable"));
        found.addAll((List<?>) call(page, value, "getContent"));
        return found;
    }

    private Object readPage(List<Object> parts) {
        List<Object> content = new ArrayList<>(parts.subList(2, parts.size()));
        try {
            Constructor<?> made = page.getConstructor(List.class, pageable, long.class);
            return made.newInstance(content, parts.get(1), parts.get(0));
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedValue("cannot make a " + page.getName(), e);
        }
    }

    /** Four words an order: property, direction, whether case is ignored, where nulls go. */
    private List<Object> orders(List<Object> found, Object value) {
        for (Object each : (Iterable<?>) value) {
            found.add(call(order, each, "getProperty"));
            found.add(((Enum<?>) call(order, each, "getDirection")).name());
            found.add(call(order, each, "isIgnoreCase"));
            found.add(((Enum<?>) call(order, each, "getNullHandling")).name());
        }
        return found;
    }

    private Object sortOf(List<Object> words, int from) {
        List<Object> found = new ArrayList<>();
        for (int at = from; at < words.size(); at += 4) {
            Object each = call(order, null, words.get(at + 1).equals("DESC") ? "desc" : "asc", words.get(at));
            if ((Boolean) words.get(at + 2)) each = call(order, each, "ignoreCase");
            String nulls = (String) words.get(at + 3);
            if (!nulls.equals("NATIVE")) each = call(order, each, nulls.equals("NULLS_FIRST") ? "nullsFirst" : "nullsLast");
            found.add(each);
        }
        return found.isEmpty() ? call(sort, null, "unsorted") : call(sort, null, "by", found);
    }

    /** The public method of that name which takes these arguments. */
    private static Object call(Class<?> type, Object self, String name, Object... arguments) {
        for (Method method : type.getMethods()) {
            if (!method.getName().equals(name) || method.getParameterCount() != arguments.length || !takes(method, arguments)) continue;
            try {
                return method.invoke(self, arguments);
            } catch (InvocationTargetException e) {
                throw new UnsupportedValue(type.getName() + "." + name + " failed", e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("public methods can be called", e);
            }
        }
        throw new UnsupportedValue(type.getName() + " has no " + name);
    }

    private static boolean takes(Method method, Object[] arguments) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            boolean fits = types[i] == int.class ? arguments[i] instanceof Integer : types[i].isInstance(arguments[i]);
            if (!fits) return false;
        }
        return true;
    }
}

package refactor.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The remote operations of one interface or library class: its public instance methods. The operation is the method's
 * name, and where that is overloaded, the name, `~` and a hash of the erased parameter types.
 */
final class Operations {
    private final Map<String, Method> byOperation = new HashMap<>();
    private final Map<String, String> bySignature = new HashMap<>();

    Operations(Class<?> type) {
        Map<String, Method> bySignature = new HashMap<>();
        Map<String, Integer> overloads = new HashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers()) || !isForwarded(method)) continue;
            Method before = bySignature.get(signature(method));
            if (before == null) overloads.merge(method.getName(), 1, Integer::sum);
            if (before == null || before.getReturnType().isAssignableFrom(method.getReturnType())) bySignature.put(signature(method), method);
        }
        bySignature.forEach((signature, method) -> {
            String operation = overloads.get(method.getName()) == 1 ? method.getName() : method.getName() + "~" + hash(signature);
            if (byOperation.put(operation, method) != null) throw new IllegalStateException(type + ": two operations " + operation);
            this.bySignature.put(signature, operation);
        });
    }

    /** Of Object's methods, those that a class may define anew. */
    private static boolean isForwarded(Method method) {
        if (method.getDeclaringClass() != Object.class) return true;
        return method.getName().equals("equals") || method.getName().equals("hashCode") || method.getName().equals("toString");
    }

    static String signature(Method method) {
        StringBuilder text = new StringBuilder(method.getName()).append('(');
        for (Class<?> type : method.getParameterTypes()) text.append(type.getName()).append(',');
        return text.append(')').toString();
    }

    /** 32 bits of FNV-1a in hex: short, and the same in every process and language. */
    static String hash(String text) {
        int hash = 0x811c9dc5;
        for (int i = 0; i < text.length(); i++) hash = (hash ^ text.charAt(i)) * 0x01000193;
        return String.format("%08x", hash);
    }

    Method method(String operation) {
        return byOperation.get(operation);
    }

    /** The operation of a method with this signature, or null. */
    String operation(Method method) {
        return bySignature.get(signature(method));
    }

    @Override
    public String toString() {
        return Arrays.toString(byOperation.keySet().toArray());
    }
}

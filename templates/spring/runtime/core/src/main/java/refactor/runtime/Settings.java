package refactor.runtime;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the environment says about this process. A system property `refactor.x.y` wins over the variable REFACTOR_X_Y. */
final class Settings {
    final String peers = text("PEERS", "");
    final String token = text("TOKEN", "");
    /** Tokens of single parts where they differ from REFACTOR_TOKEN: `orders=secret,driver=other`. */
    final Map<String, String> tokens = pairs(text("TOKENS", ""));
    final String instance = text("INSTANCE", "0");
    final int connectMillis = number("CONNECT_TIMEOUT_MS", 5_000);
    final int readMillis = number("READ_TIMEOUT_MS", 600_000);
    final int idleMillis = number("IDLE_TIMEOUT_MS", 15_000);
    final int leaseMillis = number("LEASE_MS", 120_000);
    final int releaseMillis = number("RELEASE_MS", 200);
    /** How often garbage that is cyclic across processes is looked for; 0: only when asked. */
    final int cyclesMillis = number("CYCLES_MS", 300_000);
    /** How long the first call of a part waits until that part is there; 0: it fails at once. */
    final int startMillis = number("START_WAIT_MS", 0);
    final int deepest = number("MAX_DEPTH", 20_000);
    final int largestMessage = number("MAX_MESSAGE_BYTES", 256 << 20);

    static String text(String name, String otherwise) {
        String property = System.getProperty("refactor." + name.toLowerCase(Locale.ROOT).replace('_', '.'));
        if (property != null) return property;
        String variable = System.getenv("REFACTOR_" + name);
        return variable == null || variable.isEmpty() ? otherwise : variable;
    }

    private static int number(String name, int otherwise) {
        String text = text(name, "");
        if (text.isEmpty()) return otherwise;
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw new IllegalStateException("REFACTOR_" + name + " is not a number: " + text);
        }
    }

    /** `a=1,b=2` as a map in that order. */
    static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",")) {
            if (pair.isBlank()) continue;
            int equals = pair.indexOf('=');
            if (equals < 1) throw new IllegalStateException("expected name=value, found: " + pair);
            pairs.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
        }
        return pairs;
    }
}

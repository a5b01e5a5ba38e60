package refactor.runtime;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * One part as a process of its own, served over HTTP. Every line of the standard input names a main class to run; its
 * output is answered as one line of Base64. An empty line asks for the counters after collecting garbage, the line
 * `cycles` first looks for garbage that is cyclic across processes. The process ends with its standard input.
 */
public final class PartMain {
    private PartMain() {}

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        Host.ensureStarted();
        answers.println("ready");
        answers.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            byte[] said = line.isEmpty() || line.equals("cycles") ? counters(!line.isEmpty()) : run(line);
            answers.println(Base64.getEncoder().encodeToString(said));
            answers.flush();
        }
        System.exit(0);
    }

    private static byte[] counters(boolean cycles) {
        try (JsonWriter out = cycles ? Host.get().cycles.collect() : Internal.collect(Host.get())) {
            return java.util.Arrays.copyOf(out.buffer(), out.size());
        }
    }

    private static byte[] run(String main) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream before = System.out;
        System.setOut(stream);
        System.setErr(stream);
        Thread thread = new Thread(() -> {
            try {
                Class.forName(main).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException e) {
                e.getCause().printStackTrace(stream);
            } catch (ReflectiveOperationException | LinkageError e) {
                e.printStackTrace(stream);
            }
        });
        thread.start();
        thread.join();
        System.setOut(before);
        return out.toByteArray();
    }
}

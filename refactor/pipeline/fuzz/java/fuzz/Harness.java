package fuzz;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Compiles and runs generated programs, many in one virtual machine. Commands come as lines of tab-separated words on the
 * standard input; each is answered by one line: a status and a text in Base64.
 *
 *   compile ARGFILE                      ok | failed, what javac said
 *   forget                               drops the classes of the folders that were run: they were compiled anew
 *   plain FOLDER MAIN MILLIS             runs a main class of a folder of classes: ok | timeout, its output
 *   open PART=FOLDER ...                 starts one process per part, each a class loader with its own runtime
 *   split PART MAIN MILLIS               runs a main class in a part's process: ok | timeout, its output
 *   stats GC                             the parts' counters, after collecting garbage where GC is 1
 *   close                                ends the processes
 */
public final class Harness {
    private static final PrintStream ANSWERS = System.out;
    /** Threads that a program or the runtime left behind may still print: no answer may be among that. */
    private static final PrintStream NOWHERE = new PrintStream(java.io.OutputStream.nullOutputStream());
    private static final String COUNTERS = "refactor.runtime.InProcess";

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final URL[] runtime;
    private final ClassLoader libraries;
    private final Map<String, URLClassLoader> plain = new LinkedHashMap<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private ExecutorService pool;

    private Harness(String runtime, String libraries) throws IOException {
        this.runtime = urls(runtime);
        this.libraries = new URLClassLoader(urls(libraries), ClassLoader.getPlatformClassLoader());
    }

    /** The folder of the runtime's classes, and the libraries that it needs. */
    public static void main(String[] args) throws Exception {
        System.setOut(NOWHERE);
        System.setErr(NOWHERE);
        Harness harness = new Harness(args[0], args[1]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split("\t");
            String status;
            String text;
            try {
                String[] answer = harness.serve(words);
                status = answer[0];
                text = answer[1];
            } catch (Throwable thrown) {
                java.io.StringWriter trace = new java.io.StringWriter();
                thrown.printStackTrace(new java.io.PrintWriter(trace));
                status = "broken";
                text = trace.toString();
            }
            ANSWERS.println(status + "\t" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
            ANSWERS.flush();
        }
        System.exit(0);
    }

    private String[] serve(String[] words) throws Exception {
        switch (words[0]) {
            case "compile": return compile(words[1]);
            case "plain": return run(plainLoader(words[1]), words[2], Long.parseLong(words[3]));
            case "open": return open(Arrays.copyOfRange(words, 1, words.length));
            case "split": return run(parts.get(words[1]), words[2], Long.parseLong(words[3]));
            case "stats": return stats(words[1].equals("1"));
            case "forget": return forget();
            case "close": return close();
            default: throw new IllegalArgumentException(words[0]);
        }
    }

    private String[] compile(String argfile) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int failed = compiler.run(null, said, said, "@" + argfile);
        return new String[] {failed == 0 ? "ok" : "failed", said.toString(StandardCharsets.UTF_8)};
    }

    private String[] forget() throws IOException {
        for (URLClassLoader old : plain.values()) old.close();
        plain.clear();
        return new String[] {"ok", ""};
    }

    private ClassLoader plainLoader(String folder) throws IOException {
        URLClassLoader known = plain.get(folder);
        if (known == null) {
            for (URLClassLoader old : plain.values()) old.close();
            plain.clear();
            known = new URLClassLoader(urls(folder), ClassLoader.getPlatformClassLoader());
            plain.put(folder, known);
        }
        return known;
    }

    private String[] open(String[] folders) throws Exception {
        StringBuilder peers = new StringBuilder();
        for (String folder : folders) peers.append(folder, 0, folder.indexOf('=')).append("=http://127.0.0.1:1,");
        System.setProperty("refactor.peers", peers.toString());
        System.setProperty("refactor.token", "fuzz");
        // Nothing happens by the clock: a busy machine must not expire a lease, and the threads of closed parts must not wake up while
        // another program runs. Leases and the search for cycles have tests, and real processes, of their own.
        System.setProperty("refactor.release.ms", "3600000");
        System.setProperty("refactor.lease.ms", "3600000");
        System.setProperty("refactor.cycles.ms", "0");
        pool = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        Map<String, Function<Object[], Object[]>> servers = new ConcurrentHashMap<>();
        for (String folder : folders) {
            int equals = folder.indexOf('=');
            List<URL> path = new ArrayList<>(List.of(urls(folder.substring(equals + 1))));
            path.addAll(List.of(runtime));
            Part part = new Part(path.toArray(new URL[0]), libraries);
            parts.put(folder.substring(0, equals), part);
            Thread.currentThread().setContextClassLoader(part);
            Class.forName(COUNTERS, true, part).getMethod("install", Map.class, ExecutorService.class).invoke(null, servers, pool);
        }
        Thread.currentThread().setContextClassLoader(Harness.class.getClassLoader());
        return new String[] {"ok", ""};
    }

    /** Runs a main class on a thread of its own, its output kept. */
    private static String[] run(ClassLoader loader, String main, long millis) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
        Thread thread = new Thread(() -> {
            try {
                Class.forName(main, true, loader).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            } catch (InvocationTargetException e) {
                e.getCause().printStackTrace(stream);
            } catch (ReflectiveOperationException | LinkageError e) {
                e.printStackTrace(stream);
            }
        });
        thread.setContextClassLoader(loader);
        thread.setDaemon(true);
        thread.start();
        thread.join(millis);
        boolean late = thread.isAlive();
        String text = out.toString(StandardCharsets.UTF_8);
        System.setOut(NOWHERE);
        System.setErr(NOWHERE);
        return new String[] {late ? "timeout" : "ok", late ? text + stacks() : text};
    }

    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append("\n-- ").append(thread.getName());
            for (StackTraceElement frame : frames) text.append("\n    ").append(frame);
        });
        return text.toString();
    }

    /** One line per part: its name and its counters as JSON. */
    private String[] stats(boolean collect) throws Exception {
        // The virtual machine tells of collected objects a little later: what is left counts only when it stays.
        for (int round = 0, left = 1, quiet = 0; collect && round < 60 && left > 0 && quiet < 10; round++) {
            System.gc();
            Thread.sleep(5 + 5 * quiet);
            int found = 0;
            left = 0;
            for (Part part : parts.values()) found += (Integer) part.counters("flush");
            for (Part part : parts.values()) left += (Integer) part.counters("left");
            quiet = found == 0 ? quiet + 1 : 0;
        }
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            text.append(part.getKey()).append(' ').append(part.getValue().counters("stats")).append('\n');
        }
        return new String[] {"ok", text.toString()};
    }

    private String[] close() throws IOException {
        if (pool != null) pool.shutdownNow();
        for (Part part : parts.values()) part.close();
        parts.clear();
        return new String[] {"ok", ""};
    }

    private static URL[] urls(String path) throws MalformedURLException {
        List<URL> found = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) if (!entry.isEmpty()) found.add(new File(entry).toURI().toURL());
        return found.toArray(new URL[0]);
    }

    /** The classes of one process. */
    private static final class Part extends URLClassLoader {
        Part(URL[] path, ClassLoader libraries) {
            super(path, libraries);
        }

        Object counters(String method) throws ReflectiveOperationException {
            return Class.forName(COUNTERS, true, this).getMethod(method).invoke(null);
        }
    }
}

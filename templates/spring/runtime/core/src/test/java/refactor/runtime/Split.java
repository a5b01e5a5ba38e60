package refactor.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/**
 * Several processes of one split program inside this JVM: every part has its own class loader with its own copy of the
 * runtime, and they talk HTTP over the loopback address.
 */
final class Split implements AutoCloseable {
    private final Path root;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Path> classes = new LinkedHashMap<>();
    private final Map<String, Integer> detours = new LinkedHashMap<>();
    private final Map<String, Loader> loaders = new LinkedHashMap<>();
    private final Map<String, Process> children = new LinkedHashMap<>();

    Split(String... parts) throws IOException {
        root = Files.createTempDirectory("split");
        List<ServerSocket> taken = new ArrayList<>();
        for (String part : parts) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            taken.add(socket);
            ports.put(part, socket.getLocalPort());
        }
        for (ServerSocket socket : taken) socket.close();
    }

    /** Compiles the sources of one part, each with its package; `'` stands for `"` in the manifest. */
    Split part(String name, String manifest, String... sources) throws IOException {
        Path out = compile(name, sources);
        classes.put(name, out);
        Files.writeString(out.resolve("refactor-manifest.json"), manifest.replace('\'', '"'));
        return this;
    }

    /** Compiles sources into a folder of this name. */
    Path compile(String name, String... sources) throws IOException {
        Path out = Files.createDirectories(root.resolve(name));
        List<String> args = new ArrayList<>(List.of("-nowarn", "-proc:none", "-g", "-d", out.toString(), "-cp", System.getProperty("java.class.path")));
        for (int i = 0; i < sources.length; i++) {
            java.util.regex.Matcher type = java.util.regex.Pattern.compile("(?:class|interface|record|enum) (\\w+)").matcher(sources[i]);
            if (!type.find()) throw new IllegalArgumentException("no type in " + sources[i]);
            Path file = Files.createDirectories(root.resolve(name + "-src" + i)).resolve(type.group(1) + ".java");
            Files.writeString(file, sources[i]);
            args.add(file.toString());
        }
        java.io.ByteArrayOutputStream said = new java.io.ByteArrayOutputStream();
        int failed = ToolProvider.getSystemJavaCompiler().run(null, said, said, args.toArray(new String[0]));
        if (failed != 0) {
            throw new IllegalStateException(name + " does not compile:\n" + said.toString(StandardCharsets.UTF_8) + String.join("\n", sources));
        }
        return out;
    }

    /** Makes one part find another on a port of the test's choice. */
    void reach(String from, String to, int port) {
        detours.put(from + ">" + to, port);
    }

    /** Starts every part that was compiled. */
    Split start() throws Exception {
        System.setProperty("refactor.token", "secret");
        for (String part : classes.keySet()) {
            System.setProperty("refactor.peers", peers(part));
            Loader loader = new Loader(classes.get(part));
            loaders.put(part, loader);
            Class.forName("refactor.runtime.Host", true, loader).getMethod("ensureStarted").invoke(null);
        }
        return this;
    }

    private String peers(String part) {
        StringBuilder peers = new StringBuilder();
        ports.forEach((to, port) -> peers.append(to).append("=http://127.0.0.1:").append(detours.getOrDefault(part + ">" + to, port)).append(','));
        return peers.toString();
    }

    /** Starts every part in a virtual machine of its own, which lives as long as this one wants, with these system properties. */
    Split startApart(String... properties) throws Exception {
        for (String part : classes.keySet()) {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Drefactor.token=secret", "-Drefactor.peers=" + peers(part)));
            command.addAll(List.of(properties));
            command.addAll(List.of("-cp", classes.get(part) + java.io.File.pathSeparator + System.getProperty("java.class.path"), Child.class.getName()));
            children.put(part, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        }
        for (Process child : children.values()) {
            if (child.getInputStream().read() < 0) throw new IllegalStateException("a process did not start");
        }
        return this;
    }

    boolean isApart() {
        return !children.isEmpty();
    }

    /** Ends a process without a chance to say goodbye. */
    void kill(String part) throws InterruptedException {
        children.get(part).destroyForcibly().waitFor();
    }

    long pid(String part) {
        return children.get(part).pid();
    }

    /** The main program of a process of its own: serves until its parent closes the pipe. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            Host.ensureStarted();
            System.out.println("ready");
            while (System.in.read() >= 0) Thread.onSpinWait();
            System.exit(0);
        }
    }

    int port(String part) {
        return ports.get(part);
    }

    /** Runs a public static method without arguments in a part; throws what it throws. */
    Object run(String part, String type, String method) throws Throwable {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loaders.get(part));
        try {
            return Class.forName(type, true, loaders.get(part)).getMethod(method).invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** The answer of an internal request, e.g. `GET /refactor/stats`. */
    String request(String part, String method, String path, String body) throws Exception {
        return send(part, method, path, body, "secret").body();
    }

    java.net.http.HttpResponse<String> send(String part, String method, String path, String body, String token, String... headers) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + ports.get(part) + path))
            .header("Authorization", "Bearer " + token).version(java.net.http.HttpClient.Version.HTTP_1_1)
            .method(method, java.net.http.HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) request.headers(headers);
        return java.net.http.HttpClient.newHttpClient().send(request.build(), java.net.http.HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException {
        for (Process child : children.values()) child.destroyForcibly();
        // The loaders stay open: daemon threads of the runtime may still load a class.
        try (var files = Files.walk(root)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    /** Has its own runtime and its own part; everything else comes from the test's loader. */
    private static final class Loader extends URLClassLoader {
        private final Path own;

        Loader(Path own) throws IOException {
            super(new URL[] {own.toUri().toURL(), Host.class.getProtectionDomain().getCodeSource().getLocation()}, Split.class.getClassLoader());
            this.own = own;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean mine = name.startsWith("refactor.runtime.") || Files.exists(own.resolve(name.replace('.', '/') + ".class"));
            if (!mine) return super.loadClass(name, resolve);
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }

        @Override
        public URL getResource(String name) {
            URL found = findResource(name);
            return found != null ? found : super.getResource(name);
        }
    }
}

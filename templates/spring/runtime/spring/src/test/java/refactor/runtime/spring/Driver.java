package refactor.runtime.spring;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import refactor.runtime.Host;

/** The other process: a class loader with its own runtime and the generated proxy of `shop.Order`. */
final class Driver implements AutoCloseable {
    private static final String ORDER = """
        package shop;
        import refactor.runtime.*;
        public class Order implements Proxy {
            private static final Endpoint NEW = Endpoint.of("orders", "shop.Order", "new");
            private static final Endpoint ADD = Endpoint.of("orders", "shop.Order", "add");
            private static final Endpoint TELL = Endpoint.of("orders", "shop.Order", "tell");
            private static final Endpoint FAIL = Endpoint.of("orders", "shop.Order", "fail");
            private final Ref ref$;
            Order(Ref ref) { this.ref$ = ref.bind(this); }
            public Order() { this(Remote.create(NEW)); }
            public Ref ref$() { return ref$; }
            public int add(int amount) { return (Integer) Remote.call(ADD, this, amount); }
            public int tell(Listener listener, int depth) { return (Integer) Remote.call(TELL, this, listener, depth); }
            public void fail() { Remote.call(FAIL, this); }
        }
        """;
    private static final String MAIN = """
        package shop;
        public class Main {
            static Order order = new Order();
            static Listener listener = (what, depth) -> order.tell(Main.listener, depth);
            public static String run() {
                Order order = new Order();
                Main.order = order;
                order.add(40);
                String out = order.add(2) + " " + order.tell(listener, 50);
                try {
                    order.fail();
                } catch (IllegalArgumentException e) {
                    out += " " + e.getMessage();
                }
                return out;
            }
            public static long[] time() {
                long[] nanos = new long[10000];
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    order.add(1);
                    nanos[i] = System.nanoTime() - start;
                }
                return nanos;
            }
            public static long[] timeCallBacks() {
                long[] nanos = new long[3000];
                for (int i = 0; i < nanos.length; i++) {
                    long start = System.nanoTime();
                    order.tell((what, depth) -> 0, 1);
                    nanos[i] = System.nanoTime() - start;
                }
                return nanos;
            }
        }
        """;
    private final Path classes = Files.createTempDirectory("driver");
    private final ClassLoader loader;

    Driver() throws Exception {
        Path sources = Files.createDirectories(classes.resolve("src"));
        Files.writeString(sources.resolve("Order.java"), ORDER);
        Files.writeString(sources.resolve("Main.java"), MAIN);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int failed = ToolProvider.getSystemJavaCompiler().run(null, said, said, "-nowarn", "-proc:none", "-d", classes.toString(), "-cp",
            System.getProperty("java.class.path"), sources.resolve("Order.java").toString(), sources.resolve("Main.java").toString());
        if (failed != 0) throw new IllegalStateException(said.toString());
        Files.writeString(classes.resolve("refactor-manifest.json"), "{\"part\": \"driver\", \"hash\": {\"orders\": \"h1\"}, \"owned\": [\"shop.Main\"], "
            + "\"interfaces\": [\"shop.Listener\"], \"proxies\": {\"shop.Order\": \"orders\"}}");
        URL runtime = Host.class.getProtectionDomain().getCodeSource().getLocation();
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL(), runtime}, Driver.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                boolean mine = name.startsWith("refactor.runtime.") || Files.exists(classes.resolve(name.replace('.', '/') + ".class"));
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
        };
    }

    Object run(String method) throws Throwable {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            return Class.forName("shop.Main", true, loader).getMethod(method).invoke(null);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        try (var files = Files.walk(classes)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}

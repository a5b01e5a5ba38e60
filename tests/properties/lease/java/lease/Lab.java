package lease;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Three processes a, b, c and the network between them. One command a line, one answer a line.
 *
 * The network asks `fates` what happens to a notice: ok, lost (never arrives), late (no answer, arrives when told to), mute (arrives,
 * its answer does not), twice (arrives, and once more when told to). Without fates left, everything arrives.
 */
public final class Lab {
    private final Map<String, URLClassLoader> loaders = new LinkedHashMap<>();
    private final Map<String, String> processes = new LinkedHashMap<>();
    private final Map<String, Object[]> flying = new LinkedHashMap<>();
    private final Deque<String> fates = new ArrayDeque<>();
    private final List<Object[]> late = new ArrayList<>();
    private final Set<String> dead = new HashSet<>();

    /** Class paths: of the parts (a folder each, with its manifest), and the runtime's with the lab's own. */
    public static void main(String[] args) throws Exception {
        System.setProperty("refactor.peers", "a=http://127.0.0.1:1,b=http://127.0.0.1:1,c=http://127.0.0.1:1");
        System.setProperty("refactor.token", "lab");
        Lab lab = new Lab();
        for (String part : new String[] {"a", "b", "c"}) {
            List<URL> path = new ArrayList<>();
            path.add(new File(args[0], part).toURI().toURL());
            for (String entry : args[1].split(File.pathSeparator)) path.add(new File(entry).toURI().toURL());
            lab.loaders.put(part, new URLClassLoader(path.toArray(new URL[0]), ClassLoader.getPlatformClassLoader()));
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = in.readLine()) != null; ) {
            String answer;
            try {
                answer = lab.run(line.split(" "));
            } catch (InvocationTargetException e) {
                answer = "failed " + e.getCause();
            } catch (Exception e) {
                answer = "failed " + e;
            }
            System.out.println(answer.replace('\n', ' '));
        }
        System.exit(0);
    }

    private String run(String[] w) throws Exception {
        switch (w[0]) {
            case "reset": return reset();
            case "make": return said(call(w[1], "make", w[2]));
            case "drop": return said(call(w[1], "drop", w[2]));
            case "send": // message, from, root, to
                flying.put(w[1], new Object[] {w[2], w[4], call(w[2], "send", w[1], w[3], processes.get(w[4]))});
                return "ok";
            case "deliver": return deliver(w[1], w[2]);
            case "forget": // message, arrived: the sender learns what became of it
                if (!dead.contains(w[2])) call(w[2], "settled", w[1], Boolean.valueOf(w[3]));
                flying.remove(w[1]);
                return "ok";
            case "fates":
                fates.clear();
                for (int i = 1; i < w.length; i++) fates.add(w[i]);
                return "ok";
            case "late": {
                Object[] message = late.remove(Integer.parseInt(w[1]));
                if (!dead.contains((String) message[0])) call((String) message[0], "serve", message[1], message[2]);
                return "ok";
            }
            case "waiting": return Integer.toString(late.size());
            case "gc": return collect();
            case "flush": return said(call(w[1], "flush"));
            case "beat": return said(call(w[1], "beat"));
            case "expire": return said(call(w[1], "expire", processes.get(w[2])));
            case "die":
                dead.add(w[1]);
                return reset(w[1]);
            case "check": return check(w[1], w[2]);
            case "exported": return said(call(w[1], "exported"));
            case "hammer": return said(call("a", "hammer", 8, 20000));
            default: throw new IllegalArgumentException(w[0]);
        }
    }

    private static String said(Object answer) {
        return answer == null ? "ok" : "ok " + answer;
    }

    private String reset() throws Exception {
        flying.clear();
        fates.clear();
        late.clear();
        dead.clear();
        for (String part : loaders.keySet()) reset(part);
        return "ok";
    }

    /** A new process, with nothing in it, in the place of the one that was there. */
    private String reset(String part) throws Exception {
        Function<Object[], Object[]> network = message -> post((String) message[0], (String) message[1], (byte[]) message[2]);
        String process = (String) call(part, "start", network);
        if (!dead.contains(part)) processes.put(part, process);
        return "ok";
    }

    private Object[] post(String to, String path, byte[] body) {
        String fate = fates.isEmpty() ? "ok" : fates.poll();
        if (dead.contains(to) || fate.equals("lost")) return null;
        if (fate.equals("late") || fate.equals("twice")) late.add(new Object[] {to, path, body});
        if (fate.equals("late")) return null;
        try {
            Object[] answer = (Object[]) call(to, "serve", path, body);
            return fate.equals("mute") ? null : answer;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private String deliver(String message, String root) throws Exception {
        Object[] sent = flying.remove(message);
        String wrong = (String) call((String) sent[1], "receive", sent[2], root);
        if (!dead.contains((String) sent[0])) call((String) sent[0], "settled", message, true);
        return wrong.isEmpty() ? "ok" : "wrong " + wrong;
    }

    /** What the owner of the object behind a root knows under its id: its name, home, or gone with its owner. */
    private String check(String part, String root) throws Exception {
        String id = (String) call(part, "id", root);
        if (id.isEmpty()) return "ok home";
        String owner = id.substring(0, id.indexOf('.'));
        if (dead.contains(owner)) return "ok gone";
        return "ok " + call(owner, "known", id);
    }

    private Object call(String part, String method, Object... args) throws ReflectiveOperationException {
        Thread.currentThread().setContextClassLoader(loaders.get(part));
        for (Method found : Class.forName("refactor.runtime.LeaseSide", true, loaders.get(part)).getMethods()) {
            if (found.getName().equals(method)) return found.invoke(null, args);
        }
        throw new NoSuchMethodException(method);
    }

    /** Collects, and waits until the virtual machine has told of everything that it found. */
    private static String collect() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            ReferenceQueue<Object> queue = new ReferenceQueue<>();
            WeakReference<Object> mark = new WeakReference<>(new Object(), queue);
            System.gc();
            queue.remove(1000);
            if (mark.get() != null) return "failed";
        }
        return "ok";
    }
}

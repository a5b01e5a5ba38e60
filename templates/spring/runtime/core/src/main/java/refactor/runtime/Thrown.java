package refactor.runtime;

import java.util.ArrayList;
import java.util.List;

/** Exceptions by copy: class, message, fields, cause, suppressed, frames of both sides. */
final class Thrown {
    private static final String BOUNDARY = "refactor.runtime.boundary";
    /** An exception that comes through a deep recursion would otherwise carry a trace that grows with every step. */
    private static final int MOST_FRAMES = 512;
    private static final Fields.Slot MESSAGE = Fields.slot(Throwable.class, "detailMessage");
    private static final Fields.Slot CAUSE = Fields.slot(Throwable.class, "cause");
    private static final Fields.Slot SUPPRESSED = Fields.slot(Throwable.class, "suppressedExceptions");
    private static final Fields.Slot TRACE = Fields.slot(Throwable.class, "stackTrace");
    private static final Object NONE_SUPPRESSED = Fields.constant(Throwable.class, "SUPPRESSED_SENTINEL");

    private Thrown() {}

    /** Throws any exception where the compiler sees no checked one: it is the program's own, and its signature knows it. */
    static RuntimeException sneaky(Throwable thrown) {
        return Thrown.<RuntimeException>as(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T as(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static void write(Throwable thrown, Shape shape, Marshal marshal, Host host) {
        JsonWriter out = marshal.out;
        out.open('{').name("$").string("thrown").name("class").string(thrown.getClass().getName());
        out.name("types").open('[');
        for (Class<?> at = thrown.getClass().getSuperclass(); at != Object.class; at = at.getSuperclass()) out.string(at.getName());
        out.close(']').name("id").string(host.copies.idOf(thrown)).name("message").string((String) MESSAGE.get(thrown));
        boolean standsIn = host.standIns.contains(thrown.getClass());
        Object cause = CAUSE.get(thrown);
        out.name("cause");
        if (cause == thrown) marshal.tag("unset").literal("null").close('}');
        else marshal.value(cause);
        out.name("suppressed");
        if (SUPPRESSED.get(thrown) == null) out.literal("null"); // it was made to keep none
        else {
            out.open('[');
            for (Throwable each : thrown.getSuppressed()) marshal.value(each);
            out.close(']');
        }
        StackTraceElement[] frames = thrown.getStackTrace();
        out.name("frames");
        if (TRACE.get(thrown) == null) out.literal("null"); // it was made to have none
        else {
            out.open('[');
            for (int i = 0, n = Math.min(ownFrames(frames), MOST_FRAMES); i < n; i++) out.string(text(frames[i]));
            out.close(']');
        }
        int before = out.size();
        try {
            if (standsIn) out.name("fields").literal("null");
            else marshal.fields(thrown, shape.fields);
        } catch (UnsupportedValue e) {
            // An exception must arrive even when one of its fields cannot: its class and message say what happened.
            out.truncate(before);
            out.name("fields").open('{').close('}');
        }
        if (standsIn || !isKnownEverywhere(thrown.getClass(), host)) shown(thrown, out);
        out.close('}');
    }

    /** Whether every process that has a superclass of it in its source has the class, too. */
    private static boolean isKnownEverywhere(Class<?> type, Host host) {
        return type.getClassLoader() == null || host.manifest.exceptions.contains(type.getName());
    }

    /** What it says of itself, for whoever has none of its code. */
    private static void shown(Throwable thrown, JsonWriter out) {
        String[] words;
        try {
            words = new String[] {thrown.getMessage(), thrown.getLocalizedMessage(), thrown.toString()};
        } catch (RuntimeException e) {
            return; // the program's own code; what it throws is no word about this exception
        }
        out.name("shown").open('[');
        for (String each : words) out.string(each);
        out.close(']');
    }

    /** How many frames belong to the program: those above the dispatcher that called it. */
    private static int ownFrames(StackTraceElement[] frames) {
        for (int i = 0; i < frames.length; i++) {
            if (frames[i].getClassName().equals(Dispatcher.class.getName())) return i;
        }
        return frames.length;
    }

    static Object read(Unmarshal message, Host host) {
        JsonReader in = message.in;
        in.name("class");
        String name = in.string();
        in.name("types");
        List<String> types = new ArrayList<>();
        in.open('[');
        while (in.element()) types.add(in.string());
        in.name("id");
        String id = in.string();
        int at = message.reserve();
        Throwable known = (Throwable) host.copies.find(id);
        Class<?> type = nearest(host, name, types);
        Throwable made = (Throwable) Fields.blank(type);
        message.numbered.set(at, known == null ? made : known);
        in.name("message");
        String text = in.text();
        MESSAGE.set(made, type.getName().equals(name) ? text : text == null ? name : name + ": " + text);
        SUPPRESSED.set(made, NONE_SUPPRESSED);
        TRACE.set(made, new StackTraceElement[0]);
        in.name("cause");
        CAUSE.set(made, cause(message, made));
        in.name("suppressed");
        if (in.nullValue()) SUPPRESSED.set(made, null);
        else for (Object each : message.values()) made.addSuppressed((Throwable) each);
        in.name("frames");
        if (in.nullValue()) TRACE.set(made, null);
        else made.setStackTrace(frames(in, message, host));
        in.name("fields");
        boolean partial = in.nullValue();
        if (!partial) message.fields(made, host.classes.shape(type).fields);
        if (in.peek() == ',') {
            in.name("shown");
            String[] words = new String[StandIns.WORDS.size()];
            in.open('[');
            for (int i = 0; in.element(); i++) words[i] = in.text();
            if (host.standIns.contains(type)) Fields.slot(type, StandIns.SAID).set(made, words);
        }
        if (known == null) return host.copies.keep(id, made);
        if (known != made) merge(made, known, partial ? null : host.classes.shape(known.getClass()).fields);
        return known;
    }

    /** The original comes home: what was added to its copy abroad is added to it. */
    private static void merge(Throwable copy, Throwable original, Fields fields) {
        List<Throwable> had = List.of(original.getSuppressed());
        for (Throwable each : copy.getSuppressed()) {
            if (had.stream().noneMatch(known -> known == each)) original.addSuppressed(each);
        }
        if (CAUSE.get(original) == original && CAUSE.get(copy) != copy) CAUSE.set(original, CAUSE.get(copy));
        if (fields != null && copy.getClass() == original.getClass()) for (Fields.Slot slot : fields.slots) slot.set(original, slot.get(copy));
        // The copy went through callers that the original, taken where it was made, cannot know.
        if (copy.getStackTrace().length > ownFrames(original.getStackTrace())) original.setStackTrace(copy.getStackTrace());
    }

    private static Object cause(Unmarshal message, Throwable made) {
        JsonReader in = message.in;
        JsonReader ahead = new JsonReader(in.buffer(), in.position(), in.buffer().length - in.position());
        if (ahead.peek() == '{') {
            ahead.open('{');
            ahead.name("$");
            if (ahead.string().equals("unset")) {
                in.skip();
                return made; // Throwable's own mark for "initCause may still be called"
            }
        }
        return message.value();
    }

    /** The class itself, or its nearest superclass that this process has. */
    private static Class<?> nearest(Host host, String name, List<String> types) {
        Class<?> type = host.classes.exception(name, types);
        for (int i = 0; type == null || !Throwable.class.isAssignableFrom(type) || isAbstract(type); i++) {
            if (i == types.size()) return RuntimeException.class;
            type = host.classes.load(types.get(i));
        }
        return type;
    }

    private static boolean isAbstract(Class<?> type) {
        return java.lang.reflect.Modifier.isAbstract(type.getModifiers());
    }

    /** The owner's frames, a marker, and the frames of the caller. */
    private static StackTraceElement[] frames(JsonReader in, Unmarshal message, Host host) {
        List<StackTraceElement> frames = new ArrayList<>();
        in.open('[');
        while (in.element()) frames.add(frame(in.string()));
        if (frames.size() >= MOST_FRAMES) return frames.toArray(new StackTraceElement[0]);
        frames.add(new StackTraceElement(BOUNDARY, "call", host.process, -1));
        StackTraceElement[] here = new Throwable().getStackTrace();
        int from = 0;
        while (from < here.length && here[from].getClassName().startsWith("refactor.runtime.")) from++;
        // The initialiser of a proxy only asks for that of its class, whose frame is among the owner's where the program's own would be.
        if (from < here.length && here[from].getMethodName().equals("<clinit>") && host.manifest.proxies.containsKey(here[from].getClassName())) from++;
        int to = ownFrames(here);
        for (int i = from; i < Math.max(from, to); i++) frames.add(here[i]);
        return frames.toArray(new StackTraceElement[0]);
    }

    /** A frame as text with all that equality of frames looks at. */
    static String text(StackTraceElement frame) {
        return String.join("\t", or(frame.getClassLoaderName()), or(frame.getModuleName()), or(frame.getModuleVersion()),
            frame.getClassName(), frame.getMethodName(), or(frame.getFileName()), Integer.toString(frame.getLineNumber()));
    }

    private static String or(String text) {
        return text == null ? "" : text;
    }

    static StackTraceElement frame(String text) {
        String[] p = text.split("\t", -1);
        if (p.length != 7) throw new JsonReader.Malformed("bad stack frame");
        return new StackTraceElement(none(p[0]), none(p[1]), none(p[2]), p[3], p[4], none(p[5]), Integer.parseInt(p[6]));
    }

    private static String none(String text) {
        return text.isEmpty() ? null : text;
    }
}

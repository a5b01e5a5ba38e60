package refactor.runtime;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Reads the values of one message. Knows a closed set of tags; a class name is only looked up, never run. */
final class Unmarshal {
    private static final int DEEPEST = 1000;

    final Host host;
    final JsonReader in;
    /** Everything numbered so far, by number. */
    final List<Object> numbered;
    /** Arrays and builders of this message, in order: what a reply copies back. */
    List<Object> restored;
    /** What each array of primitives looked like on arrival, to leave unchanged ones out of the reply. */
    private List<Object> arrived;
    private int depth;

    Unmarshal(Host host, JsonReader in, List<Object> known) {
        this.host = host;
        this.in = in;
        this.numbered = known;
    }

    List<Object> values() {
        in.open('[');
        List<Object> values = new ArrayList<>(4);
        while (in.element()) values.add(value());
        return values;
    }

    Object value() {
        switch (in.peek()) {
            case '"': return in.string();
            case '{': break;
            case 't': case 'f': return in.bool();
            case 'n':
                in.nullValue();
                return null;
            default:
                long number = in.integer();
                if (number != (int) number) throw in.malformed("an untagged number is an int");
                return (int) number;
        }
        if (++depth > DEEPEST) throw in.malformed("nested too deeply");
        in.open('{');
        in.name("$");
        Object value = tagged(in.string());
        if (in.name() != null) throw in.malformed("unexpected member");
        depth--;
        return value;
    }

    private Object tagged(String tag) {
        switch (tag) {
            case "ref": return reference(true);
            case "long": in.name("v"); return in.integer();
            case "double": in.name("v"); return real();
            case "float": in.name("v"); return realFloat();
            case "char": in.name("v"); return in.string().charAt(0);
            case "short": in.name("v"); return (short) in.integer();
            case "byte": in.name("v"); return (byte) in.integer();
            case "same": return same();
            case "array": return array();
            case "enum": return enumConstant();
            case "class": in.name("v"); return classObject(in.string());
            case "value": return copy();
            case "thrown": return Thrown.read(this, host);
            case "immutable":
                in.name("of");
                String of = in.string();
                in.name("v");
                return ImmutableCollections.read(of, values());
            case "java.lang.StringBuilder": case "java.lang.StringBuffer": case "java.text.ParsePosition": case "java.text.FieldPosition":
            case "java.util.Date": case "java.sql.Date": case "java.sql.Time": case "java.sql.Timestamp":
                in.name("v");
                int at = reserve();
                Object restored = LibraryValues.readRestored(tag, this);
                numbered.set(at, restored);
                restored(restored, null);
                return restored;
            default:
                LibraryValues.Codec<?> codec = LibraryValues.find(tag);
                if (codec == null) throw in.malformed("unknown tag " + tag);
                in.name("v");
                return codec.read(this);
        }
    }

    /** The result of a constructor: the caller is the proxy, so none must be made here. */
    Ref created() {
        in.open('{');
        in.name("$");
        if (!in.string().equals("ref")) throw in.malformed("a constructor returns a reference");
        Object created = reference(false);
        if (in.name() != null) throw in.malformed("unexpected member");
        return (Ref) created;
    }

    private Object reference(boolean asProxy) {
        in.name("id");
        String id = in.string();
        in.name("class");
        String className = in.string();
        byte[] types = null;
        if (in.peek() == ',') {
            in.name("types");
            types = in.slice();
        }
        if (!id.startsWith(host.process) || id.charAt(host.process.length()) != '.') {
            if (id.startsWith(host.name)) {
                throw new ObjectLost("object " + className + " belonged to an earlier run of this process (now " + host.process + ")");
            }
            host.leases.start();
            Ref ref = host.imports.receive(id, className, types);
            return asProxy ? host.proxies.of(ref) : ref;
        }
        Object home = host.exports.find(id);
        if (home == null) throw new ObjectLost("object " + className + " is not known here (" + host.process + ") any more");
        return home;
    }

    private Object same() {
        in.name("v");
        int number = (int) in.integer();
        if (number < 0 || number >= numbered.size()) throw in.malformed("reference to a later value");
        return numbered.get(number);
    }

    int reserve() {
        numbered.add(null);
        return numbered.size() - 1;
    }

    private void restored(Object value, Object asArrived) {
        if (restored == null) {
            restored = new ArrayList<>(2);
            arrived = new ArrayList<>(2);
        }
        restored.add(value);
        arrived.add(asArrived);
    }

    private Object array() {
        in.name("of");
        Class<?> type = host.classes.need(in.string());
        in.name("v");
        int at = reserve();
        if (type == byte.class) return keepArray(at, Base64.getDecoder().decode(in.string()));
        if (type == char.class) return keepArray(at, in.string().toCharArray());
        Object array = Array.newInstance(type, in.count());
        numbered.set(at, array);
        restored(array, null);
        int slot = restored.size() - 1;
        fill(array);
        if (type.isPrimitive()) arrived.set(slot, clone(array));
        return array;
    }

    private Object keepArray(int at, Object array) {
        numbered.set(at, array);
        restored(array, clone(array));
        return array;
    }

    private static Object clone(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        System.arraycopy(array, 0, copy, 0, length);
        return copy;
    }

    /** Reads the elements into an array that is there already. */
    private void fill(Object array) {
        if (array instanceof byte[] bytes) {
            byte[] from = Base64.getDecoder().decode(in.string());
            System.arraycopy(from, 0, bytes, 0, bytes.length);
            return;
        }
        if (array instanceof char[] chars) {
            in.string().getChars(0, chars.length, chars, 0);
            return;
        }
        Class<?> type = array.getClass().getComponentType();
        in.open('[');
        for (int i = 0; in.element(); i++) {
            if (array instanceof int[] ints) ints[i] = (int) in.integer();
            else if (array instanceof Object[] objects) objects[i] = value();
            else Array.set(array, i, field(type));
        }
    }

    /** The reply's list of contents, put into what this process sent. */
    void copyBack(List<Object> sent) {
        in.open('[');
        for (int i = 0; in.element(); i++) {
            if (in.nullValue()) continue;
            Object target = sent.get(i);
            if (target.getClass().isArray()) fill(target);
            else LibraryValues.readContents(target, this);
        }
    }

    /** Writes the contents of everything that arrived in this message and may have changed since. */
    void writeBack(Marshal out) {
        out.out.name("copied").open('[');
        for (int i = 0; i < restored.size(); i++) {
            Object value = restored.get(i);
            if (arrived.get(i) != null && Arrays.deepEquals(new Object[] {arrived.get(i)}, new Object[] {value})) out.out.literal("null");
            else out.contents(value);
        }
        out.out.close(']');
    }

    private Class<?> classObject(String name) {
        if (in.peek() != ',') return host.classes.need(name);
        in.name("modifiers");
        int modifiers = (int) in.integer();
        in.name("types");
        List<String> types = texts();
        in.name("constants");
        return host.classes.needOrStandIn(name, modifiers, types, texts());
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        in.open('[');
        while (in.element()) texts.add(in.string());
        return texts;
    }

    private Object enumConstant() {
        in.name("class");
        Class<?> type = host.classes.need(in.string());
        in.name("v");
        String name = in.string();
        if (!type.isEnum()) throw in.malformed(type.getName() + " is no enum");
        for (Object constant : type.getEnumConstants()) if (((Enum<?>) constant).name().equals(name)) return constant;
        throw new UnsupportedValue("this process has no constant " + type.getName() + "." + name);
    }

    private Object copy() {
        in.name("class");
        String name = in.string();
        if (!host.manifest.values.contains(name)) throw new UnsupportedValue(name + " is not a value class of part " + host.manifest.part);
        Class<?> type = host.classes.need(name);
        in.name("id");
        String id = in.string();
        in.name("fields");
        int at = reserve();
        Object known = host.copies.find(id);
        if (type.isRecord()) {
            Object made = record(type);
            if (known == null) known = host.copies.keep(id, made);
            numbered.set(at, known);
            return known;
        }
        Shape shape = host.classes.shape(type);
        Object blank = Fields.blank(type);
        numbered.set(at, known == null ? blank : known);
        fields(blank, shape.fields);
        if (known == null) known = host.copies.keep(id, blank);
        numbered.set(at, known);
        return known;
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        in.open('{');
        int i = 0;
        for (String name; (name = in.name()) != null; i++) {
            if (i == values.length || !components[i].getName().equals(name)) throw in.malformed(type.getName() + " has another component than " + name);
            values[i] = field(components[i].getType());
        }
        if (i != values.length) throw in.malformed(type.getName() + ": components are missing");
        return Records.create(type, values);
    }

    void fields(Object into, Fields fields) {
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            Fields.Slot slot = fields == null ? null : fields.find(name);
            if (slot == null) in.skip();
            else slot.set(into, field(slot.type));
        }
    }

    private Object field(Class<?> type) {
        if (!type.isPrimitive()) return value();
        if (type == int.class) return (int) in.integer();
        if (type == long.class) return in.integer();
        if (type == double.class) return real();
        if (type == boolean.class) return in.bool();
        if (type == float.class) return realFloat();
        if (type == char.class) return in.string().charAt(0);
        if (type == short.class) return (short) in.integer();
        return (byte) in.integer();
    }

    private double real() {
        if (in.peek() != '"') return Double.parseDouble(in.number());
        String text = in.string();
        return text.startsWith("NaN:") ? Double.longBitsToDouble(Long.parseUnsignedLong(text.substring(4), 16)) : Double.parseDouble(text);
    }

    private float realFloat() {
        if (in.peek() != '"') return Float.parseFloat(in.number());
        String text = in.string();
        return text.startsWith("NaN:") ? Float.intBitsToFloat(Integer.parseUnsignedInt(text.substring(4), 16)) : Float.parseFloat(text);
    }

    /** Looks at the first number of a FieldPosition, which only its constructor can set. */
    int fieldOfPosition() {
        JsonReader ahead = new JsonReader(in.buffer(), in.position(), in.buffer().length - in.position());
        ahead.open('[');
        return (int) ahead.integer();
    }
}

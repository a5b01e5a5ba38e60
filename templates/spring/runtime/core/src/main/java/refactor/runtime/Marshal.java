package refactor.runtime;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes the values of one message to one destination. Objects that occur twice in a message are written once. */
final class Marshal {
    private final Host host;
    final JsonWriter out;
    private final String to;
    private final String what;
    private Map<Object, Integer> numbers;
    private int next;
    /** Arrays and builders in the order they were written; the reply brings their contents back in this order. */
    List<Object> restored;
    /** Everything numbered, by number; a reply may name these. */
    final List<Object> numbered;

    /** Ids that this message gives to its receiver. */
    private List<String> granted;

    /** `known`: what the message this one answers has numbered already. */
    Marshal(Host host, JsonWriter out, String to, String what, List<Object> known) {
        this.host = host;
        this.out = out;
        this.to = to;
        this.what = what;
        this.numbered = known;
        for (Object each : known) if (each != null) assign(each);
            else next++;
    }

    /** The message will never arrive: what it would have given was not given. */
    void takeBack() {
        if (granted != null) for (String id : granted) host.exports.release(id, to, 1);
        granted = null;
    }

    void value(Object value) {
        if (value == null) {
            out.literal("null");
            return;
        }
        if (value instanceof Shared shared) {
            reference(shared.value(), shared.shape(host));
            return;
        }
        Shape shape = host.classes.shape(value.getClass());
        switch (shape.kind) {
            case STRING: out.string((String) value); break;
            case INTEGER: out.number((Integer) value); break;
            case BOOLEAN: out.literal((Boolean) value ? "true" : "false"); break;
            case LONG: tag("long").number((Long) value).close('}'); break;
            case SHORT: tag("short").number((Short) value).close('}'); break;
            case BYTE: tag("byte").number((Byte) value).close('}'); break;
            case CHARACTER: tag("char").string(value.toString()).close('}'); break;
            case DOUBLE:
                tag("double");
                real((Double) value);
                out.close('}');
                break;
            case FLOAT:
                tag("float");
                real((Float) value);
                out.close('}');
                break;
            case CLASS: classObject((Class<?>) value); break;
            case ENUM:
                out.open('{').name("$").string("enum").name("class").string(((Enum<?>) value).getDeclaringClass().getName());
                out.name("v").string(((Enum<?>) value).name()).close('}');
                break;
            case LIBRARY_VALUE:
                out.open('{').name("$").string(shape.codec.name).name("v");
                shape.codec.write(value, this);
                out.close('}');
                break;
            case REFERENCE: case OPAQUE: reference(value, shape); break;
            case IMMUTABLE_COLLECTION:
                if (!ImmutableCollections.write(value, this)) reference(value, shape);
                break;
            case PINNED: throw UnsupportedValue.pinned(shape.type.getName(), what);
            case RESTORED:
                if (host.exports.isExported(value)) {
                    reference(value, host.classes.asReference(value.getClass()));
                    break;
                }
                if (!again(value)) identified(value, shape);
                break;
            default: if (!again(value)) identified(value, shape);
        }
    }

    /** The receiver may not have a class of the program: its kind, its supertypes and its constants let it make one that stands for it. */
    private void classObject(Class<?> type) {
        tag("class").string(type.getName());
        Class<?> element = type;
        while (element.isArray()) element = element.getComponentType();
        if (element.getClassLoader() != null && !element.isPrimitive()) {
            out.name("modifiers").number(element.getModifiers()).name("types").open('[');
            for (String each : host.classes.supertypes(element)) out.string(each);
            out.close(']').name("constants").open('[');
            if (element.isEnum()) for (Object each : element.getEnumConstants()) out.string(((Enum<?>) each).name());
            out.close(']');
        }
        out.close('}');
    }

    /** True when all of `value` travels by copy and nobody can tell. */
    boolean isByValue(Object value) {
        if (value == null) return true;
        switch (host.classes.shape(value.getClass()).kind) {
            case RESTORED: return value instanceof java.util.Date;
            case REFERENCE: case OPAQUE: case PINNED: case ARRAY: return false;
            case IMMUTABLE_COLLECTION: return ImmutableCollections.isByValue(value, this);
            case LIBRARY_VALUE: return !(value instanceof java.util.Optional<?> optional) || isByValue(optional.orElse(null));
            default: return true;
        }
    }

    private void identified(Object value, Shape shape) {
        assign(value);
        numbered.add(value);
        switch (shape.kind) {
            case ARRAY:
                restored(value);
                out.open('{').name("$").string("array").name("of").string(value.getClass().getComponentType().getName()).name("v");
                contents(value);
                out.close('}');
                break;
            case RESTORED:
                restored(value);
                tag(LibraryValues.restoredTag(value));
                LibraryValues.writeContents(value, this);
                out.close('}');
                break;
            case RECORD: record(value); break;
            case VALUE:
                out.open('{').name("$").string("value").name("class").string(shape.type.getName());
                out.name("id").string(host.copies.idOf(value));
                fields(value, shape.fields);
                out.close('}');
                break;
            case THROWABLE: Thrown.write((Throwable) value, shape, this, host); break;
            default: throw new IllegalStateException(shape.kind.toString());
        }
    }

    private void restored(Object value) {
        if (restored == null) restored = new ArrayList<>(2);
        restored.add(value);
    }

    /** Writes a back reference if the object was written before in this message. */
    private boolean again(Object value) {
        Integer number = numbers == null ? null : numbers.get(value);
        if (number == null) return false;
        tag("same").number(number).close('}');
        return true;
    }

    private void assign(Object value) {
        if (numbers == null) numbers = new IdentityHashMap<>();
        numbers.put(value, next++);
    }

    private void reference(Object value, Shape shape) {
        if (value instanceof Proxy proxy) {
            Ref ref = Ref.of(proxy);
            ref.bind(value);
            if (!ref.process().equals(to)) host.leases.handOff(proxy, to);
            out.open('{').name("$").string("ref").name("id").string(ref.id()).name("class").string(ref.className());
            if (ref.types() != null) out.name("types").raw(ref.types());
            out.close('}');
            return;
        }
        host.leases.start();
        String id = host.exports.grant(value, to);
        if (granted == null) granted = new ArrayList<>(2);
        granted.add(id);
        out.open('{').name("$").string("ref").name("id").string(id);
        out.raw(shape.tail);
    }

    private void record(Object value) {
        out.open('{').name("$").string("value").name("class").string(value.getClass().getName());
        out.name("id").string(host.copies.idOf(value)).name("fields").open('{');
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            out.key(component.getName());
            field(component.getType(), Records.get(component, value));
        }
        out.close('}').close('}');
    }

    void fields(Object value, Fields fields) {
        out.name("fields").open('{');
        for (Fields.Slot slot : fields.slots) {
            out.key(slot.name);
            field(slot.type, slot.get(value));
        }
        out.close('}');
    }

    /** A primitive field needs no tag: both sides know its type. */
    private void field(Class<?> type, Object value) {
        if (!type.isPrimitive()) value(value);
        else if (type == double.class) real((Double) value);
        else if (type == float.class) real((Float) value);
        else if (type == boolean.class) out.literal((Boolean) value ? "true" : "false");
        else if (type == char.class) out.string(value.toString());
        else out.number(((Number) value).longValue());
    }

    JsonWriter tag(String tag) {
        return out.open('{').name("$").string(tag).name("v");
    }

    private void real(double value) {
        if (value != value) {
            long bits = Double.doubleToRawLongBits(value);
            out.string(bits == 0x7ff8000000000000L ? "NaN" : "NaN:" + Long.toHexString(bits));
        } else if (Double.isInfinite(value)) {
            out.string(Double.toString(value));
        } else {
            out.literal(Double.toString(value));
        }
    }

    private void real(float value) {
        if (value != value) {
            int bits = Float.floatToRawIntBits(value);
            out.string(bits == 0x7fc00000 ? "NaN" : "NaN:" + Integer.toHexString(bits));
        } else if (Float.isInfinite(value)) {
            out.string(Float.toString(value));
        } else {
            out.literal(Float.toString(value));
        }
    }

    /** The elements of an array, or the contents of a builder. */
    void contents(Object value) {
        if (value instanceof byte[] bytes) {
            out.string(Base64.getEncoder().encodeToString(bytes));
        } else if (value instanceof char[] chars) {
            out.string(new String(chars));
        } else if (!value.getClass().isArray()) {
            LibraryValues.writeContents(value, this);
        } else {
            out.open('[');
            if (value instanceof int[] ints) {
                for (int each : ints) out.number(each);
            } else if (value instanceof Object[] objects) {
                for (Object each : objects) value(each);
            } else {
                Class<?> type = value.getClass().getComponentType();
                for (int i = 0, n = Array.getLength(value); i < n; i++) field(type, Array.get(value, i));
            }
            out.close(']');
        }
    }
}

package refactor.runtime;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the instance fields of a class, final ones included, and makes objects without running a constructor. */
final class Fields {
    private static final sun.misc.Unsafe UNSAFE = unsafe();

    /** One field with its place in the object. */
    static final class Slot {
        final String name;
        final Class<?> type;
        final long offset;

        Slot(String name, Class<?> type, long offset) {
            this.name = name;
            this.type = type;
            this.offset = offset;
        }

        Object get(Object from) {
            if (type == int.class) return UNSAFE.getInt(from, offset);
            if (type == long.class) return UNSAFE.getLong(from, offset);
            if (type == boolean.class) return UNSAFE.getBoolean(from, offset);
            if (type == double.class) return UNSAFE.getDouble(from, offset);
            if (type == float.class) return UNSAFE.getFloat(from, offset);
            if (type == char.class) return UNSAFE.getChar(from, offset);
            if (type == short.class) return UNSAFE.getShort(from, offset);
            if (type == byte.class) return UNSAFE.getByte(from, offset);
            return UNSAFE.getObject(from, offset);
        }

        void set(Object into, Object value) {
            if (type == int.class) UNSAFE.putInt(into, offset, (Integer) value);
            else if (type == long.class) UNSAFE.putLong(into, offset, (Long) value);
            else if (type == boolean.class) UNSAFE.putBoolean(into, offset, (Boolean) value);
            else if (type == double.class) UNSAFE.putDouble(into, offset, (Double) value);
            else if (type == float.class) UNSAFE.putFloat(into, offset, (Float) value);
            else if (type == char.class) UNSAFE.putChar(into, offset, (Character) value);
            else if (type == short.class) UNSAFE.putShort(into, offset, (Short) value);
            else if (type == byte.class) UNSAFE.putByte(into, offset, (Byte) value);
            else UNSAFE.putObject(into, offset, type.cast(value));
        }
    }

    final List<Slot> slots;
    private final Map<String, Slot> byName = new LinkedHashMap<>();

    private Fields(List<Slot> slots) {
        this.slots = slots;
        for (Slot slot : slots) byName.put(slot.name, slot);
    }

    /** The instance fields of `type` and its superclasses below `stop`. A shadowed name is qualified with its class. */
    static Fields of(Class<?> type, Class<?> stop) {
        List<Slot> slots = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (Class<?> at = type; at != null && at != stop && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) continue;
                String name = taken.contains(field.getName()) ? at.getName() + "." + field.getName() : field.getName();
                taken.add(name);
                slots.add(slot(name, field));
            }
        }
        return new Fields(slots);
    }

    /** One field of a class, by name. */
    static Slot slot(Class<?> type, String name) {
        try {
            return slot(name, type.getDeclaredField(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this Java has no field " + type.getName() + "." + name, e);
        }
    }

    @SuppressWarnings("deprecation") // reads the layout only; records, where it is refused, do not come here
    private static Slot slot(String name, Field field) {
        return new Slot(name, field.getType(), UNSAFE.objectFieldOffset(field));
    }

    /** The value of a static field of the platform. */
    @SuppressWarnings("deprecation") // the same, for the one static field that is needed
    static Object constant(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            return UNSAFE.getObject(UNSAFE.staticFieldBase(field), UNSAFE.staticFieldOffset(field));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this Java has no field " + type.getName() + "." + name, e);
        }
    }

    Slot find(String name) {
        return byName.get(name);
    }

    /** An object of exactly this class, all fields zero, no constructor run. */
    static Object blank(Class<?> type) {
        try {
            return UNSAFE.allocateInstance(type);
        } catch (InstantiationException e) {
            throw new UnsupportedValue("cannot create an object of " + type.getName(), e);
        }
    }

    private static sun.misc.Unsafe unsafe() {
        try {
            Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (sun.misc.Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

package refactor.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.Opcodes;
import org.apache.xbean.asm9.Type;
import org.apache.xbean.asm9.commons.GeneratorAdapter;
import org.apache.xbean.asm9.commons.Method;

/**
 * Classes that this process does not have, but whose class object, or whose exceptions, come here: each has the name, the kind and
 * the known supertypes of the original, the constants of an enumeration, and none of its code.
 *
 * before: {@code names.put(Book.class, "book")} in another part   after: the same key here, for every call that names it
 */
final class StandIns {
    static final String SAID = "said$";
    private static final Method SAY = Method.getMethod("String said(String[], int, String)");
    private static final Type STRINGS = Type.getType(String[].class);
    private static final Type STRING = Type.getType(String.class);
    /** What an exception says of itself, in the order in which it travels. */
    static final List<String> WORDS = List.of("getMessage", "getLocalizedMessage", "toString");
    private static final int KINDS = Modifier.PUBLIC | Modifier.FINAL | Modifier.INTERFACE | Modifier.ABSTRACT | 0x2000 | 0x4000;

    private final Host host;
    private final Set<Class<?>> made = ConcurrentHashMap.newKeySet();
    private final Below below;

    StandIns(Host host) {
        this.host = host;
        this.below = new Below(host.loader);
    }

    boolean contains(Class<?> type) {
        return made.contains(type);
    }

    /** A class of this name, or null where there can be none. `types`: its superclasses from the nearest up, then its interfaces. */
    synchronized Class<?> make(String name, int modifiers, List<String> types, List<String> constants) {
        Class<?> base = Object.class;
        List<Class<?>> interfaces = new java.util.ArrayList<>();
        for (String each : types) {
            Class<?> type = host.classes.load(each);
            if (type == null || Modifier.isFinal(type.getModifiers()) || type.isSealed()) continue;
            if (type.isInterface()) {
                if (interfaces.stream().noneMatch(type::isAssignableFrom)) interfaces.add(type);
            } else if (base == Object.class) {
                base = type;
            }
        }
        Class<?> extended = base;
        interfaces.removeIf(each -> each.isAssignableFrom(extended));
        int dollar = name.lastIndexOf('$');
        Class<?> outer = dollar > 0 ? host.classes.needOrStandIn(name.substring(0, dollar), Modifier.PUBLIC, List.of(), List.of()) : null;
        Class<?> neighbour = outer == null || contains(outer) && outer.getClassLoader() == below ? null : outer;
        try {
            byte[] code = code(name, modifiers & KINDS, base, interfaces, constants);
            Class<?> found = neighbour == null ? below.define(name, code)
                : MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(code);
            made.add(found);
            return found;
        } catch (LinkageError | IllegalAccessException | RuntimeException e) {
            return null;
        }
    }

    private static byte[] code(String name, int modifiers, Class<?> base, List<Class<?>> interfaces, List<String> constants) {
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        boolean isEnum = base == Enum.class;
        boolean isInterface = Modifier.isInterface(modifiers);
        int access = isEnum ? modifiers & ~Modifier.ABSTRACT : isInterface ? modifiers : modifiers & ~Modifier.FINAL | Opcodes.ACC_SUPER;
        Type self = Type.getObjectType(name.replace('.', '/'));
        out.visit(Opcodes.V17, access, self.getInternalName(), null, Type.getInternalName(isInterface ? Object.class : base),
            interfaces.stream().map(Type::getInternalName).toArray(String[]::new));
        nesting(out, name, modifiers);
        if (isEnum) constants(out, self, constants);
        else if (!isInterface) members(out, self, base);
        out.visitEnd();
        return out.toByteArray();
    }

    /**
     * An anonymous class has no simple name, the others have one. A member class says that it is a local one: the class around it, which
     * is a proxy or stands in itself, does not list it.
     */
    private static void nesting(ClassWriter out, String name, int modifiers) {
        int dollar = name.lastIndexOf('$');
        if (dollar <= 0 || dollar == name.length() - 1) return;
        String outer = name.substring(0, dollar).replace('.', '/');
        String rest = name.substring(dollar + 1).replaceFirst("^\\d+", "");
        out.visitInnerClass(name.replace('.', '/'), null, rest.isEmpty() ? null : rest, modifiers);
        out.visitOuterClass(outer, null, null);
    }

    private static void constants(ClassWriter out, Type self, List<String> constants) {
        Type array = Type.getObjectType("[" + self.getDescriptor());
        Method make = Method.getMethod("void <init> (String, int)");
        GeneratorAdapter constructor = new GeneratorAdapter(Opcodes.ACC_PRIVATE, make, null, null, out);
        constructor.loadThis();
        constructor.loadArgs();
        constructor.invokeConstructor(Type.getType(Enum.class), make);
        constructor.returnValue();
        constructor.endMethod();
        out.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC, "$VALUES", array.getDescriptor(), null, null).visitEnd();
        GeneratorAdapter start = new GeneratorAdapter(Opcodes.ACC_STATIC, Method.getMethod("void <clinit> ()"), null, null, out);
        for (int i = 0; i < constants.size(); i++) {
            int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL | Opcodes.ACC_ENUM;
            out.visitField(access, constants.get(i), self.getDescriptor(), null, null).visitEnd();
            start.newInstance(self);
            start.dup();
            start.push(constants.get(i));
            start.push(i);
            start.invokeConstructor(self, make);
            start.putStatic(self, constants.get(i), self);
        }
        start.push(constants.size());
        start.newArray(self);
        for (int i = 0; i < constants.size(); i++) {
            start.dup();
            start.push(i);
            start.getStatic(self, constants.get(i), self);
            start.arrayStore(self);
        }
        start.putStatic(self, "$VALUES", array);
        start.returnValue();
        start.endMethod();
        GeneratorAdapter values = new GeneratorAdapter(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, new Method("values", array, new Type[0]), null, null, out);
        values.getStatic(self, "$VALUES", array);
        values.returnValue();
        values.endMethod();
    }

    /** An exception says what the original said when it left its process: {@code getMessage() { return Remote.said(said$, 0, super.getMessage()); }}. */
    private static void members(ClassWriter out, Type self, Class<?> base) {
        if (!Throwable.class.isAssignableFrom(base)) return;
        out.visitField(Opcodes.ACC_PUBLIC | Opcodes.ACC_TRANSIENT, SAID, STRINGS.getDescriptor(), null, null).visitEnd();
        for (int i = 0; i < WORDS.size(); i++) {
            Method word = new Method(WORDS.get(i), STRING, new Type[0]);
            GeneratorAdapter code = new GeneratorAdapter(Opcodes.ACC_PUBLIC, word, null, null, out);
            code.loadThis();
            code.getField(self, SAID, STRINGS);
            code.push(i);
            code.loadThis();
            code.visitMethodInsn(Opcodes.INVOKESPECIAL, Type.getInternalName(base), WORDS.get(i), word.getDescriptor(), false);
            code.invokeStatic(Type.getType(Remote.class), SAY);
            code.returnValue();
            code.endMethod();
        }
    }

    /** Sees all classes of this process; what it defines is found by nobody but through this table. */
    private static final class Below extends ClassLoader {
        Below(ClassLoader parent) {
            super(parent);
        }

        Class<?> define(String name, byte[] code) {
            return defineClass(name, code, 0, code.length);
        }
    }
}

package refactor.runtime;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.xbean.asm9.ClassWriter;
import org.apache.xbean.asm9.Opcodes;
import org.apache.xbean.asm9.Type;
import org.apache.xbean.asm9.commons.GeneratorAdapter;

/**
 * Writes the class of a dynamic proxy: a subclass whose methods hand themselves and their arguments to an {@link InvocationHandler}.
 *
 * <p>before: {@code protected abstract int add(long a) throws IOException;} after:
 * {@code protected int add(long a) throws IOException { return (Integer) handler$.invoke(this, methods$[3], new Object[] {a}); }}.
 * What the handler throws is thrown, checked or not. The code has no branch and so needs no stack frames.
 */
final class ProxyClassWriter {
    private static final String HANDLER = "handler$";
    private static final String METHODS = "methods$";
    private static final Type HANDLER_TYPE = Type.getType(InvocationHandler.class);
    private static final Type METHODS_TYPE = Type.getType(Method[].class);
    private static final Type OBJECT = Type.getType(Object.class);
    private static final org.apache.xbean.asm9.commons.Method INVOKE =
        org.apache.xbean.asm9.commons.Method.getMethod("Object invoke(Object, java.lang.reflect.Method, Object[])");
    /** Of a method's modifiers: who may call it, and what the compiler said of it. */
    private static final int KEPT = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED | Opcodes.ACC_VARARGS | Opcodes.ACC_BRIDGE | Opcodes.ACC_SYNTHETIC;

    private final String packageName;
    private final Type self;
    private final Class<?> base;
    private final Collection<Class<?>> interfaces;
    private final boolean generated;
    private final List<Method> methods = new ArrayList<>();

    /** A class of this name below `base`, which is the `generated` proxy of a class of the program or a library class. */
    ProxyClassWriter(String name, Class<?> base, Collection<Class<?>> interfaces, boolean generated) {
        this.packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        this.self = Type.getObjectType(name.replace('.', '/'));
        this.base = base;
        this.interfaces = interfaces;
        this.generated = generated;
        for (Method each : inherited().values()) if (isForwarded(each)) methods.add(each);
    }

    /** The class file. Of a generated proxy, the constructors are there to be called; otherwise there is none, as none may run. */
    byte[] code() {
        ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        out.visit(Opcodes.V17, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, self.getInternalName(), null, Type.getInternalName(base),
            names(interfaces.stream()));
        out.visitField(Opcodes.ACC_PUBLIC, HANDLER, HANDLER_TYPE.getDescriptor(), null, null).visitEnd();
        out.visitField(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, METHODS, METHODS_TYPE.getDescriptor(), null, null).visitEnd();
        if (generated) for (Constructor<?> each : base.getDeclaredConstructors()) if (isReachable(each.getModifiers(), base)) constructor(out, each);
        for (int i = 0; i < methods.size(); i++) method(out, i, methods.get(i));
        out.visitEnd();
        return out.toByteArray();
    }

    /** Tells the loaded class its methods; answers where its objects keep their handler. */
    Fields.Slot link(Class<?> made) {
        try {
            Field field = made.getDeclaredField(METHODS);
            field.setAccessible(true);
            field.set(null, methods.toArray(new Method[0]));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot finish the proxy class " + made.getName(), e);
        }
        return Fields.slot(made, HANDLER);
    }

    /** The instance methods of the class to be made, by name and descriptor, each as the virtual machine would choose it. */
    private Map<String, Method> inherited() {
        Map<String, Method> found = new LinkedHashMap<>();
        for (Class<?> at = base; at != null; at = at.getSuperclass()) {
            for (Method each : at.getDeclaredMethods()) if (isVirtual(each)) found.putIfAbsent(key(each), each);
        }
        for (Class<?> at = base; at != null; at = at.getSuperclass()) addAll(at.getInterfaces(), found);
        addAll(interfaces.toArray(new Class<?>[0]), found);
        return found;
    }

    private void addAll(Class<?>[] types, Map<String, Method> into) {
        for (Class<?> type : types) {
            for (Method each : type.getDeclaredMethods()) if (isVirtual(each)) into.merge(key(each), each, ProxyClassWriter::moreSpecific);
            addAll(type.getInterfaces(), into);
        }
    }

    /** A method of a class comes before one of an interface, unless it cannot implement it: interfaces are public. */
    private static Method moreSpecific(Method known, Method ofInterface) {
        boolean replaces = known.getDeclaringClass().isInterface()
            ? known.getDeclaringClass().isAssignableFrom(ofInterface.getDeclaringClass())
            : !Modifier.isPublic(known.getModifiers()) && !Modifier.isFinal(known.getModifiers());
        return replaces ? ofInterface : known;
    }

    private static String key(Method method) {
        return method.getName() + Type.getMethodDescriptor(method);
    }

    /** What compilers add for themselves is nobody's to call, but for bridges: they are how generic code calls. */
    private boolean isVirtual(Method method) {
        return !Modifier.isStatic(method.getModifiers()) && isReachable(method.getModifiers(), method.getDeclaringClass())
            && (!method.isSynthetic() || method.isBridge());
    }

    private boolean isReachable(int modifiers, Class<?> declaring) {
        if (Modifier.isPrivate(modifiers)) return false;
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers) || declaring.getPackageName().equals(packageName);
    }

    /**
     * A generated proxy calls its owner by itself; only what it leaves open is forwarded, and the bridges of interfaces lead there.
     * Of a library class everything is, bridges too: one that only widens who may call would run the library's own code.
     */
    private boolean isForwarded(Method method) {
        int modifiers = method.getModifiers();
        if (generated) return Modifier.isAbstract(modifiers) || method.isDefault() && !method.isBridge();
        if (Modifier.isFinal(modifiers) || key(method).equals("finalize()V")) return false;
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers) && method.getDeclaringClass() != Object.class;
    }

    private void constructor(ClassWriter out, Constructor<?> constructor) {
        org.apache.xbean.asm9.commons.Method of = org.apache.xbean.asm9.commons.Method.getMethod(constructor);
        GeneratorAdapter code = start(out, constructor.getModifiers(), of, constructor.getExceptionTypes());
        code.loadThis();
        code.loadArgs();
        code.invokeConstructor(Type.getType(base), of);
        code.returnValue();
        code.endMethod();
    }

    private void method(ClassWriter out, int number, Method method) {
        GeneratorAdapter code = start(out, method.getModifiers(), org.apache.xbean.asm9.commons.Method.getMethod(method), method.getExceptionTypes());
        code.loadThis();
        code.getField(self, HANDLER, HANDLER_TYPE);
        code.loadThis();
        code.getStatic(self, METHODS, METHODS_TYPE);
        code.push(number);
        code.arrayLoad(Type.getType(Method.class));
        arguments(code, method.getParameterTypes());
        code.invokeInterface(HANDLER_TYPE, INVOKE);
        result(code, method.getReturnType());
        code.endMethod();
    }

    private static GeneratorAdapter start(ClassWriter out, int modifiers, org.apache.xbean.asm9.commons.Method of, Class<?>[] thrown) {
        String[] exceptions = names(Stream.of(thrown));
        int access = modifiers & KEPT;
        GeneratorAdapter code = new GeneratorAdapter(out.visitMethod(access, of.getName(), of.getDescriptor(), null, exceptions), access, of.getName(), of.getDescriptor());
        code.visitCode();
        return code;
    }

    /** An array of the arguments, primitive ones in their wrappers; null if there are none. */
    private static void arguments(GeneratorAdapter code, Class<?>[] types) {
        if (types.length == 0) {
            code.visitInsn(Opcodes.ACONST_NULL);
            return;
        }
        code.push(types.length);
        code.newArray(OBJECT);
        for (int i = 0; i < types.length; i++) {
            code.dup();
            code.push(i);
            code.loadArg(i);
            code.valueOf(Type.getType(types[i]));
            code.arrayStore(OBJECT);
        }
    }

    /** Returns what is on the stack; the wrapper of a primitive type must be exactly its own. */
    private static void result(GeneratorAdapter code, Class<?> type) {
        if (type == void.class) {
            code.pop();
        } else if (type.isPrimitive()) {
            Type wrapper = Type.getType(MethodType.methodType(type).wrap().returnType());
            code.checkCast(wrapper);
            code.invokeVirtual(wrapper, new org.apache.xbean.asm9.commons.Method(type.getName() + "Value", "()" + Type.getDescriptor(type)));
        } else {
            code.checkCast(Type.getType(type));
        }
        code.returnValue();
    }

    private static String[] names(Stream<? extends Class<?>> types) {
        return types.map(Type::getInternalName).toArray(String[]::new);
    }
}

package refactor.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes proxy classes at run time for objects whose class has no generated proxy here: library objects, lambdas,
 * anonymous and private classes. The proxy extends the nearest superclass that it can stand in for and implements every
 * accessible interface of the original.
 */
final class DynamicProxies {
    private final Host host;
    private final AtomicLong names = new AtomicLong();

    DynamicProxies(Host host) {
        this.host = host;
    }

    /** A maker of proxies for objects of a class with these names: its own, its superclasses', its interfaces'. */
    Proxies.Maker maker(String part, List<String> names) {
        Class<?> base = Object.class;
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        List<Class<?>> known = new ArrayList<>();
        for (String name : names) {
            Class<?> type = host.classes.load(name);
            if (type == null) continue;
            known.add(type);
            if (type.isInterface()) {
                if (isImplementable(type)) interfaces.add(type);
            } else if (base == Object.class && isBase(type)) {
                base = type;
            }
        }
        known.add(Object.class);
        Forwarding forwarding = new Forwarding(host, part, names.get(0), known);
        boolean handle = interfaces.isEmpty();
        interfaces.add(Proxy.class);
        if (base == Object.class && !handle && !needsOwnClass(interfaces)) return standard(forwarding, interfaces);
        return subclass(forwarding, base, interfaces);
    }

    /**
     * The platform's proxy classes initialise the classes of their methods' parameters, which the program could see; and they stand in a
     * package of their own, from which a result or a declared exception that only its package may use cannot be named.
     */
    private boolean needsOwnClass(Set<Class<?>> interfaces) {
        for (Class<?> type : interfaces) {
            if (!host.manifest.isApp(type.getName())) continue;
            for (Method method : type.getMethods()) {
                for (Class<?> parameter : method.getParameterTypes()) {
                    Class<?> element = element(parameter);
                    if (!element.isInterface() && host.manifest.isApp(element.getName())) return true;
                }
                if (isHidden(method.getReturnType())) return true;
                for (Class<?> thrown : method.getExceptionTypes()) if (isHidden(thrown)) return true;
            }
        }
        return false;
    }

    private boolean isHidden(Class<?> type) {
        Class<?> element = element(type);
        return host.manifest.isApp(element.getName()) && !Modifier.isPublic(element.getModifiers());
    }

    private static Class<?> element(Class<?> type) {
        Class<?> at = type;
        while (at.isArray()) at = at.getComponentType();
        return at;
    }

    private Proxies.Maker standard(Forwarding forwarding, Set<Class<?>> interfaces) {
        Class<?>[] types = interfaces.toArray(new Class<?>[0]);
        return ref -> java.lang.reflect.Proxy.newProxyInstance(host.loader, types, forwarding.to(ref));
    }

    private Proxies.Maker subclass(Forwarding forwarding, Class<?> base, Set<Class<?>> interfaces) {
        boolean generated = Proxy.class.isAssignableFrom(base);
        interfaces.removeIf(each -> each.isAssignableFrom(base));
        Class<?> beside = base;
        if (base == Object.class) {
            // What the methods of the program's own interfaces mention may be visible in their package only.
            for (Class<?> each : interfaces) if (host.manifest.isApp(each.getName()) && (beside == base || !Modifier.isPublic(each.getModifiers()))) beside = each;
        }
        boolean inside = host.standIns.contains(base) || beside != base || !Modifier.isPublic(beside.getModifiers()) || generated;
        String packageName = inside ? beside.getPackageName() : "refactor.runtime.dynamic";
        String original = forwarding.className.substring(forwarding.className.lastIndexOf('.') + 1);
        String name = (packageName.isEmpty() ? "" : packageName + ".") + original + "$Remote" + names.incrementAndGet();
        ProxyClassWriter writer = new ProxyClassWriter(name, base, interfaces, generated);
        Class<?> made = inside ? beside(beside, writer.code()) : new Below(host.loader).define(name, writer.code());
        Fields.Slot handler = writer.link(made);
        // A generated proxy has a constructor for this; of a library class, no constructor may run.
        Proxies.Maker blank = generated ? Proxies.generated(made) : ref -> Fields.blank(made);
        return ref -> {
            Object proxy = blank.make(ref);
            handler.set(proxy, forwarding.to(ref));
            return proxy;
        };
    }

    /** In the package and the class loader of another class: what only its package may use is open there. */
    private static Class<?> beside(Class<?> neighbour, byte[] code) {
        try {
            return MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(code);
        } catch (IllegalAccessException e) {
            throw new UnsupportedValue("cannot make a proxy class beside " + neighbour.getName(), e);
        }
    }

    /** Sees all classes of this process; its one class is seen by nobody. */
    private static final class Below extends ClassLoader {
        Below(ClassLoader parent) {
            super(parent);
        }

        Class<?> define(String name, byte[] code) {
            return defineClass(name, code, 0, code.length);
        }
    }

    private boolean isImplementable(Class<?> type) {
        if (type.isSealed() || type.isAnnotation() || type == Proxy.class) return false;
        return LibraryTypes.isOpen(type) || host.manifest.interfaces.contains(type.getName());
    }

    /**
     * Can a subclass stand in for objects of this class? Not if something of it cannot be overridden: a final method or
     * a public field would silently show the empty proxy instead of the object.
     */
    private boolean isBase(Class<?> type) {
        int modifiers = type.getModifiers();
        if (Modifier.isFinal(modifiers) || type.isSealed() || type == Object.class || type == Record.class || type == Enum.class) return false;
        if (Proxy.class.isAssignableFrom(type)) return true;
        if (host.standIns.contains(type)) return true;
        if (!LibraryTypes.isOpen(type)) return false;
        if (host.library.row(type) != null) return true;
        for (Method method : type.getMethods()) {
            if (Modifier.isFinal(method.getModifiers()) && method.getDeclaringClass() != Object.class) return false;
        }
        for (Field field : type.getFields()) if (!Modifier.isStatic(field.getModifiers())) return false;
        return true;
    }
}

package refactor.runtime.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import refactor.runtime.Scopes;

/**
 * The persistence context that stays open while a web request is answered (an "open entity manager in view"): what the request calls
 * in other parts has one as well, for as long. By reflection, since most programs have neither JPA nor a transaction manager.
 */
final class PersistenceScope implements Scopes.Carrier {
    private static final String SYNCHRONIZATION = "org.springframework.transaction.support.TransactionSynchronizationManager";
    private static final String HOLDER = "org.springframework.orm.jpa.EntityManagerHolder";
    private static final List<PersistenceScope> ALL = new ArrayList<>();

    private final ApplicationContext context;
    private final Object factory;
    private final Class<?> holder;
    private final Method bound;
    private final Method bind;
    private final Method unbind;
    private final Method make;

    private PersistenceScope(ApplicationContext context, Object factory, Class<?> factoryType) throws ReflectiveOperationException {
        ClassLoader loader = context.getClassLoader();
        Class<?> synchronization = ClassUtils.forName(SYNCHRONIZATION, loader);
        this.context = context;
        this.factory = factory;
        holder = ClassUtils.forName(HOLDER, loader);
        bound = synchronization.getMethod("getResource", Object.class);
        bind = synchronization.getMethod("bindResource", Object.class, Object.class);
        unbind = synchronization.getMethod("unbindResource", Object.class);
        make = factoryType.getMethod("createEntityManager");
    }

    /** A container with exactly one factory of persistence contexts keeps them open from now on. */
    static synchronized void started(ApplicationContext context) {
        stopped(context);
        ClassLoader loader = context.getClassLoader();
        if (!ClassUtils.isPresent(HOLDER, loader) || !ClassUtils.isPresent(SYNCHRONIZATION, loader)) return;
        try {
            Class<?> type = factoryType(loader);
            String[] names = type == null ? new String[0] : context.getBeanNamesForType(type);
            if (names.length != 1) return;
            ALL.add(new PersistenceScope(context, context.getBean(names[0]), type));
            serve();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot keep persistence contexts open across parts", e);
        }
    }

    static synchronized void stopped(ApplicationContext context) {
        ALL.removeIf(scope -> scope.context == context);
        serve();
    }

    private static void serve() {
        Scopes.carriedBy(ALL.isEmpty() ? null : ALL.get(ALL.size() - 1));
    }

    private static Class<?> factoryType(ClassLoader loader) throws ClassNotFoundException {
        for (String name : new String[] {"jakarta.persistence.EntityManagerFactory", "javax.persistence.EntityManagerFactory"}) {
            if (ClassUtils.isPresent(name, loader)) return ClassUtils.forName(name, loader);
        }
        return null;
    }

    @Override
    public Object open() {
        return RequestContextHolder.getRequestAttributes() == null ? null : ReflectionUtils.invokeMethod(bound, null, factory);
    }

    @Override
    public void atEnd(Runnable end) {
        RequestAttributes request = RequestContextHolder.currentRequestAttributes();
        request.registerDestructionCallback(PersistenceScope.class.getName() + System.identityHashCode(end), end, RequestAttributes.SCOPE_REQUEST);
    }

    @Override
    public Object begin() {
        Object manager = ReflectionUtils.invokeMethod(make, factory);
        try {
            return holder.getConstructor(make.getReturnType()).newInstance(manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot hold a persistence context", e);
        }
    }

    @Override
    public Runnable enter(Object begun) {
        if (ReflectionUtils.invokeMethod(bound, null, factory) != null) return null;
        ReflectionUtils.invokeMethod(bind, null, factory, begun);
        return () -> ReflectionUtils.invokeMethod(unbind, null, factory);
    }

    @Override
    public void end(Object begun) {
        try {
            Object manager = holder.getMethod("getEntityManager").invoke(begun);
            make.getReturnType().getMethod("close").invoke(manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot close a persistence context", e);
        }
    }
}

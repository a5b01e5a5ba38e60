package refactor.runtime.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;
import refactor.runtime.Beans;
import refactor.runtime.Proxy;

/** Serves the beans of this process's container. A test process may have several containers: the newest one serves. */
final class LocalBeans implements ApplicationListener<ApplicationContextEvent>, Beans.Container {
    private static final LocalBeans SERVING = new LocalBeans();
    private static final long PATIENCE_MS = 60_000;

    private final List<ApplicationContext> started = new ArrayList<>();
    private BeanFactory starting;
    private Thread starter;

    private LocalBeans() {}

    static void register(BeanDefinitionRegistry registry) {
        String name = LocalBeans.class.getName();
        if (registry.containsBeanDefinition(name)) return;
        RootBeanDefinition definition = new RootBeanDefinition(LocalBeans.class, () -> SERVING);
        definition.setSynthetic(true);
        registry.registerBeanDefinition(name, definition);
        if (registry instanceof BeanFactory factory) SERVING.begin(factory);
    }

    private synchronized void begin(BeanFactory factory) {
        starting = factory;
        starter = Thread.currentThread();
        Beans.servedBy(this);
        Beans.starting(true);
    }

    @Override
    public void onApplicationEvent(ApplicationContextEvent event) {
        ApplicationContext context = event.getApplicationContext();
        synchronized (this) {
            if (event instanceof ContextClosedEvent) {
                started.remove(context);
                PersistenceScope.stopped(context);
            }
            if (!(event instanceof ContextRefreshedEvent)) return;
            started.remove(context);
            started.add(context);
            starting = null;
            starter = null;
            notifyAll();
        }
        Beans.starting(false);
        PersistenceScope.started(context);
        if (isFront(context)) {
            if (hasWeb(context)) Gateway.open(context);
            Beans.settle();
        } else {
            Thread settler = new Thread(LocalBeans::settleSoon, "refactor-beans");
            settler.setDaemon(true);
            settler.start();
        }
    }

    /** The generated Application sets this property: everything else is a test, or a program with a container. */
    private static boolean isFront(ApplicationContext context) {
        return !Boolean.parseBoolean(context.getEnvironment().getProperty("refactor.service", "false"));
    }

    private static boolean hasWeb(ApplicationContext context) {
        return ClassUtils.isPresent("org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping", context.getClassLoader())
            && context.containsBean("requestMappingHandlerMapping");
    }

    private static void settleSoon() {
        try {
            Beans.settle();
        } catch (RuntimeException e) {
            // The peer is still away: the first use looks the bean up again, and fails loudly if it must.
        }
    }

    @Override
    public Object find(String name) {
        return factory().getBean(name);
    }

    @Override
    public String routes() {
        BeanFactory factory = factory();
        return factory instanceof ApplicationContext context && hasWeb(context) ? Routes.of(context) : "";
    }

    /** Destroys every bean that is the program's own, or stands for one of another part. */
    static void retire() {
        List<ApplicationContext> all;
        synchronized (SERVING) {
            all = List.copyOf(SERVING.started);
            SERVING.started.clear();
        }
        for (ApplicationContext context : all) {
            if (context.getAutowireCapableBeanFactory() instanceof DefaultListableBeanFactory factory) {
                for (String name : factory.getSingletonNames()) {
                    Object bean = factory.getSingleton(name);
                    if (bean == null || !isProgram(bean)) continue;
                    factory.destroySingleton(name);
                    empty(bean);
                    Object target = AopProxyUtils.getSingletonTarget(bean);
                    if (target != null) empty(target);
                }
            }
        }
    }

    /** The framework's caches may know a destroyed bean for ever (a web handler's parameters do): then it knows nothing more. */
    private static void empty(Object bean) {
        for (Class<?> type = bean.getClass(); type != null && Beans.isOwn(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) continue;
                try {
                    field.setAccessible(true);
                    field.set(bean, null);
                } catch (IllegalAccessException | RuntimeException e) {
                    // A record or a lambda: what it holds stays, and is reported as left.
                }
            }
        }
    }

    private static boolean isProgram(Object bean) {
        return bean instanceof Proxy || Beans.isOwn(ClassUtils.getUserClass(bean));
    }

    /** The newest started container; inside the thread that starts one, that one. */
    private synchronized BeanFactory factory() {
        if (starting != null && starter == Thread.currentThread()) return starting;
        long end = System.currentTimeMillis() + PATIENCE_MS;
        while (started.isEmpty()) {
            long left = end - System.currentTimeMillis();
            if (left <= 0) throw new IllegalStateException("the container of this process did not start within " + PATIENCE_MS / 1000 + " s");
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the container starts", e);
            }
        }
        return started.get(started.size() - 1);
    }
}

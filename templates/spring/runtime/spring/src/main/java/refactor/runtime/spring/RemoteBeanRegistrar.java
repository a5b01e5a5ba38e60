package refactor.runtime.spring;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import refactor.runtime.Beans;

/**
 * Declares beans of other parts: the generated class names them, this makes bean definitions whose objects are proxies. A
 * proxy takes part in injection and in nothing else: no post-processor, initialiser or destroyer of this container sees it,
 * since its owner's container has done all that.
 */
public abstract class RemoteBeanRegistrar implements ImportBeanDefinitionRegistrar, EnvironmentAware, BeanClassLoaderAware {
    private Environment environment;
    private ClassLoader loader;
    private BeanDefinitionRegistry registry;

    /** Names every remote bean with {@link #bean}. */
    protected abstract void declare();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void setBeanClassLoader(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
        this.registry = registry;
        LocalBeans.register(registry);
        declare();
    }

    /** One bean: who has it, its name, the class that it is known by; ends with {@link Declaration#add}. */
    protected final Declaration bean(String part, String name, String type) {
        return new Declaration(part, name, type);
    }

    /** What a bean definition says of itself for the choice between several. */
    protected final class Declaration {
        private final String part;
        private final String name;
        private final RootBeanDefinition definition = new RootBeanDefinition();
        private final Class<?> type;
        private boolean active = true;
        private boolean shared = true;
        private String[] aliases = {};

        Declaration(String part, String name, String type) {
            this.part = part;
            this.name = name;
            this.type = ClassUtils.resolveClassName(type, loader);
            definition.setSynthetic(true);
            definition.setRole(AbstractBeanDefinition.ROLE_APPLICATION);
            definition.setAutowireCandidate(true);
        }

        public Declaration primary() {
            definition.setPrimary(true);
            return this;
        }

        public Declaration qualifier(String value) {
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, value));
            return this;
        }

        public Declaration order(int value) {
            definition.setAttribute("order", value);
            return this;
        }

        /** Only where one of these profiles is active, as at the owner. */
        public Declaration profile(String... profiles) {
            active &= environment.acceptsProfiles(Profiles.of(profiles));
            return this;
        }

        public Declaration alias(String... names) {
            aliases = names;
            return this;
        }

        /** Every injection point gets an object of its own. */
        public Declaration prototype() {
            shared = false;
            definition.setScope(AbstractBeanDefinition.SCOPE_PROTOTYPE);
            return this;
        }

        public void add() {
            if (!active || registry.containsBeanDefinition(name)) return;
            boolean late = Beans.canBeLate(type);
            definition.setBeanClass(type);
            definition.setInstanceSupplier(() -> late ? Beans.proxy(part, name, type) : Beans.value(part, name));
            definition.setLazyInit(!late);
            registry.registerBeanDefinition(name, definition);
            for (String alias : aliases) registry.registerAlias(name, alias);
            if (late && shared && registry instanceof ConfigurableListableBeanFactory factory) {
                factory.registerSingleton(name, Beans.proxy(part, name, type));
            }
        }
    }
}

"""Programs from Java text, against stand-ins for the annotations that the framework knowledge names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from refactor.frontend.java.files import JavaFile
from refactor.frontend.java.library import JavaLibrary
from refactor.frontend.java.program import load
from refactor.ir.program import Program
from refactor.ir.symbols import Origin

STUBS = {
    "org.springframework.stereotype.Component": 'public @interface Component { String value() default ""; }',
    "org.springframework.stereotype.Service": 'public @interface Service { String value() default ""; }',
    "org.springframework.web.bind.annotation.ControllerAdvice": "public @interface ControllerAdvice {}",
    "org.springframework.context.annotation.Configuration": "public @interface Configuration {}",
    "org.springframework.context.annotation.Bean": "public @interface Bean { String[] value() default {}; String[] name() default {}; }",
    "org.springframework.context.annotation.Primary": "public @interface Primary {}",
    "org.springframework.context.annotation.Profile": "public @interface Profile { String[] value(); }",
    "org.springframework.context.annotation.Scope": 'public @interface Scope { String value() default ""; }',
    "org.springframework.context.annotation.Import": "public @interface Import { Class<?>[] value(); }",
    "org.springframework.core.annotation.Order": "public @interface Order { int value(); }",
    "org.springframework.beans.factory.annotation.Autowired": "public @interface Autowired {}",
    "org.springframework.beans.factory.annotation.Qualifier": "public @interface Qualifier { String value(); }",
    "org.springframework.beans.factory.ObjectProvider": "public interface ObjectProvider<T> {}",
    "org.springframework.context.ApplicationContext":
        "public interface ApplicationContext { <T> T getBean(Class<T> type); Object getBean(String name);\n"
        "    void publishEvent(Object event); java.util.Map<String, Object> getBeansWithAnnotation(Class<?> mark); }",
    "org.springframework.context.support.GenericApplicationContext":
        "public class GenericApplicationContext { public <T> void registerBean(Class<T> type) {} }",
    "org.springframework.beans.factory.FactoryBean":
        "public interface FactoryBean<T> { T getObject(); default boolean isSingleton() { return true; } }",
    "org.springframework.beans.factory.annotation.Lookup": "public @interface Lookup {}",
    "org.springframework.beans.factory.annotation.Value": "public @interface Value { String value(); }",
    "org.springframework.context.annotation.Lazy": "public @interface Lazy {}",
    "org.springframework.context.annotation.Conditional": "public @interface Conditional { Class<?>[] value(); }",
    "org.springframework.boot.autoconfigure.condition.ConditionalOnProperty":
        '@org.springframework.context.annotation.Conditional(Object.class)\n'
        'public @interface ConditionalOnProperty { String[] name() default {}; String havingValue() default ""; }',
    "org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean":
        "@org.springframework.context.annotation.Conditional(Object.class) public @interface ConditionalOnMissingBean {}",
    "org.springframework.boot.CommandLineRunner": "public interface CommandLineRunner { void run(String... args); }",
    "org.springframework.context.event.EventListener":
        "public @interface EventListener { Class<?>[] value() default {}; Class<?>[] classes() default {}; }",
    "org.springframework.scheduling.annotation.Scheduled": "public @interface Scheduled {}",
    "org.springframework.stereotype.Controller": "public @interface Controller {}",
    "org.springframework.web.bind.annotation.RequestMapping": "public @interface RequestMapping { String[] value() default {}; }",
    "org.springframework.web.bind.annotation.GetMapping":
        "public @interface GetMapping { String[] value() default {}; String[] path() default {}; }",
    "org.springframework.test.web.servlet.MvcResult":
        "public interface MvcResult { Object getModelAndView(); String getResponse(); static MvcResult of(String path) { return null; } }",
    "org.springframework.web.servlet.HandlerInterceptor": "public interface HandlerInterceptor {}",
    "org.springframework.format.Formatter": "public interface Formatter<T> {}",
    "org.aspectj.lang.annotation.Aspect": "public @interface Aspect {}",
    "org.springframework.jdbc.core.JdbcTemplate": "public class JdbcTemplate { public int update(String sql) { return 0; } }",
    "lib.Starter": "public abstract class Starter { protected Starter() { System.getenv(); } }",
    "lib.Pool": "public final class Pool {}",
    "org.springframework.boot.autoconfigure.SpringBootApplication":
        "public @interface SpringBootApplication { String[] scanBasePackages() default {}; }",
    "org.springframework.boot.ApplicationRunner": "public interface ApplicationRunner { void run(Object args); }",
    "jakarta.annotation.PostConstruct": "public @interface PostConstruct {}",
    "org.springframework.boot.test.context.SpringBootTest": "public @interface SpringBootTest { Class<?>[] classes() default {}; }",
    "org.springframework.data.repository.Repository": "public interface Repository<T, I> {}",
    "org.springframework.data.repository.NoRepositoryBean": "public @interface NoRepositoryBean {}",
    "org.springframework.web.servlet.LocaleResolver": "public interface LocaleResolver {}",
    "org.junit.jupiter.api.Test": "public @interface Test {}",
    "org.mybatis.spring.annotation.MapperScan": "public @interface MapperScan { String[] value(); }",
    "org.springframework.boot.autoconfigure.EnableAutoConfiguration": "public @interface EnableAutoConfiguration {}",
    "org.springframework.context.annotation.ComponentScan": "public @interface ComponentScan { String[] value() default {}; }",
    "org.springframework.beans.factory.config.BeanPostProcessor":
        "public interface BeanPostProcessor { default Object postProcessAfterInitialization(Object bean, String name) { return bean; } }",
    "org.springframework.boot.jackson.JsonComponent":
        "@org.springframework.stereotype.Component public @interface JsonComponent {}",
    "org.springframework.scheduling.annotation.EnableAsync": "public @interface EnableAsync {}",
    "org.springframework.scheduling.annotation.Async": "public @interface Async {}",
    "org.springframework.boot.context.properties.ConfigurationProperties": "public @interface ConfigurationProperties { String value(); }",
    "org.springframework.boot.context.properties.ConfigurationPropertiesScan": "public @interface ConfigurationPropertiesScan {}",
    "org.springframework.web.servlet.config.annotation.WebMvcConfigurer":
        "public interface WebMvcConfigurer { default void add(java.util.List<Object> all) {} }",
    "org.springframework.core.annotation.AliasFor":
        'public @interface AliasFor { String value() default ""; String attribute() default "";\n'
        "    Class<?> annotation() default Object.class; }",
    "org.springframework.context.ApplicationEvent": "public class ApplicationEvent extends java.util.EventObject {\n"
        "    public ApplicationEvent(Object source) { super(source); } }",
    "org.springframework.context.ApplicationListener":
        "public interface ApplicationListener<E extends ApplicationEvent> { void onApplicationEvent(E event); }",
    "org.springframework.context.PayloadApplicationEvent":
        "public class PayloadApplicationEvent<T> extends ApplicationEvent { public PayloadApplicationEvent(T load) { super(load); } }",
    "org.springframework.context.ApplicationEventPublisher":
        "public interface ApplicationEventPublisher { void publishEvent(Object event); }",
    "org.springframework.data.domain.AbstractAggregateRoot":
        "public class AbstractAggregateRoot<A> { protected <T> T registerEvent(T event) { return event; } }",
    "org.springframework.cache.annotation.Cacheable":
        'public @interface Cacheable { String[] value() default {}; String[] cacheNames() default {}; String cacheResolver() default ""; }',
    "org.springframework.cache.annotation.CacheEvict":
        'public @interface CacheEvict { String[] value() default {}; String[] cacheNames() default {}; String key() default ""; }',
    "org.springframework.cache.annotation.Caching":
        "public @interface Caching { Cacheable[] cacheable() default {}; CacheEvict[] evict() default {}; }",
    "org.springframework.cache.annotation.CacheConfig": "public @interface CacheConfig { String[] cacheNames() default {}; }",
    "org.springframework.cache.CacheManager": "public interface CacheManager { Object getCache(String name); }",
    "javax.cache.annotation.CacheRemove": 'public @interface CacheRemove { String cacheName() default ""; }',
}  # fmt: skip


EMBEDDED = {"org.h2.Driver": "public class Driver {}"}


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> JavaLibrary:
    """The platform and the compiled stand-ins."""
    return JavaLibrary([compiled(tmp_path_factory.mktemp("spring"), STUBS)], 17)


def compiled(folder: Path, stubs: Mapping[str, str]) -> Path:
    """The folder with the classes of some stand-ins."""
    sources = []
    for name, text in stubs.items():
        package, _, simple = name.rpartition(".")
        path = folder / "src" / package.replace(".", "/") / f"{simple}.java"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"package {package};\n{text}\n", encoding="utf-8")
        sources.append(str(path))
    subprocess.run(["javac", "-proc:none", "-d", str(folder / "classes"), *sources], check=True, timeout=60)
    return folder / "classes"


Spring = Callable[..., Program]


@pytest.fixture
def spring(tmp_path: Path, library: JavaLibrary) -> Spring:
    """A Program from {"pkg.Name": declaration}; every annotation of the stand-ins is imported; `...Test` is a test."""

    def make(classes: Mapping[str, str], more: Mapping[str, str] | None = None) -> Program:
        """`more`: further stand-ins on the class path."""
        used = library if more is None else JavaLibrary([compiled(tmp_path / "lib", {**STUBS, **more})], 17)
        imports = "".join(f"import {name};\n" for name in (*STUBS, *(more or {})))
        files = []
        for name, text in classes.items():
            package, _, simple = name.rpartition(".")
            path = f"{package.replace('.', '/')}/{simple}.java"
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(f"package {package};\n{imports}import java.util.*;\n{text}\n", encoding="utf-8")
            files.append(JavaFile(path, tmp_path / path, "", Origin.TEST if simple.endswith("Test") else Origin.MAIN))
        program = load(tmp_path, files, used)
        assert not program.diagnostics, [d.render() for d in program.diagnostics]
        return program

    return make

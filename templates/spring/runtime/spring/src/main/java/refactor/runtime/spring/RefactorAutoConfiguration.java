package refactor.runtime.spring;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import refactor.runtime.Host;

/** Found by Boot through META-INF/spring: a web application with this jar serves its part. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import(RefactorController.class)
public class RefactorAutoConfiguration {
    @Bean
    public Host refactorHost() {
        return Host.get();
    }

    @Bean
    Draining refactorDraining(Host host, @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration most) {
        return new Draining(host, most);
    }

    @Bean
    ForwardedErrors refactorForwardedErrors() {
        return new ForwardedErrors();
    }

    /** With Tomcat, calls between parts are served before the application's own filters and context path. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.apache.catalina.valves.ValveBase")
    static class Tomcat {
        @Bean
        ServletContextInitializer refactorValve(Host host) {
            return context -> RefactorValve.install(context, host);
        }
    }
}

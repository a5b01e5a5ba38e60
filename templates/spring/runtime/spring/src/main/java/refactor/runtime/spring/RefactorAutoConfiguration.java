package refactor.runtime.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
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
    ForwardedErrors refactorForwardedErrors() {
        return new ForwardedErrors();
    }
}

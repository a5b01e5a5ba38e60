package refactor.runtime.spring;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.ConfigurableWebApplicationContext;
import refactor.runtime.Host;

/** Tells the runtime before any bean exists that Spring will serve this process, so that no embedded server is started. */
public class RefactorInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (context instanceof ConfigurableWebApplicationContext) Host.get().servedByContainer();
    }
}

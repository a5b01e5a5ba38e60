package refactor.runtime.spring;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import refactor.runtime.Host;

/**
 * Tells the runtime before any bean exists that Spring will serve this process, so that no embedded server is started.
 * A test's context with a mock web server, or a server on another port than the peers know, does not serve the process.
 */
public class RefactorInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (!hasWebServer(context.getClass())) return;
        Host host = Host.get();
        String port = context.getEnvironment().getProperty("server.port", "8080");
        if (host.configuredPort() == 0 || port.equals(Integer.toString(host.configuredPort()))) host.servedByContainer();
    }

    /** By name, because Boot 4 moved the class to another package. */
    private static boolean hasWebServer(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) if (at.getSimpleName().equals("ServletWebServerApplicationContext")) return true;
        return false;
    }
}

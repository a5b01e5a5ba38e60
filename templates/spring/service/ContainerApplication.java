package {{ package }};

{% if not by_main %}
import org.springframework.boot.SpringApplication;

{% endif %}
/**
 * Starts the service "{{ part }}" of {{ project }} as the monolith starts: its own application class scans, and finds the beans of the
 * classes that this part has, and the configuration that declares those of other parts.
 */
public class Application {
    public static void main(String[] args) throws Exception {
        setting("refactor.service", "true");
        setting("server.port", "{{ port }}");
        // Loopback unless the environment says otherwise: a service trusts whoever has the token.
        setting("server.address", "127.0.0.1");
        setting("server.tomcat.max-keep-alive-requests", "-1");
        // As many threads as connections: calls that wait for a lock must leave room for the one that gives it back.
        setting("server.tomcat.threads.max", "8192");
        // Tools of a developer's machine, which a packaged application does not have.
        setting("spring.devtools.restart.enabled", "false");
        setting("spring.docker.compose.enabled", "false");
{% if by_main %}
        {{ application }}.main(args);
{% else %}
        SpringApplication.run(Class.forName("{{ application }}"), args);
{% endif %}
    }

    /** What the environment and the command line say wins; the files of the monolith, which speak of one process, do not. */
    private static void setting(String name, String value) {
        String variable = name.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace("-", "");
        if (System.getProperty(name) == null && System.getenv(variable) == null) System.setProperty(name, value);
    }
}

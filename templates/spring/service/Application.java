package {{ package }};

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service "{{ part }}" of {{ project }}: its endpoints are registered by the runtime from refactor-manifest.json. */
@SpringBootApplication
public class Application {
    public static void main(String[] args) {
{% if quiet_logging %}
        // The monolith has no Boot logging; its own logging libraries stay in charge.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
{% endif %}
        SpringApplication.run(Application.class, args);
    }
}

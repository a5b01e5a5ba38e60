package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A service as it is emitted; the adapter on the class path does the rest. */
@SpringBootApplication
@RestController
public class Application {
    /** The raw path of the framework, to compare with. */
    @PostMapping("/raw")
    public byte[] raw(@RequestBody byte[] body) {
        return body;
    }

    public static ConfigurableApplicationContext start(int port) {
        SpringApplication application = new SpringApplication(Application.class);
        return application.run("--server.port=" + port, "--server.address=127.0.0.1", "--spring.main.banner-mode=off", "--logging.level.root=warn",
            "--server.tomcat.max-keep-alive-requests=-1");
    }
}

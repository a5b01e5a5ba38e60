package refactor.runtime.spring;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import refactor.runtime.Dispatcher;
import refactor.runtime.Host;

/** Hosts the dispatcher in Spring MVC. Bodies are read and written directly: the wire format is the runtime's, not Jackson's. */
@RestController
public class RefactorController {
    private final Host host;

    public RefactorController(Host host) {
        this.host = host;
    }

    @PostMapping("/api/{type}/{operation}")
    public void call(@PathVariable("type") String type, @PathVariable("operation") String operation, HttpServletRequest request,
            HttpServletResponse response) throws IOException {
        serve("/api/" + type + "/" + operation, request, response);
    }

    @GetMapping("/refactor/stats")
    public void stats(HttpServletRequest request, HttpServletResponse response) throws IOException {
        serve("/refactor/stats", request, response);
    }

    @PostMapping("/refactor/collect")
    public void collect(HttpServletRequest request, HttpServletResponse response) throws IOException {
        serve("/refactor/collect", request, response);
    }

    /**
     * Ends the program but not the process: the container drops the beans of the program, so that what only they hold is garbage.
     * For whoever counts what is left; nothing else is served afterwards.
     */
    @PostMapping("/refactor/retire")
    public void retire(HttpServletRequest request, HttpServletResponse response) throws IOException {
        host.dispatcher().serve("POST", "/refactor/collect", new Dispatcher.Exchange() {
            @Override
            public String header(String name) {
                return request.getHeader(name);
            }

            @Override
            public void answer(int status, byte[] bytes, int length) throws IOException {
                if (status == 200) LocalBeans.retire();
                send(response, status, bytes, length);
            }
        }, new byte[0], 0, 0);
    }

    /** For load balancers and start-up checks; says nothing but that the process serves. */
    @GetMapping("/refactor/health")
    public void health(HttpServletResponse response) throws IOException {
        byte[] body = ("{\"status\":\"up\",\"part\":\"" + host.part() + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        send(response, 200, body, body.length);
    }

    private void serve(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Dispatcher dispatcher = host.dispatcher();
        byte[] body = dispatcher.read(request.getHeader("authorization"), request.getInputStream(), request.getContentLengthLong());
        dispatcher.serve(request.getMethod(), path, new Dispatcher.Exchange() {
            @Override
            public String header(String name) {
                return request.getHeader(name);
            }

            @Override
            public void answer(int status, byte[] bytes, int length) throws IOException {
                send(response, status, bytes, length);
            }
        }, body);
    }

    /** Ends the response here and now: the thread may stay in a conversation long after its caller has the answer. */
    private static void send(HttpServletResponse response, int status, byte[] body, int length) throws IOException {
        response.setStatus(status);
        response.setContentType(status == 200 ? "application/json" : "application/problem+json");
        response.setContentLength(length);
        try (ServletOutputStream out = response.getOutputStream()) {
            out.write(body, 0, length);
        }
        response.flushBuffer();
    }
}

package refactor.runtime.spring;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import org.apache.catalina.Container;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import refactor.runtime.Dispatcher;
import refactor.runtime.Host;

/**
 * Serves calls between parts before Tomcat looks for the application: its context path, its filters and its security are
 * for its users. Only requests with this service's token are taken, so no path of the application is hidden from them.
 */
final class RefactorValve extends ValveBase {
    private final Host host;

    RefactorValve(Host host) {
        super(true);
        this.host = host;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String path = request.getDecodedRequestURI();
        if (path == null || !isOurs(request.getMethod(), path)) {
            getNext().invoke(request, response);
            return;
        }
        String authorization = request.getHeader("authorization");
        if (!host.dispatcher().isTrusted(authorization)) {
            getNext().invoke(request, response);
            // Tomcat would read the rest of a refused body, however slowly it comes, to keep the connection.
            if (response.getStatus() == 401) request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            return;
        }
        boolean retires = path.equals("/refactor/retire");
        if (retires) LocalBeans.retire();
        byte[] body = host.dispatcher().read(authorization, request.getInputStream(), request.getContentLengthLong());
        host.dispatcher().serve(request.getMethod(), retires ? "/refactor/collect" : path, new Dispatcher.Exchange() {
            @Override
            public String header(String name) {
                return request.getHeader(name);
            }

            @Override
            public void answer(int status, byte[] bytes, int length) throws IOException {
                response.setStatus(status);
                response.setContentType(status == 200 ? "application/json" : "application/problem+json");
                response.setContentLength(length);
                try (OutputStream out = response.getOutputStream()) {
                    out.write(bytes, 0, length);
                }
                response.finishResponse();
            }
        }, body);
    }

    /** Puts one in front of every application of the Tomcat that runs this servlet context. */
    static void install(ServletContext context, Host host) throws ServletException {
        try {
            Object at = context;
            while (at != null && !(at instanceof Container)) at = inner(at);
            if (at instanceof Container container && container.getParent() != null) container.getParent().getPipeline().addValve(new RefactorValve(host));
        } catch (ReflectiveOperationException e) {
            throw new ServletException("cannot reach the Tomcat behind " + context.getClass(), e);
        }
    }

    /** A facade of Tomcat's keeps what it hides in a field called context. */
    private static Object inner(Object facade) throws ReflectiveOperationException {
        for (Class<?> type = facade.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!field.getName().equals("context")) continue;
                field.setAccessible(true);
                return field.get(facade);
            }
        }
        return null;
    }

    private static boolean isOurs(String method, String path) {
        return method.equals("POST") && path.startsWith("/api/") || path.equals("/refactor/stats")
            || method.equals("POST") && (path.equals("/refactor/collect") || path.equals("/refactor/retire"));
    }
}

package refactor.runtime.spring;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import refactor.runtime.Beans;

/**
 * The web handlers of the other parts, as handlers of this context that pass the request on: a process in front of the
 * services, or a test with a web context, reaches every path of the monolith.
 */
final class Gateway {
    /** Marks a request that was passed on, so that its owner reports errors without an error page. */
    static final String FORWARDED = "X-Refactor-Forwarded";
    /** What the owner would have said with sendError. */
    static final String ERROR = "X-Refactor-Error";
    private static final Set<String> HOP = Set.of("connection", "host", "content-length", "transfer-encoding", "keep-alive", "upgrade", "expect",
        "date", "http2-settings", "x-refactor-error");

    private final String part;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build();

    private Gateway(String part) {
        this.part = part;
    }

    /** Adds the handlers of every other part to those of `context`. */
    static void open(ApplicationContext context) {
        RequestMappingHandlerMapping mapping = Routes.mapping(context);
        Set<RequestMappingInfo> here = mapping.getHandlerMethods().keySet();
        java.lang.reflect.Method method = ReflectionUtils.findMethod(Gateway.class, "forward", HttpServletRequest.class, HttpServletResponse.class);
        for (String part : Beans.parts()) {
            Gateway gateway = new Gateway(part);
            for (String line : Beans.routes(part).split("\n")) {
                if (line.isEmpty()) continue;
                RequestMappingInfo info = Routes.parse(line, mapping.getBuilderConfiguration());
                if (!here.contains(info)) mapping.registerMapping(info, gateway, method);
            }
        }
    }

    /** Passes one request on and its answer back. */
    @ResponseBody
    public void forward(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        String query = request.getQueryString();
        String type = request.getContentType();
        String extra = parameters(request, query, body.length > 0 && isForm(type) ? new String(body, StandardCharsets.UTF_8) : "");
        if (!extra.isEmpty()) {
            if (body.length == 0 && Set.of("POST", "PUT", "PATCH").contains(request.getMethod()) && (type == null || isForm(type))) {
                body = extra.getBytes(StandardCharsets.UTF_8);
                type = "application/x-www-form-urlencoded;charset=UTF-8";
            } else {
                query = query == null || query.isEmpty() ? extra : query + "&" + extra;
            }
        }
        String address = Beans.address(part) + encoded(request.getRequestURI()) + (query == null || query.isEmpty() ? "" : "?" + query.replace(" ", "%20"));
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address)).method(request.getMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : Collections.list(request.getHeaderNames())) {
            if (HOP.contains(name.toLowerCase(Locale.ROOT)) || name.equalsIgnoreCase("content-type") || name.equalsIgnoreCase("cookie")) continue;
            for (String value : Collections.list(request.getHeaders(name))) builder.header(name, value);
        }
        if (type != null) builder.header("Content-Type", type);
        String cookies = cookies(request);
        if (!cookies.isEmpty()) builder.header("Cookie", cookies);
        builder.header(FORWARDED, "1");
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while part " + part + " answers", e);
        }
        String error = answer.headers().firstValue(ERROR).orElse(null);
        if (error != null) {
            String reason = java.net.URLDecoder.decode(error, StandardCharsets.UTF_8);
            if (reason.isEmpty()) response.sendError(answer.statusCode());
            else response.sendError(answer.statusCode(), reason);
            return;
        }
        response.setStatus(answer.statusCode());
        for (Map.Entry<String, List<String>> header : answer.headers().map().entrySet()) {
            if (!HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) for (String value : header.getValue()) response.addHeader(header.getKey(), value);
        }
        response.getOutputStream().write(answer.body());
        response.flushBuffer();
    }

    private static boolean isForm(String type) {
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
    }

    /** Parameters that stand neither in the query nor in the body: a test sets them directly. */
    private static String parameters(HttpServletRequest request, String query, String body) {
        Set<String> known = new java.util.HashSet<>();
        for (String pair : ((query == null ? "" : query) + "&" + body).split("&")) {
            known.add(java.net.URLDecoder.decode(pair.split("=", 2)[0], StandardCharsets.UTF_8));
        }
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (known.contains(parameter.getKey())) continue;
            for (String value : parameter.getValue()) {
                if (text.length() > 0) text.append('&');
                text.append(URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8)).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    private static String cookies(HttpServletRequest request) {
        StringBuilder text = new StringBuilder();
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) text.append(text.length() > 0 ? "; " : "").append(cookie.getName()).append('=').append(cookie.getValue());
        }
        return text.toString();
    }

    /** A path that may hold characters which a request line may not. */
    private static String encoded(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 255;
            if (c > 32 && c < 127 && "\"<>\\^`{|}".indexOf(c) < 0) out.write(c);
            else out.writeBytes(String.format("%%%02X", c).getBytes(StandardCharsets.US_ASCII));
        }
        return out.toString(StandardCharsets.US_ASCII);
    }
}

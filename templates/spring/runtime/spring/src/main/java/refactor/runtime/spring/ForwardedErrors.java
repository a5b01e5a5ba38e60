package refactor.runtime.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/** Errors of requests that a gateway passed on go back as they are: the error page is that of the process in front. */
final class ForwardedErrors extends OncePerRequestFilter implements Ordered {
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(Gateway.FORWARDED) == null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            @Override
            public void sendError(int status) throws IOException {
                sendError(status, "");
            }

            @Override
            public void sendError(int status, String message) throws IOException {
                resetBuffer();
                setStatus(status);
                setHeader(Gateway.ERROR, URLEncoder.encode(message == null ? "" : message, StandardCharsets.UTF_8));
                flushBuffer();
            }
        });
    }
}

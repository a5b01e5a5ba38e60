package refactor.runtime.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;
import refactor.runtime.Dispatcher;
import refactor.runtime.Host;
import shop.Application;

/** A Boot application serves its part; another process calls it and is called back. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SpringTest {
    private static int port;
    private static ConfigurableApplicationContext context;
    private static Driver driver;

    @BeforeAll
    static void start() throws Exception {
        port = Driver.freePort();
        System.setProperty("refactor.token", "secret");
        System.setProperty("refactor.peers", "orders=http://127.0.0.1:" + port);
        context = Application.start(port);
        driver = new Driver();
    }

    @AfterAll
    static void stop() throws Exception {
        driver.close();
        context.close();
    }

    private static HttpResponse<String> request(String method, String path, String token, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void callsCallBacksAndExceptionsWorkOverSpringMvc() throws Throwable {
        assertEquals("42 92 as told", driver.run("run"));
    }

    @Test
    void theTokenIsChecked() throws Exception {
        HttpResponse<String> refused = request("POST", "/api/shop.Order/new", "wrong", "{\"args\":[]}");
        assertEquals(401, refused.statusCode());
        assertEquals("application/problem+json", refused.headers().firstValue("content-type").orElse("").replaceAll(";.*", ""));
        assertEquals(200, request("POST", "/api/shop.Order/new", "secret", "{\"args\":[]}").statusCode());
        assertEquals(404, request("POST", "/api/shop.Order/none", "secret", "{\"args\":[]}").statusCode());
    }

    @Test
    void countersAreServed() throws Throwable {
        driver.run("run");
        HttpResponse<String> stats = request("GET", "/refactor/stats", "secret", "");
        assertEquals(200, stats.statusCode());
        assertTrue(stats.body().contains("\"shop.Order/add\":"), stats.body());
        assertTrue(request("GET", "/refactor/health", "", "").body().contains("\"part\":\"orders\""));
    }

    @Test
    void aStrangersBodyIsNotWaitedFor() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(("POST /api/shop.Order/new HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer guess\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"ar\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 401 "), answer);
        }
    }

    @Test
    void aServiceThatEndsWaitsForCallsInFlight() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Dispatcher dispatcher = Host.get().dispatcher();
        Thread call = new Thread(() -> {
            try {
                dispatcher.serve("GET", "/refactor/stats", new Dispatcher.Exchange() {
                    @Override
                    public String header(String name) {
                        return name.equals("authorization") ? "Bearer secret" : null;
                    }

                    @Override
                    public void answer(int status, byte[] body, int length) {
                        answering.countDown();
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                }, new byte[0]);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        call.start();
        answering.await();
        Draining draining = new Draining(Host.get(), Duration.ofSeconds(30));
        draining.start();
        Thread end = new Thread(draining::stop);
        end.start();
        end.join(300);
        assertTrue(end.isAlive(), "the call is still being answered");
        go.countDown();
        end.join(20_000);
        assertFalse(end.isAlive());
        call.join();
        assertTrue(draining.getPhase() > org.springframework.context.SmartLifecycle.DEFAULT_PHASE - 1024, "before Boot stops its web server");
    }
}

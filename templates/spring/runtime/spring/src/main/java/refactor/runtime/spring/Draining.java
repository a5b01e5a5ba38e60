package refactor.runtime.spring;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import refactor.runtime.Host;

/**
 * A service that ends finishes the calls of other parts first. Boot's own graceful shutdown does not see them: they are answered
 * before Tomcat looks for the application.
 */
final class Draining implements SmartLifecycle {
    private final Host host;
    private final long millis;
    private volatile boolean running;

    Draining(Host host, Duration most) {
        this.host = host;
        this.millis = most.toMillis();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            host.dispatcher().awaitIdle(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before Boot stops its web server (which is at 1024 below the default). */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}

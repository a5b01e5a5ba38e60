package refactor.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of this process that stand for threads of others. All calls of one thread of the program run on one thread here, as long
 * as that thread lives: a lock that one call takes is given back by the next one, and a thread-local keeps its value, as in the monolith.
 *
 * A thread of the server only hands a request over and waits for the first answer to it. So a call that is suspended, because it called
 * back, holds no thread and no connection of the server, however many there are.
 */
final class Workers {
    private static final byte[] END = "/api/_threads/end".getBytes(StandardCharsets.US_ASCII);

    private final Host host;
    private final Map<String, Worker> byStrand = new ConcurrentHashMap<>();
    /** The threads of this process that called another one. */
    private final Map<Thread, Strand> roots = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    Workers(Host host) {
        this.host = host;
    }

    /** What a call does; it has a thread for itself from the beginning to the end. */
    interface Job {
        void run(Worker on) throws IOException;
    }

    /** The running thread, which was not called from elsewhere. */
    Strand root() {
        return roots.computeIfAbsent(Thread.currentThread(), t -> new Strand(host.process + "-" + Long.toString(host.threads.incrementAndGet(), 36)));
    }

    /** Runs a call on the thread for `strand`; returns when the exchange has been answered. Null, or a thread that works: one of its own. */
    void run(String strand, String from, Answered exchange, Job job) throws IOException {
        Task task = new Task(job, exchange);
        Worker worker = strand == null ? null : byStrand.computeIfAbsent(strand, id -> new Worker(new Strand(id)));
        if (worker != null && from != null) worker.from.add(from);
        if (worker == null || !worker.offer(task)) new Worker(new Strand(strand == null ? host.process + "-" + host.nextRequest() : strand)).once(task);
        exchange.await();
    }

    /** Tells the processes in which a thread that has ended was, so that what stands for it there ends too. */
    void sweep() {
        Map<String, Set<String>> ended = new HashMap<>();
        roots.forEach((thread, strand) -> {
            if (thread.isAlive()) return;
            roots.remove(thread);
            for (String process : strand.told.keySet()) ended.computeIfAbsent(process, p -> new HashSet<>()).add(strand.id);
        });
        ended.forEach(this::tell);
    }

    private void tell(String process, Collection<String> strands) {
        try (JsonWriter out = JsonWriter.open()) {
            out.open('{').name("threads").open('[');
            strands.forEach(out::string);
            host.leases.later(host.peers.find(process), END, out.close(']').close('}').toBytes());
        } catch (RemoteFailure unknown) {
            // it has no address any more: its threads end when this process gives no sign of life
        }
    }

    /** `{"threads": [id, ..]}`: they have ended where they came from. */
    JsonWriter ended(JsonReader in) {
        in.open('{');
        for (String name; (name = in.name()) != null; ) {
            if (!name.equals("threads")) {
                in.skip();
                continue;
            }
            in.open('[');
            while (in.element()) end(byStrand.remove(in.string()));
        }
        return JsonWriter.open().open('{').name("done").literal("true").close('}');
    }

    private void end(Worker worker) {
        if (worker == null) return;
        for (String process : worker.strand.told.keySet()) tell(process, List.of(worker.strand.id));
        worker.end();
    }

    /** A process is gone: nobody else speaks for the threads that came from there. */
    void forget(String process) {
        byStrand.forEach((id, worker) -> {
            if (worker.from.remove(process) && worker.from.isEmpty() && byStrand.remove(id, worker)) end(worker);
        });
    }

    /** The processes that threads of this one went to: they want a sign of life. */
    Set<String> told() {
        Set<String> told = new HashSet<>();
        for (Strand strand : roots.values()) told.addAll(strand.told.keySet());
        for (Worker worker : byStrand.values()) told.addAll(worker.strand.told.keySet());
        return told;
    }

    /** The processes that threads here stand for. */
    Set<String> origins() {
        Set<String> origins = new HashSet<>();
        for (Worker worker : byStrand.values()) origins.addAll(worker.from);
        return origins;
    }

    int size() {
        return byStrand.size();
    }

    /** `ready`: whether its last answer is on its way, so that the caller may come back before its thread has come to rest. */
    private static final class Task {
        final Job job;
        final Answered exchange;
        boolean ready;

        Task(Job job, Answered exchange) {
            this.job = job;
            this.exchange = exchange;
        }
    }

    /** One thread, parked while nothing is to be done. */
    final class Worker {
        final Strand strand;
        final Set<String> from = ConcurrentHashMap.newKeySet();
        private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
        private Thread thread;
        private Task running;
        /** Whether it has given the last answer to the call that it runs, or runs none: the next one will not have to wait. */
        private volatile boolean ready = true;
        private volatile boolean ends;

        private Worker(Strand strand) {
            this.strand = strand;
        }

        /** False where it still runs a call that its caller has given up, or has ended. */
        private synchronized boolean offer(Task task) {
            if (!ready || ends) return false;
            ready = false;
            tasks.add(task);
            if (thread == null) start();
            else LockSupport.unpark(thread);
            return true;
        }

        private synchronized void once(Task task) {
            ready = false;
            tasks.add(task);
            ends = true;
            start();
        }

        private void start() {
            Thread starting = LoopbackServer.daemon(this::loop, "refactor-thread-" + names.incrementAndGet());
            starting.setContextClassLoader(host.loader);
            starting.start();
            thread = starting;
        }

        private synchronized void end() {
            ends = true;
            if (thread != null) LockSupport.unpark(thread);
        }

        private void loop() {
            while (true) {
                Task task = tasks.poll();
                if (task == null) {
                    if (ends) return;
                    LockSupport.park(this);
                    continue;
                }
                work(task);
                task = null; // what a call was given is garbage when it is over, also for a heap dump while this thread sleeps
            }
        }

        private void work(Task task) {
            Throwable failed = null;
            running = task;
            try {
                task.job.run(this);
            } catch (Throwable e) {
                failed = e;
            }
            answers();
            running = null;
            task.exchange.over(failed);
        }

        /** The last answer to the running call is about to leave. */
        void answers() {
            if (running.ready) return;
            running.ready = true;
            ready = true;
        }
    }

    /** An exchange that another thread answers than the one that received it. */
    static final class Answered implements Dispatcher.Exchange {
        private final Dispatcher.Exchange inner;
        private final Thread waits = Thread.currentThread();
        private Throwable failed;
        private volatile boolean over;

        Answered(Dispatcher.Exchange inner) {
            this.inner = inner;
        }

        @Override
        public String header(String name) {
            return inner.header(name);
        }

        @Override
        public void answer(int status, byte[] body, int length) throws IOException {
            Throwable problem = null;
            try {
                inner.answer(status, body, length);
            } catch (IOException | RuntimeException | Error e) {
                problem = e;
                throw e;
            } finally {
                over(problem);
            }
        }

        private void over(Throwable problem) {
            if (over) return;
            failed = problem;
            over = true;
            LockSupport.unpark(waits);
        }

        private void await() throws IOException {
            boolean interrupted = false;
            while (!over) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) waits.interrupt();
            if (failed instanceof IOException e) throw new IOException(e.getMessage(), e);
            if (failed != null) throw Thrown.sneaky(failed);
        }
    }
}

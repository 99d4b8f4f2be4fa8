package org.parle.djl.comm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what each rank does on a thread of its own. */
public final class Ranks {

    static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** What one rank does; it may throw. */
    @FunctionalInterface
    public interface Body {
        void run(Communicator communicator) throws Exception;
    }

    private Ranks() {}

    static List<Communicator> local(int size) {
        return local(size, TIMEOUT);
    }

    static List<Communicator> local(int size, Duration timeout) {
        return all(new LocalGroup(size, timeout), size);
    }

    /** Groups of so many processes, all in this JVM, connected by another group. */
    static List<Communicator> hybrid(int processes, int local) {
        LocalGroup outer = new LocalGroup(processes, TIMEOUT);
        List<Communicator> communicators = new ArrayList<>();
        for (int process = 0; process < processes; process++) {
            communicators.addAll(members(local, outer.communicator(process)));
        }
        return communicators;
    }

    /** The replicas of one process, connected with the others by a communicator of processes. */
    public static List<Communicator> members(int local, Communicator processes) {
        return all(new LocalGroup(local, processes, TIMEOUT), local);
    }

    private static List<Communicator> all(LocalGroup group, int size) {
        List<Communicator> communicators = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            communicators.add(group.communicator(i));
        }
        return communicators;
    }

    /** Runs a body on all ranks and rethrows the first rank's failure that was not another's. */
    public static void run(List<Communicator> communicators, Body body) {
        List<Throwable> failures = failures(communicators, body);
        for (Throwable failure : failures) {
            if (failure != null && !(failure instanceof CommunicationException)) {
                throw new AssertionError(failure.toString(), failure);
            }
        }
        for (Throwable failure : failures) {
            if (failure != null) {
                throw new AssertionError(failure.toString(), failure);
            }
        }
    }

    /** Runs a body on all ranks; gives what each threw, null where it ended well. */
    static List<Throwable> failures(List<Communicator> communicators, Body body) {
        ExecutorService threads = Executors.newFixedThreadPool(communicators.size());
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (Communicator communicator : communicators) {
                futures.add(
                        threads.submit(
                                () -> {
                                    try {
                                        body.run(communicator);
                                    } catch (Throwable e) {
                                        // before it leaves, or others only hear that it is gone
                                        communicator.abort(e);
                                        throw e;
                                    } finally {
                                        communicator.close();
                                    }
                                    return null;
                                }));
            }
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> future : futures) {
                failures.add(failure(future));
            }
            return failures;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Throwable failure(Future<?> future) {
        try {
            future.get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("a rank hangs", e);
        }
    }
}

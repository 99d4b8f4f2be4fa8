package org.parle.djl.training;

import org.parle.djl.comm.CommunicationException;
import org.parle.djl.comm.Permits;
import org.parle.djl.job.Failure;
import org.parle.djl.vector.GradientMode;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Runs the same work for each of a trainer's replicas at once, since they wait for one another: on
 * the caller's thread where there is one replica, else on a thread each. What fails on one ends the
 * waits of all others.
 */
final class DeviceThreads {

    private final int count;
    private final Failure failure;
    private final int body;
    private final ExecutorService executor;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    DeviceThreads(int count, Failure failure, int body) {
        this.count = count;
        this.failure = failure;
        this.body = body;
        executor = count == 1 ? null : Executors.newFixedThreadPool(count, this::thread);
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "device of replica " + body);
        thread.setDaemon(true);
        threads.add(thread);
        failure.join(thread);
        return thread;
    }

    /** Runs the work for 0 to count − 1, with gradient mode off; the first failure is thrown. */
    void each(IntConsumer work) {
        if (executor == null) {
            GradientMode.off(
                    () -> {
                        work.accept(0);
                    });
            return;
        }
        CountDownLatch ended = new CountDownLatch(count);
        AtomicReference<Throwable> first = new AtomicReference<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            executor.execute(
                    Permits.helping(
                            () -> {
                                try {
                                    GradientMode.off(
                                            () -> {
                                                work.accept(index);
                                            });
                                } catch (Throwable e) {
                                    first.compareAndSet(null, e);
                                    failure.fail(body, e);
                                } finally {
                                    ended.countDown();
                                }
                            }));
        }
        Permits.whileWaiting(() -> await(ended));
        Throwable thrown = first.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown;
        }
    }

    private void await(CountDownLatch ended) {
        try {
            if (!failure.await(ended)) {
                throw new CommunicationException(
                        "a device of replica " + body + " did not end within the time for it",
                        failure.cause().what());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommunicationException("interrupted while a step was under way", e);
        }
    }

    /** Ends the threads; returns false if one is stuck, and may still use what the work uses. */
    boolean stop() {
        if (executor == null) {
            return true;
        }
        executor.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            return executor.awaitTermination(Failure.CLOCK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            threads.forEach(failure::leave);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package org.parle.djl;

import org.parle.djl.comm.Permits;
import org.parle.djl.vector.GradientMode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * Runs the same work for each of a trainer's replicas at once, since they wait for one another: on
 * the caller's thread where there is one replica, else on a thread each.
 */
final class DeviceThreads implements AutoCloseable {

    private final int count;
    private final ExecutorService executor;

    DeviceThreads(int count) {
        this.count = count;
        executor =
                count == 1
                        ? null
                        : Executors.newFixedThreadPool(
                                count,
                                work -> {
                                    Thread thread = new Thread(work, "parle device");
                                    thread.setDaemon(true);
                                    return thread;
                                });
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
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            running.add(
                    executor.submit(
                            Permits.helping(
                                    () -> {
                                        GradientMode.off(
                                                () -> {
                                                    work.accept(index);
                                                });
                                    })));
        }
        Permits.whileWaiting(() -> join(running));
    }

    private static void join(List<Future<?>> running) {
        RuntimeException failure = null;
        for (Future<?> future : running) {
            try {
                future.get();
            } catch (ExecutionException e) {
                if (failure == null) {
                    failure =
                            e.getCause() instanceof RuntimeException
                                    ? (RuntimeException) e.getCause()
                                    : new IllegalStateException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a step was under way", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}

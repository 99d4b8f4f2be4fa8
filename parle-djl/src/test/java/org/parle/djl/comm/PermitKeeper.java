package org.parle.djl.comm;

import java.util.concurrent.CountDownLatch;

/** A thread that takes a permit, as soon as it gets one, and keeps it until told to end. */
final class PermitKeeper {

    private final Permits permits;
    private final CountDownLatch has = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread = new Thread(this::keep, "keeper");
    private RuntimeException failure;

    PermitKeeper(Permits permits) {
        this.permits = permits;
        thread.setDaemon(true);
    }

    private void keep() {
        try {
            permits.acquire();
            has.countDown();
            end.await();
            permits.release();
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns once it holds the permit. */
    PermitKeeper start() {
        thread.start();
        join(has);
        return this;
    }

    /** Returns once it waits for the permit. */
    PermitKeeper startAndQueue() {
        thread.start();
        // behind those who wait already: for the queue's lock a thread waits without a time
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return this;
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Returns what its wait for the permit ended with. */
    RuntimeException failure() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return failure;
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void end() {
        end.countDown();
    }
}

package org.parle.djl.comm;

import java.time.Duration;

/**
 * Work of this JVM that has been asked to end, or will be, when the JVM is told to: a transport
 * waits for it before it leaves the job. Any thread may call everything here.
 */
public final class Running implements AutoCloseable {

    private static int running;
    private boolean closed;

    private Running() {}

    /**
     * Notes that work has begun which a shutdown hook can stop.
     *
     * @return what has to be closed when it has ended
     */
    public static Running begin() {
        synchronized (Running.class) {
            running++;
        }
        return new Running();
    }

    /**
     * Waits until all such work has ended; an interrupt ends the wait.
     *
     * @param limit how long at the most
     * @return whether all has ended
     */
    public static boolean awaitEnd(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (Running.class) {
            long left = limit.toMillis();
            while (running > 0 && left > 0) {
                try {
                    Running.class.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                left = (end - System.nanoTime()) / 1_000_000;
            }
            return running == 0;
        }
    }

    /** Notes that the work has ended. */
    @Override
    public void close() {
        synchronized (Running.class) {
            if (!closed) {
                closed = true;
                running--;
                Running.class.notifyAll();
            }
        }
    }
}
